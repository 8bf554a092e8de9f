package org.mapcask.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.mapcask.Mapcask;
import org.mapcask.format.RecordDescriptor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
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

    @Option(names = "--ttl", paramLabel = "TIME", converter = TimeToLive.class,
        description = "Time to live, such as 500ms, 30s, 10m, 12h or 7d; after it the key is gone.")
    private Duration timeToLive;

    @Option(names = "--json", description = "One JSON object: the key, and the bytes of the value.")
    private boolean json;

    PutCommand(final Terminal terminal) {
        this.terminal = terminal;
        this.store = new StoreArguments(terminal);
    }

    @Override
    public Integer call() throws IOException {
        final byte[] bytes = "-".equals(value) ? standardInput() : Bytes.of(value);
        try (Mapcask mapcask = store.openOrCreate()) {
            if (timeToLive == null) {
                mapcask.put(Bytes.of(key), bytes);
            } else {
                mapcask.put(Bytes.of(key), bytes, timeToLive);
            }
            mapcask.sync();
        }
        if (json) {
            terminal.line(new JsonObject().text("key", key).number("valueLength", bytes.length).toString());
        }
        return ExitStatus.DONE;
    }

    /** No more than it takes to see that it is too long: it may have no end. */
    private byte[] standardInput() throws IOException {
        return terminal.in().readNBytes(RecordDescriptor.VALUE_LENGTH_MAX + 1);
    }
}
