package org.mapcask.lab.sweep;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.InvalidArgumentException;
import org.mapcask.errors.StoreIoException;
import org.mapcask.lab.host.HostFingerprint;
import org.mapcask.lab.results.DataDirectory;
import org.mapcask.lab.results.ResultFolder;
import org.mapcask.lab.results.RunReport;
import org.mapcask.lab.run.JobResult;
import org.mapcask.recovery.ProgressListener;

/**
 * Measures a sweep, cell by cell, and writes its results folder. What was interrupted goes on where it was: a cell that
 * is in the folder is not measured again. Used by one thread.
 */
public final class SweepRun {
    private static final int TIMEOUT_FACTOR = 20;
    private static final int TIMEOUT_MIN_S = 120;
    /** So many cells without figures in a row are no matter of the setting. */
    private static final int DEAD_MAX = 3;

    private final SweepJob job;
    private final Path data;
    private final SweepFolder folder;
    private final RunReport report;
    private final CellRunner runner;
    private final Map<Cell, JobResult> done;
    private final int resumed;
    private SweepReport written;

    private SweepRun(
        final SweepJob job, final Path data, final SweepFolder folder, final String command, final CellRunner runner)
        throws IOException {
        this.job = job;
        this.data = data;
        this.folder = folder;
        this.runner = runner;
        this.report = RunReport.begin(ResultFolder.resume(folder.path()), data, command);
        this.done = new LinkedHashMap<>(folder.done(job));
        // A cell without figures may be one that the interruption killed.
        done.values().removeIf(result -> result.metrics().isEmpty());
        this.resumed = done.size();
    }

    /**
     * Finds the folder in which this job was begun, or makes one.
     *
     * @param job     what to measure.
     * @param data    where stores are made.
     * @param results directory of all results.
     * @param label   end of the folder's name.
     * @param command what the user typed.
     * @param runner  measures one cell.
     * @throws IOException              if the folder cannot be made or read.
     * @throws InvalidArgumentException if it was begun on another host.
     */
    public static SweepRun open(
        final SweepJob job, final Path data, final Path results, final String label, final String command,
        final CellRunner runner) throws IOException {
        final HostFingerprint host = HostFingerprint.of(data);
        final Optional<Path> begun = SweepFolder.unfinished(results, label, job);
        final SweepFolder folder =
            new SweepFolder(begun.isPresent() ? begun.get() : SweepFolder.create(results, label, job, host));
        final List<String> differences = folder.host().differences(host);
        if (!differences.isEmpty()) {
            throw new InvalidArgumentException(ErrorText.what("the sweep was begun on another host")
                .where(folder.path()).expected("the same host in all of it").found(String.join("; ", differences))
                .todo("go on there, or begin anew with another --label"));
        }
        return new SweepRun(job, data, folder, command, runner);
    }

    /** Where it writes. */
    public Path folder() {
        return folder.path();
    }

    /** Measurements that were there already. */
    public int resumed() {
        return resumed;
    }

    /**
     * Measures what is missing, and writes the results.
     *
     * @param progress learns of each cell, and how much time is left; may be null.
     * @return whether no cell gave a wrong answer or none at all.
     * @throws IOException          if files cannot be written.
     * @throws InterruptedException if this thread was interrupted; what is done is kept.
     */
    public boolean run(final ProgressListener progress) throws IOException, InterruptedException {
        try (FileChannel channel = FileChannel.open(folder.path().resolve(SweepFolder.HOST_FILE),
            StandardOpenOption.WRITE); FileLock lock = lock(channel)) {
            if (lock == null) {
                throw new InvalidArgumentException(ErrorText.what("the sweep is running already")
                    .where(folder.path()).expected("one process for one sweep").found("another one has it")
                    .todo("wait for its end, or choose another --label"));
            }
            measure(progress);
            final SweepResult result = new SweepResult(job, done);
            result.failures().forEach(report.folder()::fail);
            written = new SweepReport(result);
            written.write(report.folder());
            return report.write(written.figures(), SweepReport.QUESTION, written.body());
        }
    }

    /** The tables, once it has been run. */
    public SweepReport tables() {
        return written;
    }

    /** Where the results are, why they failed, and the summary. */
    public RunReport report() {
        return report;
    }

    private static FileLock lock(final FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (final OverlappingFileLockException e) {
            return null;
        }
    }

    private void measure(final ProgressListener progress) throws IOException, InterruptedException {
        final List<Cell> order = job.order();
        final Path scratch = data.resolve("mapcask-sweep-" + folder.path().getFileName() + '-'
            + Integer.toHexString(folder.path().toAbsolutePath().normalize().toString().hashCode()));
        final long startNs = System.nanoTime();
        int dead = 0;
        try {
            for (final Cell cell : order) {
                if (done.containsKey(cell)) {
                    continue;
                }
                tell(progress, System.nanoTime() - startNs, order.size());
                final JobResult result = measure(cell, scratch);
                done.put(cell, result);
                dead = result.metrics().isEmpty() ? dead + 1 : 0;
                if (dead == DEAD_MAX) {
                    giveUp(cell, result);
                }
            }
            tell(progress, System.nanoTime() - startNs, order.size());
        } finally {
            DataDirectory.remove(scratch);
        }
    }

    private JobResult measure(final Cell cell, final Path scratch) throws IOException, InterruptedException {
        DataDirectory.remove(scratch);
        final Path output = Files.createDirectories(scratch.resolve("out"));
        final Path store = Files.createDirectories(scratch.resolve("data"));
        final long timeout = TIMEOUT_MIN_S + (long) (TIMEOUT_FACTOR * job.estimatedSecondsPerCell());
        final JobResult result = runner.run(job.job(cell), cell.id(), store, output,
            job.flags(job.settings().get(cell.setting())), timeout);
        folder.keep(cell, result, output);
        return result;
    }

    private void giveUp(final Cell last, final JobResult result) {
        throw new StoreIoException(ErrorText.what(DEAD_MAX + " measurements in a row gave nothing").where(last.id())
            .expected("figures").found(String.join("; ", result.failures()))
            .todo("repair it and start the same command again; what is done stays in " + folder.path()));
    }

    private void tell(final ProgressListener progress, final long elapsedNs, final int total) {
        if (progress != null) {
            final int now = done.size() - resumed;
            final double each = now == 0 ? job.estimatedSecondsPerCell() : elapsedNs / 1e9 / now;
            progress.onProgress("measuring, about " + SweepReport.time((total - done.size()) * each) + " left",
                done.size(), total);
        }
    }

    /** What will be done, in words: sizes, the time it takes, and whether it can show anything. */
    public String plan() {
        final StringBuilder out = new StringBuilder(String.format(Locale.ROOT,
            "%s × %s × %s = %s in random order (seed %d), about %s",
            SweepReport.count(job.settings().size(), "setting"), SweepReport.count(job.workloads().size(), "workload"),
            SweepReport.count(job.repeats(), "round"), SweepReport.count(job.order().size(), "measurement"), job.seed(),
            SweepReport.time(job.estimatedSeconds())));
        if (resumed > 0) {
            out.append("; ").append(resumed).append(" are done and stay");
        }
        final double level = Recommendation.level(job.comparisons() * job.workloads().size());
        final int needed = job.knobs().stream().mapToInt(knob -> Recommendation.repeatsNeeded(job, knob, level))
            .max().orElse(0);
        if (needed > job.repeats()) {
            out.append("; with so many comparisons recommend needs repeats=").append(needed)
                .append(" to see a difference in every knob, if it has to judge all workloads");
        }
        return out.toString();
    }
}
