/**
 * Comparisons: the store beside bare logs, other methods and itself with another setting. The rig, the workloads, the
 * results folders and the charts are those of {@code org.mapcask.lab}.
 *
 * <p>Nothing here ships. The sources join the test scope, so the store cannot import them, and JMH stays out of the
 * jar.
 *
 * <pre>
 *   BenchMain ── BenchRun                                                    appends against reads, warm and cold
 *   GrowthBench ── GrowthRun ── BareLog                                      the floor: a log without an index
 *   DurableBench ── DurableRun ── DurableArm: BareWrite, Store, RawAppend    arms in turns; Rounds
 *   FlusherBench                                                             puts by writebackStep
 *   PartialWriteBench ── PartialWriteMain, PartialWriteCheck                 the process that is killed, and its judge
 *   SpaceBench                                                               disk use while merges run
 *   MergeLatencyBench                                                        gets and puts while merges run
 *   peers.PeersBench                                                         other stores, each in its own process
 * </pre>
 */
package org.mapcask.bench;
