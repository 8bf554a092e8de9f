package org.mapcask.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.mapcask.BackupReport;
import org.mapcask.Mapcask;
import org.mapcask.lab.results.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code backup DIR DEST}: makes a backup of a store that nobody has open. */
@Command(name = "backup",
    description = "Make a backup of a store that nobody has open: a store of its own, of hard links on the same file "
        + "system, else of copies. The store is opened for writing meanwhile.")
final class BackupCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final StoreArguments store;

    @Parameters(index = "1", paramLabel = "DEST",
        description = "Directory of the backup: must be empty, or not exist.")
    private Path destination;

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    BackupCommand(final Terminal terminal) {
        this.terminal = terminal;
        this.store = new StoreArguments(terminal);
    }

    @Override
    public Integer call() {
        final BackupReport report;
        try (Mapcask mapcask = store.openForWriting(); ProgressLine progress = terminal.progress()) {
            report = mapcask.backup(destination, progress);
        }
        terminal.line(json ? Json.compact(report.asMap()) : report.toString());
        return ExitStatus.DONE;
    }
}
