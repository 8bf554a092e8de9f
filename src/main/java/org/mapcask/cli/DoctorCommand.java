package org.mapcask.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.mapcask.lab.doctor.Doctor;
import org.mapcask.lab.doctor.DoctorReport;
import org.mapcask.lab.results.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code doctor [DIR]}: looks at the host, and changes nothing. */
@Command(name = "doctor",
    description = "Check this host for a store: file system, disk, memory, limits, processors, flags of the JVM. Reads "
        + "only; status 1 if a check failed.")
final class DoctorCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "DIR", arity = "0..1", defaultValue = ".",
        description = "Where the store is or will be; the working directory if left out.")
    private Path directory;

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    @Option(names = "--all", description = "Threshold and reason of every check, not only of those to look at.")
    private boolean all;

    DoctorCommand(final Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        final DoctorReport report = Doctor.examine(directory);
        terminal.line(json ? Json.compact(report.asMap()) : report.text(all).stripTrailing());
        return report.passed() ? ExitStatus.DONE : ExitStatus.NOT_FOUND;
    }
}
