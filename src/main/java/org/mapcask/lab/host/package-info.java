/** What the machine is and what it did: environment, page cache, counters of process and device. */
package org.mapcask.lab.host;
