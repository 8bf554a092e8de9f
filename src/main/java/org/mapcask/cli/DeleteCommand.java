package org.mapcask.cli;

import java.util.concurrent.Callable;
import org.mapcask.Mapcask;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code delete DIR KEY}: takes a key out, durably. */
@Command(name = "delete", description = "Delete a key, durably. Status 1 if it was not there.")
final class DeleteCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final StoreArguments store;

    @Parameters(index = "1", paramLabel = "KEY", description = "The key, text.")
    private String key;

    DeleteCommand(final Terminal terminal) {
        this.terminal = terminal;
        this.store = new StoreArguments(terminal);
    }

    @Override
    public Integer call() {
        try (Mapcask mapcask = store.openForWriting()) {
            if (!mapcask.delete(Bytes.of(key))) {
                terminal.say("no such key: " + key);
                return ExitStatus.NOT_FOUND;
            }
            mapcask.sync();
        }
        return ExitStatus.DONE;
    }
}
