package org.mapcask.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.mapcask.Mapcask;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code put DIR KEY VALUE}: stores a value and makes it durable; makes the store if it is not there. */
@Command(name = "put", description = "Store a value under a key, durably. Makes the store if there is none.",
    footer = "%nA value that begins with a dash goes after --, as in: put DIR KEY -- -5")
final class PutCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final StoreArguments store;

    @Parameters(index = "1", paramLabel = "KEY", description = "The key, text.")
    private String key;

    @Parameters(index = "2", paramLabel = "VALUE",
        description = "The value, text; - reads it from standard input, any bytes.")
    private String value;

    PutCommand(final Terminal terminal) {
        this.terminal = terminal;
        this.store = new StoreArguments(terminal);
    }

    @Override
    public Integer call() throws IOException {
        final byte[] bytes = "-".equals(value) ? terminal.in().readAllBytes() : Bytes.of(value);
        try (Mapcask mapcask = store.openOrCreate()) {
            mapcask.put(Bytes.of(key), bytes);
            mapcask.sync();
        }
        return ExitStatus.DONE;
    }
}
