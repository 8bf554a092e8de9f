package org.mapcask.lab.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.mapcask.Mapcask;
import org.mapcask.MapcaskOptions;
import org.mapcask.MapcaskStats;
import org.mapcask.dict.WordNet;
import org.mapcask.lab.chart.SpaceSampler;
import org.mapcask.lab.chart.SpaceSeries;
import org.mapcask.lab.host.WriteCounters;
import org.mapcask.lab.results.DataDirectory;
import org.mapcask.lab.rig.LatencyRig;
import org.mapcask.lab.rig.Measurement;
import org.mapcask.lab.rig.Workload;
import org.mapcask.lab.workload.Contents;
import org.mapcask.lab.workload.Disturbance;
import org.mapcask.lab.workload.FillWorkload;
import org.mapcask.lab.workload.OpenWorkload;
import org.mapcask.lab.workload.Permutation;
import org.mapcask.lab.workload.ReadWorkload;
import org.mapcask.lab.workload.Records;
import org.mapcask.lab.workload.ScanWorkload;
import org.mapcask.lab.workload.SyntheticSet;
import org.mapcask.lab.workload.UpdateWorkload;
import org.mapcask.lab.workload.WordSet;
import org.mapcask.recovery.ProgressListener;

/**
 * Measures one job in this JVM: makes a store in a directory of its own, loads it, warms up, measures, checks every
 * answer, reads the store back, and removes it. Used by one thread.
 */
public final class JobRunner {
    private static final int SAMPLE_MS = 20;

    private final Job job;
    private final Path data;
    private final Phases phases;
    private final Records records;
    private final List<String> failures = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final String tag;

    private Measurement measurement;
    private SpaceSeries space;
    private long spaceStartMillis;
    private WriteCounters written;
    private MapcaskStats stats;

    private JobRunner(final Job job, final String tag, final Path data, final ProgressListener progress) {
        this.job = job;
        this.tag = tag;
        this.data = data;
        this.phases = new Phases(progress);
        this.records = job.words() ? new WordSet(WordNet.newest())
            : new SyntheticSet(job.keys(), job.keyLength(), job.valueLength());
    }

    /**
     * Measures.
     *
     * @param job      what to do.
     * @param tag      name of the measurement, for instance {@link Job#tag()}.
     * @param data     where the store is made, in a directory that did not exist and that is removed.
     * @param progress learns of each phase; may be null.
     * @return what was measured; wrong answers and a missed rate are failures in it.
     * @throws IOException if the directory cannot be made or removed.
     */
    public static Outcome run(final Job job, final String tag, final Path data, final ProgressListener progress)
        throws IOException {
        final JobRunner runner = new JobRunner(job, tag, data, progress);
        try (runner.phases) {
            return runner.measure();
        }
    }

    private Outcome measure() throws IOException {
        final MapcaskOptions options = job.storeOptions();
        final Path directory = DataDirectory.fresh(data, "mapcask-lab-" + ProcessHandle.current().pid());
        try {
            switch (job.kind()) {
                case FILLSEQ, FILLRANDOM, FILLSYNC -> fill(directory, options);
                case OPEN -> open(directory, options);
                default -> inStore(directory, options);
            }
        } finally {
            DataDirectory.remove(directory);
        }
        check(measurement.wrong() == 0, measurement.wrong() + " wrong answers in " + tag);
        check(!measurement.missedRate(), String.format(Locale.ROOT, "%s" + JobResult.MISSED_RATE
            + " %,.0f/s asked, %,.0f/s achieved", tag, measurement.targetRate(), measurement.achievedRate()));
        return new Outcome(
            job, measurement, space, spaceStartMillis, Metrics.of(measurement, written, stats), failures, notes);
    }

    private void fill(final Path directory, final MapcaskOptions options) throws IOException {
        if (job.warmUpNs() > 0) {
            final Path scrap = directory.resolve("warm-up");
            try (Mapcask store = Mapcask.open(scrap, options)) {
                warmUp(newFill(store));
            }
            DataDirectory.remove(scrap);
        }
        try (Mapcask store = Mapcask.open(directory.resolve("store"), options)) {
            final FillWorkload workload = newFill(store);
            record(store, workload, records.count());
            phases.begin("reading back");
            final long count = workload.count();
            check(store.size() == count, "the store has " + store.size() + " keys after " + count + " new ones");
            final long wrong = workload.wrong();
            check(wrong == 0, wrong + " records were not there as they had been put");
        }
    }

    private FillWorkload newFill(final Mapcask store) {
        if (job.kind() != Job.Kind.FILLRANDOM) {
            return new FillWorkload(store, records, 0);
        }
        return new FillWorkload(store, records, 0, new Permutation(records.count(), job.seed())::at);
    }

    private void open(final Path directory, final MapcaskOptions options) {
        try (Mapcask store = Mapcask.open(directory, options)) {
            load(new Contents(store, records));
            stats = store.stats();
        }
        final OpenWorkload workload = new OpenWorkload(directory, options, records.count());
        warmUp(workload);
        final WriteCounters before = WriteCounters.now(directory);
        phases.timed("measuring " + tag, job.durationNs());
        measurement = LatencyRig.closed(tag, workload, 1, Long.MAX_VALUE, job.durationNs());
        written = WriteCounters.now(directory).minus(before);
    }

    private void inStore(final Path directory, final MapcaskOptions options) {
        try (Mapcask store = Mapcask.open(directory, options)) {
            final Contents contents = new Contents(store, records);
            load(contents);
            store.sync();
            final Workload workload = workload(contents);
            if (job.kind().isDisturbed()) {
                disturbed(contents, workload);
            } else {
                warmUp(workload);
                record(store, workload, Long.MAX_VALUE);
            }
            phases.begin("reading back");
            final long wrong = workload instanceof ScanWorkload scan ? scan.wrong() : contents.wrong();
            check(wrong == 0, wrong + " of " + records.count() + " keys had not the value that was put last");
        }
    }

    private void load(final Contents contents) {
        phases.begin("loading " + records.count() + " keys");
        contents.load(job.seed());
    }

    private Workload workload(final Contents contents) {
        final Mapcask store = contents.store();
        final long seed = job.seed() + 1;
        switch (job.kind()) {
            case READRANDOM:
                return ReadWorkload.uniform(store, records, records.count(), seed);
            case READHOT:
                return ReadWorkload.popular(store, records, seed);
            case OVERWRITE:
                return new UpdateWorkload(contents, seed);
            case SCAN:
                return new ScanWorkload(store, records);
            case READWHILEWRITING:
            case READWHILEMERGING:
                return ReadWorkload.disturbed(contents, seed);
            default:
                throw new IllegalStateException("no workload in a loaded store: " + job.kind());
        }
    }

    private void disturbed(final Contents contents, final Workload workload) {
        final boolean merging = job.kind() == Job.Kind.READWHILEMERGING;
        final long movedBefore = contents.store().merging().stats().movedBytes();
        final Disturbance disturbance =
            Disturbance.start(contents, job.writeRate(), merging, job.seed() + job.threads() + 2);
        try (disturbance) {
            warmUp(workload);
            record(contents.store(), workload, Long.MAX_VALUE);
        }
        final long moved = contents.store().merging().stats().movedBytes() - movedBefore;
        notes.add(String.format(Locale.ROOT, "%s: %,d puts beside it, of %,.0f/s asked; merges moved %.1f MB and ran "
            + "%s of the time", tag, disturbance.writes(), job.writeRate(), moved / 1e6,
            SpaceSeries.percent(space.mergingShare())));
        check(!merging || space.mergingShare() > 0, "no merge ran while " + tag + " was measured");
    }

    private void warmUp(final Workload workload) {
        if (job.warmUpNs() > 0) {
            phases.timed("warming up " + tag, job.warmUpNs());
            final Measurement unrecorded = LatencyRig.closed(
                tag + "-warm-up", workload, job.threads(), operationsMax(), job.warmUpNs());
            check(unrecorded.wrong() == 0, unrecorded.wrong() + " wrong answers in the warm-up of " + tag);
        }
    }

    private long operationsMax() {
        return job.kind().fills() ? records.count() : Long.MAX_VALUE;
    }

    private void record(final Mapcask store, final Workload workload, final long operationsMax) {
        final WriteCounters before = WriteCounters.now(store.directory());
        final int recordLength = records.keyLengthMax() + records.valueLengthMax();
        phases.timed("measuring " + tag, job.durationNs());
        spaceStartMillis = System.currentTimeMillis();
        final SpaceSampler sampler = SpaceSampler.start(store, SAMPLE_MS, recordLength, false);
        try {
            measurement = job.rate() > 0
                ? LatencyRig.open(tag, workload, job.threads(), job.rate(), job.durationNs(), operationsMax)
                : LatencyRig.closed(tag, workload, job.threads(), operationsMax, job.durationNs());
        } finally {
            space = sampler.stop();
        }
        written = WriteCounters.now(store.directory()).minus(before);
        stats = store.stats();
    }

    private void check(final boolean holds, final String otherwise) {
        if (!holds) {
            failures.add(otherwise);
        }
    }
}
