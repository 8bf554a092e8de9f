package org.mapcask.cli;

import java.util.concurrent.Callable;
import org.mapcask.Mapcask;
import org.mapcask.lab.results.Json;
import org.mapcask.merge.CompactResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code compact DIR}: gives back all dead space of a store. */
@Command(name = "compact", description = "Merge until no dead space is left that can be given back.")
final class CompactCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final StoreArguments store;

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    CompactCommand(final Terminal terminal) {
        this.terminal = terminal;
        this.store = new StoreArguments(terminal);
    }

    @Override
    public Integer call() {
        store.requireStore();
        final CompactResult result;
        try (Mapcask mapcask = store.openForWriting(); ProgressLine progress = terminal.progress()) {
            result = mapcask.merging().compact((done, total) -> progress.onProgress("compact", done, total));
        }
        if (json) {
            terminal.line(Json.compact(result.asMap()));
        } else {
            result.asMap().forEach((name, value) -> terminal.line(String.format("%-16s %s", name, value)));
        }
        return ExitStatus.DONE;
    }
}
