package org.mapcask.crash;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.Mapcask;
import org.mapcask.MapcaskOptions;
import org.mapcask.support.ChildJvm;
import org.mapcask.support.Payload;

/** The process that is killed while it writes a value of 100 MB, again and again, each time a new version. */
final class LongValueMain {
    /** Length of the value. */
    static final int VALUE_LENGTH = 100_000_000;
    /** The only key. */
    static final DirectBuffer KEY = new UnsafeBuffer("a long value".getBytes(StandardCharsets.US_ASCII));

    private LongValueMain() {
    }

    /** Entry of the child: the directory, the ledger, the length of segments. */
    public static void main(final String[] arguments) throws IOException {
        final Ledger ledger = new Ledger(Path.of(arguments[1]), 1);
        final UnsafeBuffer value = new UnsafeBuffer(ByteBuffer.allocateDirect(VALUE_LENGTH));
        try (Mapcask store = Mapcask.open(Path.of(arguments[0]), options(Integer.parseInt(arguments[2])))) {
            while (true) {
                final long version = ledger.acknowledged(0) + 1;
                Payload.fill(value, 0, VALUE_LENGTH, 0, version);
                ledger.begin(0, version);
                ChildJvm.toParent("begin");
                store.put(KEY, 0, KEY.capacity(), value, 0, VALUE_LENGTH);
                ledger.acknowledge(0, version);
            }
        }
    }

    static MapcaskOptions options(final int segmentLength) {
        return MapcaskOptions.builder().segmentLength(segmentLength).build();
    }
}
