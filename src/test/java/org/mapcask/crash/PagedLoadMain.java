package org.mapcask.crash;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.mapcask.Mapcask;
import org.mapcask.MapcaskOptions;
import org.mapcask.merge.MergeStats;
import org.mapcask.support.ChildJvm;

/** A process that writes to a store whose keydir does not fit into its memory, until it is killed. */
final class PagedLoadMain {
    /** More than fit into 8 MiB. */
    static final int KEYS = 600_000;
    private static final int FAILED = 3;
    private static final int LOOK_EVERY = 1000;
    private static final int BEGUN = 0;
    private static final int ACKNOWLEDGED = Long.BYTES;

    private PagedLoadMain() {
    }

    static MapcaskOptions options(final boolean readOnly) {
        return MapcaskOptions.builder().segmentLength(4 << 20).keydirMemory(8 << 20).checkpointBytes(256 << 10)
            .hintBytes(4096).mergeIntervalMs(100).mergeMinSegments(2).mergeFragmentation(5).mergeSegmentDead(5)
            .readOnly(readOnly).build();
    }

    /** How far the writer came, in a file that survives it. */
    static MappedByteBuffer ledger(final Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            final MappedByteBuffer ledger = channel.map(FileChannel.MapMode.READ_WRITE, 0, 2 * Long.BYTES);
            ledger.order(ByteOrder.LITTLE_ENDIAN);
            return ledger;
        }
    }

    static long begun(final MappedByteBuffer ledger) {
        return ledger.getLong(BEGUN);
    }

    static long acknowledged(final MappedByteBuffer ledger) {
        return ledger.getLong(ACKNOWLEDGED);
    }

    /** The key of the n-th write. */
    static int key(final long number) {
        return (int)Long.remainderUnsigned(number * 0x9E37_79B9_7F4A_7C15L >>> 20, KEYS);
    }

    /** Whether the n-th write is a deletion. */
    static boolean isDelete(final long number) {
        return number % 5 == 0;
    }

    static String name(final int key) {
        return "key-" + key;
    }

    static String value(final long number) {
        return "value " + number + "-".repeat((int)(number % 90));
    }

    /** Entry of the child. */
    public static void main(final String[] arguments) throws IOException {
        ChildJvm.toParent("ready");
        final String[] words = ChildJvm.fromParent().split("\t");
        final MappedByteBuffer ledger = ledger(Path.of(words[1]));
        final Mapcask store = Mapcask.open(Path.of(words[0]), options(false));
        ChildJvm.toParent("open " + store.recoveryReport().checkpoint());
        for (long number = Long.parseLong(words[2]); true; number++) {
            ledger.putLong(BEGUN, number);
            if (isDelete(number)) {
                store.delete(name(key(number)));
            } else {
                store.put(name(key(number)), value(number));
            }
            ledger.putLong(ACKNOWLEDGED, number);
            if (number % LOOK_EVERY == 0) {
                checkMerges(store.stats().merge());
            }
        }
    }

    /** No segment is damaged: a merge that says so has miscounted. */
    private static void checkMerges(final MergeStats merges) {
        if (!merges.damaged().isEmpty()) {
            System.err.println(merges);
            Runtime.getRuntime().halt(FAILED);
        }
    }
}
