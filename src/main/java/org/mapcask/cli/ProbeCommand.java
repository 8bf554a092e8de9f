package org.mapcask.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.InvalidArgumentException;
import org.mapcask.lab.host.Environment;
import org.mapcask.lab.probe.ProbeReport;
import org.mapcask.lab.probe.ProbeRun;
import org.mapcask.lab.probe.ProbeSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code probe DIR}: measures the disk of a directory. */
@Command(name = "probe",
    description = "Measure what this disk costs: each way to sync on each kind of file, first stores to pages, cold "
        + "reads; and say what to choose. Takes about a minute and 1 GiB in DIR, which is given back. Status 1 if the "
        + "disk gave back other bytes than were written.")
final class ProbeCommand implements Callable<Integer> {
    private static final double SECONDS_MIN = 0.01;
    private static final double SECONDS_MAX = 60;
    private static final double SECONDS_QUICK = 0.05;

    private final Terminal terminal;

    @Parameters(paramLabel = "DIR", description = "A directory on the file system to measure; has to be there.")
    private Path directory;

    @Option(names = "--seconds", paramLabel = "S", defaultValue = "" + ProbeSettings.SECONDS_DEFAULT,
        description = "Time of a cell: 0.01 to 60; ${DEFAULT-VALUE} by default.")
    private double seconds;

    @Option(names = "--quick", description = "Cells of " + SECONDS_QUICK + " s, for a first look: half a minute.")
    private boolean quick;

    @Mixin
    private ResultOptions output;

    ProbeCommand(final Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (!(seconds >= SECONDS_MIN && seconds <= SECONDS_MAX)) {
            throw new InvalidArgumentException(ErrorText.what("time of a cell is not allowed").where("--seconds")
                .expected(SECONDS_MIN + " to " + SECONDS_MAX).found(seconds).todo("give another number of seconds"));
        }
        if (!Files.isDirectory(directory)) {
            throw new InvalidArgumentException(ErrorText.what("there is no directory to probe").where(directory)
                .expected("a directory").found(Files.exists(directory) ? "a file" : "nothing")
                .todo("make it, on the file system that the store will be on"));
        }
        final String label = output.label("probe");
        try {
            return measured(quick ? SECONDS_QUICK : seconds, label);
        } catch (final IOException e) {
            throw FileErrors.of("the probe", directory, "", e);
        }
    }

    private int measured(final double cell, final String label) throws IOException {
        output.requireDirectories();
        final ProbeSettings settings = ProbeSettings.of(directory, cell);
        final Environment environment = Environment.capture(directory);
        final ProbeReport report;
        try (ProgressLine progress = terminal.progress()) {
            report = ProbeRun.measure(settings, progress);
        }
        final boolean passed = ProbeRun.write(report, settings, environment, output.results, label,
            Invocation.of("probe DATA_DIR --seconds " + cell), output.json, terminal.out());
        return passed ? ExitStatus.DONE : ExitStatus.NOT_FOUND;
    }
}
