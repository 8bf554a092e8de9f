package org.mapcask;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What {@link Mapcask#backup(Path)} made: a store of its own that holds exactly the writes up to a sequence, batches
 * whole, closed cleanly and durable. Immutable.
 * <p>
 * Reads, writes and merges of the first store go on meanwhile; writers wait only while the log goes on in a new
 * segment. On the same file system each segment becomes a hard link, which takes no time and no room, and keeps its
 * room when the first store has merged it away: neither store ever writes to it again. Such a backup guards against
 * what is done to the store, not against a bad disk, since both share their bytes; elsewhere they are copied.
 * <p>
 * Where the call ends with an exception it removes what it had made: {@link
 * org.mapcask.errors.ForeignFileException} when the destination is not empty, {@link
 * org.mapcask.errors.InvalidArgumentException} when it lies in the store, {@link
 * org.mapcask.errors.StorageSpaceException} when there is no room, {@link
 * org.mapcask.errors.ReadOnlyStoreException} when the store is open for reading only, {@link
 * org.mapcask.errors.StoreClosedException} when it is closed meanwhile. What the end of the process leaves is refused
 * by every open, as an unfinished backup.
 *
 * @param directory   of the store, as it was given.
 * @param destination of the backup, as it was given.
 * @param sequence    of the last record in the backup; 0 if there is none.
 * @param keys        keys in it.
 * @param segments    segments with its records.
 * @param linked      how many of them are hard links to the segments of the store.
 * @param copied      how many of them were copied.
 * @param bytes       bytes of the segments up to their last records.
 * @param copiedBytes bytes that were written to copy some of them.
 * @param durationNs  time that it took, in nanoseconds.
 */
public record BackupReport(
    Path directory, Path destination, long sequence, long keys, int segments, int linked, int copied, long bytes,
    long copiedBytes, long durationNs) {
    /** The fields by name, in order. */
    public Map<String, Object> asMap() {
        final Map<String, Object> map = new LinkedHashMap<>();
        map.put("directory", directory.toString());
        map.put("destination", destination.toString());
        map.put("sequence", sequence);
        map.put("keys", keys);
        map.put("segments", segments);
        map.put("linked", linked);
        map.put("copied", copied);
        map.put("bytes", bytes);
        map.put("copiedBytes", copiedBytes);
        map.put("durationMs", durationNs / 1_000_000.0);
        return map;
    }

    @Override
    public String toString() {
        return "backup of " + keys + " keys, up to sequence " + sequence + ", to " + destination + " in "
            + durationNs / 1_000_000 + " ms: " + segments + " segments, " + linked + " linked, " + copied + " copied ("
            + copiedBytes + " bytes)";
    }
}
