package org.mapcask.lab.probe;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.mapcask.lab.host.Environment;
import org.mapcask.lab.probe.ProbeCell.Part;
import org.mapcask.lab.results.HistogramFiles;
import org.mapcask.lab.results.RunReport;
import org.mapcask.lab.rig.HiccupMeter;
import org.mapcask.recovery.ProgressListener;

/** Makes a probe, whole, and writes its results folder. Stateless; one probe at a time gives figures worth reading. */
public final class ProbeRun {
    private static final long FLOOR_NS = TimeUnit.SECONDS.toNanos(2);
    private static final long FLOOR_LEAST_NS = TimeUnit.MILLISECONDS.toNanos(300);

    private ProbeRun() {
    }

    /**
     * Makes all cells. The files are gone when this returns, and also when the process is told to end meanwhile.
     *
     * @param settings what to probe.
     * @param progress is told of each cell.
     * @return what was found.
     * @throws IOException if the directory cannot be worked in.
     * @throws org.mapcask.errors.MapcaskException if there is no room.
     * @throws java.util.concurrent.CancellationException if the thread is interrupted.
     */
    public static ProbeReport measure(final ProbeSettings settings, final ProgressListener progress)
        throws IOException {
        try (ProbeWork work = new ProbeWork(settings, progress)) {
            work.plan(1L + SyncMatrix.cells() + FirstTouch.cells() + FolioCost.cells() + FileCost.cells()
                + ColdReads.cells());
            final List<ProbeCell> cells = new ArrayList<>();
            cells.add(floor(work));
            cells.addAll(new SyncMatrix(work).run());
            cells.addAll(new FirstTouch(work).run());
            cells.addAll(new FolioCost(work).run());
            cells.addAll(new FileCost(work).run());
            cells.addAll(new ColdReads(work).run());
            return new ProbeReport(List.copyOf(cells));
        }
    }

    private static ProbeCell floor(final ProbeWork work) {
        work.next("pauses of the host");
        final long durationNs = Math.max(FLOOR_LEAST_NS, Math.min(FLOOR_NS, 8 * work.settings().cellNs()));
        final long startMillis = System.currentTimeMillis();
        final long startNs = System.nanoTime();
        final HiccupMeter meter = HiccupMeter.start(startNs, durationNs);
        while (System.nanoTime() - startNs < durationNs) {
            LockSupport.parkNanos(durationNs - (System.nanoTime() - startNs));
        }
        return ProbeCell.measured(
            Part.FLOOR, "hiccup", "a thread that does nothing", meter.stop(startMillis), Map.of());
    }

    /**
     * Writes what was found into {@code results/<date>-<label>/}: table, {@code .hlog} of each part that was measured,
     * {@code summary.json}, {@code probe.properties}, environment.
     *
     * @param report   what was found.
     * @param settings it was made with.
     * @param before   the environment, as captured before it was made.
     * @param results  directory of all results.
     * @param label    end of the folder's name.
     * @param command  what the user typed.
     * @param json     whether {@code out} gets the summary in place of the table.
     * @param out      for the result.
     * @return whether all that was written was found as it was written.
     * @throws IOException if a file cannot be written.
     */
    public static boolean write(
        final ProbeReport report, final ProbeSettings settings, final Environment before, final Path results,
        final String label, final String command, final boolean json, final PrintStream out) throws IOException {
        final RunReport run = RunReport.begin(results, label, settings.directory(), command, before);
        if (report.wrong() > 0) {
            run.folder().fail(report.wrong() + " times what was read was not what was written");
        }
        for (final Part part : Part.values()) {
            final Map<String, List<Histogram>> histograms = report.histograms(part);
            if (!histograms.isEmpty()) {
                HistogramFiles.log(run.folder().path(), part.name().toLowerCase(Locale.ROOT), histograms);
            }
        }
        run.folder().write("probe.properties", report.choice().properties());
        final String table = report.toString();
        return run.finish(report.asMap(), "What do syncs, page faults and cold reads cost on this disk, without a "
            + "store? Cells of " + settings.cellNs() / 1e9 + " s.", table, table, json, out);
    }
}
