package org.mapcask.cli;

import java.util.Arrays;
import java.util.concurrent.Callable;
import org.agrona.DirectBuffer;
import org.mapcask.Mapcask;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code scan DIR}: lists records, in no order. */
@Command(name = "scan", description = "List records in no particular order, one line each: key, tab, value.",
    footer = "%nBackslash, tab and line breaks are written \\\\ \\t \\n \\r, bytes that are no text \\xHH.%n"
        + "With --json a key or value that is not UTF-8 comes in Base64, as keyBase64 or valueBase64;%n"
        + "expiresAtMs, in milliseconds since 1970, is there if the record has a time to live.")
final class ScanCommand implements Callable<Integer> {
    /** After so many records a look whether anybody still reads the output; it flushes, so not at each. */
    private static final int OUTPUT_CHECK_RECORDS = 1024;

    @Spec
    private CommandSpec spec;

    private final Terminal terminal;

    @Mixin
    private final StoreArguments store;

    @Option(names = "--prefix", paramLabel = "P", defaultValue = "",
        description = "Only keys that begin with this text.")
    private String prefix;

    @Option(names = "--limit", paramLabel = "N", description = "Stop after so many records.")
    private long limit = Long.MAX_VALUE;

    @Option(names = "--keys", description = "Keys only.")
    private boolean keysOnly;

    @Option(names = "--json", description = "One JSON object a line.")
    private boolean json;

    private long printed;

    ScanCommand(final Terminal terminal) {
        this.terminal = terminal;
        this.store = new StoreArguments(terminal);
    }

    /** Ends an iteration early; carries no stack trace. */
    private static final class EnoughException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        EnoughException() {
            super(null, null, false, false);
        }
    }

    @Override
    public Integer call() {
        if (limit < 0) {
            throw new ParameterException(spec.commandLine(), "--limit must not be negative, found: " + limit);
        }
        try (Mapcask mapcask = store.openForReading()) {
            if (limit > 0) {
                scan(mapcask);
            }
        }
        return ExitStatus.DONE;
    }

    private void scan(final Mapcask mapcask) {
        final byte[] wanted = Bytes.of(prefix);
        final EnoughException enough = new EnoughException();
        try {
            mapcask.forEach((key, keyOffset, keyLength, value, valueOffset, valueLength) -> {
                final byte[] keyBytes = copy(key, keyOffset, keyLength);
                if (Arrays.mismatch(wanted, keyBytes) >= 0 && Arrays.mismatch(wanted, keyBytes) < wanted.length) {
                    return;
                }
                if (!print(mapcask, keyBytes, keysOnly ? null : copy(value, valueOffset, valueLength))) {
                    return;
                }
                printed++;
                if (printed >= limit || printed % OUTPUT_CHECK_RECORDS == 0 && terminal.out().checkError()) {
                    throw enough;
                }
            });
        } catch (final EnoughException e) {
            assert e == enough;
        }
    }

    /** False if the record expired just now. */
    private boolean print(final Mapcask mapcask, final byte[] key, final byte[] value) {
        if (json) {
            final JsonObject object = Bytes.json(new JsonObject(), "key", key);
            if (value != null) {
                Bytes.json(object, "value", value);
            }
            final long expiresAtMs = mapcask.expiresAt(key);
            if (expiresAtMs == Mapcask.NOT_FOUND) {
                return false;
            }
            terminal.line((expiresAtMs == Mapcask.NEVER ? object :
                object.number("expiresAtMs", expiresAtMs)).toString());
        } else {
            terminal.line(Bytes.escaped(key) + (value == null ? "" : '\t' + Bytes.escaped(value)));
        }
        return true;
    }

    private static byte[] copy(final DirectBuffer buffer, final int offset, final int length) {
        final byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        return bytes;
    }
}
