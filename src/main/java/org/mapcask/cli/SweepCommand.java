package org.mapcask.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.StoreIoException;
import org.mapcask.lab.results.Json;
import org.mapcask.lab.run.ChildJob;
import org.mapcask.lab.sweep.Goal;
import org.mapcask.lab.sweep.Recommendation;
import org.mapcask.lab.sweep.SweepJob;
import org.mapcask.lab.sweep.SweepJobFile;
import org.mapcask.lab.sweep.SweepResult;
import org.mapcask.lab.sweep.SweepRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sweep JOB}: measures the settings that a job file names. */
@Command(name = "sweep", description = "Measure which setting of which knob wins on this host, and how sure that is.",
    footer = {"", "A job file names workloads, knobs and their values; bench/README.md describes it, and bench/jobs/ "
        + "has examples. Each setting is measured several times in random order, each time in a JVM of its own. "
        + "Interrupted, the same command goes on where it was. recommend makes an options file of the results, and "
        + "report draws them."})
final class SweepCommand implements Callable<Integer> {
    private static final String SUFFIX = "\\.properties$";

    private final Terminal terminal;

    @Parameters(paramLabel = "JOB", description = "The job file.")
    private Path file;

    @Mixin
    private ResultOptions.WithData output;

    @Option(names = "--max-hours", paramLabel = "N", defaultValue = "12",
        description = "Refuse a job that is estimated to take longer (default: ${DEFAULT-VALUE}).")
    private double hours;

    @Option(names = "--goal", paramLabel = "GOAL",
        description = "Also recommend, for latency, throughput, durability or footprint: write tuned.properties.")
    private String goalName;

    SweepCommand(final Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        final SweepJob job = SweepJobFile.read(file, hours);
        final Goal goal = goalName == null ? null : Goal.of(goalName);
        if (goal != null) {
            goal.require(job);
        }
        final String name = output.label(
            "sweep-" + file.getFileName().toString().replaceAll(SUFFIX, "").replaceAll("[^A-Za-z0-9._-]", "_"));
        final Thread reaper = new Thread(this::stopped);
        Runtime.getRuntime().addShutdownHook(reaper);
        try {
            output.requireDirectories();
            final Path shown = file.isAbsolute() ? file.getFileName() : file;
            final String command = Invocation.of("sweep " + Invocation.quoted(shown.toString()));
            final SweepRun run = SweepRun.open(job, output.data, output.results, name, command, ChildJob::run);
            terminal.say(run.plan());
            final boolean passed;
            try (ProgressLine progress = terminal.progress()) {
                passed = run.run(progress);
            }
            terminal.line(output.json ? Json.compact(run.report().summary()) : run.tables().table().strip());
            run.report().folder().failures().forEach(failure -> terminal.say("FAILED: " + failure));
            terminal.say("written to " + run.report().path());
            if (passed && goal != null) {
                final Recommendation recommendation = new Recommendation(
                    SweepResult.read(run.report().path()), goal, RecommendCommand.GAIN_MIN, false);
                terminal.say("written to " + RecommendCommand.write(recommendation, run.report().path(), null));
            }
            return passed ? ExitStatus.DONE : ExitStatus.NOT_FOUND;
        } catch (final IOException e) {
            throw FileErrors.of(
                "the sweep", output.results, "start the same command again: it goes on where it was", e);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreIoException(ErrorText.what("the sweep was interrupted").where(output.results)
                .todo("start the same command again: it goes on where it was"), e);
        } finally {
            removed(reaper);
        }
    }

    /** When this process is told to end: the JVM that measures does not outlive it, and the user learns what now. */
    private void stopped() {
        ProcessHandle.current().children().forEach(ProcessHandle::destroy);
        terminal.err().println();
        terminal.say("the sweep was interrupted; what was measured stays in " + output.results
            + ": start the same command again, and it goes on where it was");
    }

    private static void removed(final Thread reaper) {
        try {
            Runtime.getRuntime().removeShutdownHook(reaper);
        } catch (final IllegalStateException ignored) {
            // this process is ending: the hook is at work
        }
    }
}
