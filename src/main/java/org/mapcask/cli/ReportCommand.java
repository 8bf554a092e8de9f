package org.mapcask.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.StoreIoException;
import org.mapcask.lab.report.ReportHtml;
import org.mapcask.lab.report.ReportSvg;
import org.mapcask.lab.report.RunFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code report RUN…}: draws results folders. */
@Command(name = "report", description = "Draw results folders as one HTML page that needs nothing else.")
final class ReportCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(arity = "1..*", paramLabel = "RUN",
        description = "Results folders of bench, sweep or any script in bench/; several are drawn on top of "
            + "each other.")
    private List<Path> runs = new ArrayList<>();

    @Option(names = "--out", paramLabel = "FILE",
        description = "The page to write (default: report.html in the first folder).")
    private Path out;

    @Option(names = "--svg", paramLabel = "DIR", description = "Write the charts as SVG into this directory, too.")
    private Path svg;

    ReportCommand(final Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        final Path page = out == null ? runs.get(0).resolve("report.html") : out;
        try {
            final List<RunFolder> folders = new ArrayList<>();
            for (final Path run : runs) {
                folders.add(RunFolder.read(run));
            }
            write(page, ReportHtml.render(folders));
            if (svg != null) {
                Files.createDirectories(svg);
                for (final Map.Entry<String, String> chart : ReportSvg.render(folders).entrySet()) {
                    write(svg.resolve(chart.getKey()), chart.getValue());
                }
            }
        } catch (final IOException e) {
            throw new StoreIoException(ErrorText.what("the report cannot be written").where(page).found(e)
                .todo("check the folders and their permissions, or choose another file with --out"), e);
        }
        return ExitStatus.DONE;
    }

    private void write(final Path file, final String text) throws IOException {
        Files.writeString(file, text);
        terminal.line(file.toString());
    }
}
