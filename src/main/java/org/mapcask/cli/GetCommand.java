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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code get DIR KEY}: writes the bytes of a value, nothing added, to standard output or a file. */
@Command(name = "get", description = "Write the value of a key, byte for byte, to standard output.",
    footer = "%nWith --json a value that is not UTF-8 comes in Base64, as valueBase64; expiresAtMs, in milliseconds "
        + "since 1970, is there if the record has a time to live.")
final class GetCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    private final Terminal terminal;

    @Mixin
    private final StoreArguments store;

    @Parameters(index = "1", paramLabel = "KEY", description = "The key, text.")
    private String key;

    @Option(names = "--out", paramLabel = "FILE", description = "Write to this file instead.")
    private Path file;

    @Option(names = "--json", description = "One JSON object, also for a key that is not there.")
    private boolean json;

    GetCommand(final Terminal terminal) {
        this.terminal = terminal;
        this.store = new StoreArguments(terminal);
    }

    @Override
    public Integer call() {
        if (json && file != null) {
            throw new ParameterException(spec.commandLine(), "--json and --out exclude each other");
        }
        final byte[] value;
        final long expiresAtMs;
        try (Mapcask mapcask = store.openForReading()) {
            value = mapcask.get(Bytes.of(key));
            expiresAtMs = json ? mapcask.expiresAt(Bytes.of(key)) : Mapcask.NEVER;
        }
        if (json) {
            terminal.line(described(value, expiresAtMs).toString());
        }
        if (value == null) {
            terminal.say("no such key: " + key);
            return ExitStatus.NOT_FOUND;
        }
        if (json) {
            return ExitStatus.DONE;
        }
        if (file == null) {
            terminal.out().write(value, 0, value.length);
        } else {
            write(value);
        }
        return ExitStatus.DONE;
    }

    private JsonObject described(final byte[] value, final long expiresAtMs) {
        final JsonObject object = new JsonObject().text("key", key).flag("found", value != null);
        if (value == null) {
            return object;
        }
        Bytes.json(object, "value", value);
        return expiresAtMs > 0 && expiresAtMs != Mapcask.NEVER ? object.number("expiresAtMs", expiresAtMs) : object;
    }

    private void write(final byte[] value) {
        try {
            Files.write(file, value);
        } catch (final IOException e) {
            throw new StoreIoException(ErrorText.what("the value cannot be written").where(file)
                .expected("a file that can be written").found(e.toString()).todo("name another file"), e);
        }
    }
}
