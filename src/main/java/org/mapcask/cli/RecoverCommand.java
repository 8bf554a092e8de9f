package org.mapcask.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.mapcask.Mapcask;
import org.mapcask.RecoverReport;
import org.mapcask.lab.results.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code recover DIR DEST}: copies what is sound of a damaged store into a new one. */
@Command(name = "recover",
    description = "Copy all that is sound of a store into a new one, and list what was left; status 3 if anything was. "
        + "The old store is not changed.")
final class RecoverCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final StoreArguments store;

    @Parameters(index = "1", paramLabel = "DEST",
        description = "Directory of the new store: must be empty, or not exist.")
    private Path destination;

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    RecoverCommand(final Terminal terminal) {
        this.terminal = terminal;
        this.store = new StoreArguments(terminal);
    }

    @Override
    public Integer call() {
        store.requireStore();
        final RecoverReport report;
        try (ProgressLine progress = terminal.progress()) {
            report = Mapcask.recover(store.directory(), destination, progress);
        }
        terminal.line(json ? Json.compact(report.asMap()) : report.toString());
        return report.sound() ? ExitStatus.DONE : ExitStatus.CORRUPTION;
    }
}
