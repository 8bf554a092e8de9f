package org.mapcask.cli;

import java.util.concurrent.Callable;
import org.mapcask.Mapcask;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code delete DIR KEY}: takes a key out, durably. */
@Command(name = "delete", description = "Delete a key, durably. Status 1 if it was not there.")
final class DeleteCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final StoreArguments store;

    @Parameters(index = "1", paramLabel = "KEY", description = "The key, text.")
    private String key;

    @Option(names = "--json", description = "One JSON object: the key, and whether it was there.")
    private boolean json;

    DeleteCommand(final Terminal terminal) {
        this.terminal = terminal;
        this.store = new StoreArguments(terminal);
    }

    @Override
    public Integer call() {
        final boolean deleted;
        try (Mapcask mapcask = store.openForWriting()) {
            deleted = mapcask.delete(Bytes.of(key));
            if (deleted) {
                mapcask.sync();
            }
        }
        if (json) {
            terminal.line(new JsonObject().text("key", key).flag("deleted", deleted).toString());
        }
        if (!deleted) {
            terminal.say("no such key: " + key);
            return ExitStatus.NOT_FOUND;
        }
        return ExitStatus.DONE;
    }
}
