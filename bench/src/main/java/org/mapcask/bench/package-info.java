/**
 * The lab: drives a store with LevelDB's workloads, records latency, and writes a results folder that another reader
 * can check.
 *
 * <p>Nothing here ships. The sources join the test scope, so the store cannot import them, and JMH stays out of the
 * jar.
 *
 * <pre>
 *   BenchMain ── BenchRun ──┬── Workload: FillSeq, ReadRandom, ReadHot      what is done, and the check of each answer
 *                           ├── LatencyRig ── IntervalRecorder               how it is timed: open loop, closed loop
 *                           ├── HiccupMeter, ProcessCounters, PageCache      what the host did meanwhile
 *                           └── ResultFolder ── HistogramFiles, PercentileChart, SummaryTable, Environment, Json
 *   GrowthBench ── GrowthRun ── BareLog                                      the floor: a log without an index
 *   DurableBench ── DurableRun ── DurableArm: BareWrite, Store, RawAppend    arms in turns; Rounds, WriteCounters
 *   FlusherBench                                                             puts by writebackStep
 *   PartialWriteBench ── PartialWriteMain, PartialWriteCheck                 the process that is killed, and its judge
 *   SpaceBench ── SpaceSampler ── SpaceSeries ── SpaceChart                  disk use while merges run
 *   MergeLatencyBench ── OverwriteWorkload                                   gets and puts while merges run
 * </pre>
 *
 * <p>Times are nanoseconds of {@link System#nanoTime()} unless a name says otherwise. <em>Response time</em> counts
 * from the moment at which an operation should have begun, <em>service time</em> from the moment at which it did
 * begin. A closed loop has only the latter.
 */
package org.mapcask.bench;
