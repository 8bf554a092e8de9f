package org.mapcask.bench;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.MapcaskOptions;

/**
 * What the process that is killed writes, known to the one that looks at it afterwards. Immutable.
 *
 * @param part        what is written.
 * @param policy      one of {@link #POLICIES}.
 * @param valueLength bytes of the long value.
 * @param records     records of all writers together.
 * @param hasOld      whether the key of the long value has an older, short value.
 */
record PartialWriteLoad(Part part, String policy, int valueLength, long records, boolean hasOld) {
    /** Key of the long value. */
    static final DirectBuffer KEY = new UnsafeBuffer("a long value".getBytes(StandardCharsets.US_ASCII));
    /** Bytes of its older value, and of each value of the records. */
    static final int SHORT_LENGTH = 1000;
    /** Writers of the records. */
    static final int WRITERS = 8;

    private static final int INDEX_BITS = 32;
    private static final Map<String, Map<String, String>> OPTIONS = new LinkedHashMap<>();

    static {
        OPTIONS.put("none", Map.of("syncBytes", "0", "syncIntervalMs", "0"));
        OPTIONS.put("default", Map.of());
        OPTIONS.put("every-write-wal", Map.of("syncEveryWrite", "true", "wal", "true"));
        OPTIONS.put("every-write-msync", Map.of("syncEveryWrite", "true", "wal", "false", "syncMethod", "msync"));
    }

    /** All policies, in the order of the table. */
    static final List<String> POLICIES = List.copyOf(OPTIONS.keySet());

    /** Which of the two things is written. */
    enum Part {
        /** One long value. */
        VALUE,
        /** Many records, by several threads. */
        RECORDS
    }

    /** Writers of this part. */
    int writers() {
        return part == Part.VALUE ? 1 : WRITERS;
    }

    /** Records of each writer. */
    long recordsOfWriter() {
        return Math.max(1, records / WRITERS);
    }

    /** Number of a writer's record, from which its key and value follow. */
    static long index(final int writer, final long count) {
        return (long) writer << INDEX_BITS | count;
    }

    /** Options of the store. */
    MapcaskOptions options() {
        return StoreArm.options(OPTIONS.get(policy));
    }

    /** For the command line of the process that is killed; {@link #parse} reads it. */
    List<String> arguments() {
        return List.of(part.name(), policy, Integer.toString(valueLength), Long.toString(records),
            Boolean.toString(hasOld));
    }

    /** Reads what {@link #arguments} gave, from a position on. */
    static PartialWriteLoad parse(final String[] arguments, final int from) {
        return new PartialWriteLoad(Part.valueOf(arguments[from]), arguments[from + 1],
            Integer.parseInt(arguments[from + 2]), Long.parseLong(arguments[from + 3]),
            Boolean.parseBoolean(arguments[from + 4]));
    }

    /** Path of the progress of a store. */
    static Path progressOf(final Path store) {
        return store.resolveSibling(store.getFileName() + ".progress");
    }
}
