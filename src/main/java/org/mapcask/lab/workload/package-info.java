/** LevelDB's workloads over synthetic records and over WordNet; each checks the answers that it gets. */
package org.mapcask.lab.workload;
