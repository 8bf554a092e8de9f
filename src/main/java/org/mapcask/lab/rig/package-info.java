/** Issues the operations of a workload, in an open or a closed loop, and records how long they take. */
package org.mapcask.lab.rig;
