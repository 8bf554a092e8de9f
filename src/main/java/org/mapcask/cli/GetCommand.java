package org.mapcask.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.mapcask.Mapcask;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.StoreIoException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code get DIR KEY}: writes the bytes of a value, nothing added, to standard output or a file. */
@Command(name = "get", description = "Write the value of a key, byte for byte, to standard output.")
final class GetCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final StoreArguments store;

    @Parameters(index = "1", paramLabel = "KEY", description = "The key, text.")
    private String key;

    @Option(names = "--out", paramLabel = "FILE", description = "Write to this file instead.")
    private Path file;

    GetCommand(final Terminal terminal) {
        this.terminal = terminal;
        this.store = new StoreArguments(terminal);
    }

    @Override
    public Integer call() {
        final byte[] value;
        try (Mapcask mapcask = store.openForReading()) {
            value = mapcask.get(Bytes.of(key));
        }
        if (value == null) {
            terminal.say("no such key: " + key);
            return ExitStatus.NOT_FOUND;
        }
        if (file == null) {
            terminal.out().write(value, 0, value.length);
        } else {
            write(value);
        }
        return ExitStatus.DONE;
    }

    private void write(final byte[] value) {
        try {
            Files.write(file, value);
        } catch (final IOException e) {
            throw new StoreIoException(ErrorText.what("the value cannot be written").where(file).found(e.toString())
                .todo("name another file"), e);
        }
    }
}
