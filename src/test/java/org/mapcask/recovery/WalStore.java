package org.mapcask.recovery;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.keydir.DirectChunkAllocator;
import org.mapcask.segment.SegmentImage;
import org.mapcask.support.EngineStore;
import org.mapcask.support.MemoryFileOps;
import org.mapcask.support.WalImage;
import org.mapcask.sync.SyncPolicy;

/** Stores in memory that a power cut left with records in the write-ahead log alone, put together by hand. */
final class WalStore {
    static final Path DIRECTORY = Path.of("store");
    static final int PAGE = HeaderDescriptor.PAGE_LENGTH;
    static final int LENGTH = 4 * PAGE;
    static final int WAL_FILE_LENGTH = 4 * PAGE;

    private WalStore() {
    }

    /** Sequences 1 to 3 in a segment, of which the first two are known to be durable. */
    static SegmentImage segment() {
        return new SegmentImage(1, LENGTH, 1).walInUse().put("a", "1").put("b", "2").synced().put("c", "3");
    }

    /** Sequences 2 to 9 in five frames, two files. */
    static WalImage wal() {
        return wal(WAL_FILE_LENGTH);
    }

    static WalImage wal(final int fileLength) {
        return new WalImage(1, fileLength, 2)
            .put("b", "2").put("c", "3").frame(1)
            .put("d", "4").put("a", "5").frame(2)
            .delete("b").frame(2)
            .put("e", "7").frame(2)
            .put("a", "8").put("f", "9").frame(2);
    }

    /** What is in a store with both. */
    static Map<String, String> expected() {
        return new TreeMap<>(Map.of("a", "8", "c", "3", "d", "4", "e", "7", "f", "9"));
    }

    static MemoryFileOps files(final WalImage wal, final SegmentImage... segments) {
        final MemoryFileOps files = new MemoryFileOps();
        for (final SegmentImage segment : segments) {
            files.put(segment.name(), segment.bytes().clone());
        }
        if (wal != null) {
            wal.image().forEach(files::put);
        }
        return files;
    }

    static RecoverySettings settings(final MemoryFileOps files, final boolean walWanted) {
        return new RecoverySettings(files, DIRECTORY, new DirectChunkAllocator(), true, walWanted, false, true, 1000,
            (phase, done, total) -> {
            });
    }

    /** Opens for writing; a write-ahead log that is wanted stays, although this engine does not write it. */
    static EngineStore open(final MemoryFileOps files, final boolean walWanted) {
        return EngineStore.open(settings(files, walWanted), LENGTH);
    }

    /** Opens for what is in it. */
    static EngineStore openWithoutThreads(final MemoryFileOps files, final boolean walWanted) {
        return EngineStore.openWithoutThreads(settings(files, walWanted), LENGTH, SyncPolicy.NONE, 0);
    }

    static VerifyReport verify(final MemoryFileOps files) {
        return EngineStore.verify(files, DIRECTORY);
    }

    /** The files to compare. */
    static Map<String, ByteBuffer> bytes(final MemoryFileOps files) {
        final Map<String, ByteBuffer> bytes = new TreeMap<>();
        files.image().forEach((name, content) -> bytes.put(name, ByteBuffer.wrap(content)));
        return bytes;
    }
}
