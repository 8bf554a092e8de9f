/**
 * The lab: drives a store with LevelDB's workloads, records latency, and writes results folders and reports that
 * another reader can check. It uses the façade, as any embedder does; the store knows nothing of it.
 *
 * <pre>
 *   rig        how operations are issued and timed: open loop, closed loop, hiccup baseline
 *   workload   what is done, and the check of each answer
 *   host       what the machine is, and what it did meanwhile: environment, page cache, counters
 *   results    the results folder and its files: histograms, tables, JSON
 *   chart      SVG charts
 *   run        one job, in this JVM or in one of its own; a results folder of several
 *   report     results folders read back, and drawn as one HTML page or as SVG
 *   doctor     is this host fit for a store? reads only
 *   probe      what syncs, page faults and cold reads cost on a disk, without a store
 *   knobs      every option explained
 *   sweep      many settings against each other, and what to recommend
 * </pre>
 *
 * <p>Times are nanoseconds of {@link System#nanoTime()} unless a name says otherwise. <em>Response time</em> counts
 * from the moment at which an operation should have begun, <em>service time</em> from the moment at which it did
 * begin. A closed loop has only the latter.
 */
package org.mapcask.lab;
