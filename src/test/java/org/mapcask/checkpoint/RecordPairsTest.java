package org.mapcask.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.io.StoreFile;
import org.mapcask.segment.Segment;
import org.mapcask.segment.SegmentFactory;
import org.mapcask.segment.SegmentHeader;
import org.mapcask.segment.SegmentImage;
import org.mapcask.segment.SegmentTable;
import org.mapcask.support.ForwardingFiles;
import org.mapcask.support.MemoryFileOps;

/** Records of a segment that is read through its file, where each look takes a call. */
class RecordPairsTest {
    private static final long EXPIRY_MS = 77_000;
    private static final long LATER_MS = 1L << 40;

    private final MemoryFileOps memory = new MemoryFileOps();
    private final AtomicInteger reads = new AtomicInteger();
    private final SegmentTable table = new SegmentTable();
    private final SegmentImage image = new SegmentImage(2, 1 << 20, 1)
        .put("key", "short").put("key", "a value that is longer").put("other", "short")
        .append(RecordDescriptor.TYPE_PUT, RecordDescriptor.FLAG_EXPIRY, EXPIRY_MS, "key", "goes")
        .put("key", "last");
    private final RecordPairs pairs;

    RecordPairsTest() {
        memory.put(image.name(), image.bytes());
        final ForwardingFiles files = new ForwardingFiles(memory) {
            @Override
            public StoreFile open(final Path path, final boolean writable) {
                return new ForwardingFiles.File(super.open(path, writable)) {
                    @Override
                    public int read(final long fileOffset, final ByteBuffer into) {
                        reads.incrementAndGet();
                        return super.read(fileOffset, into);
                    }
                };
            }
        };
        final SegmentFactory factory = new SegmentFactory(files, Path.of("store"), SegmentImage.STORE, table, 99);
        table.add(factory.open(
            SegmentHeader.read(files.open(Path.of("store", image.name()), false)), false, false));
        pairs = new RecordPairs(table);
    }

    private long position(final int index) {
        return image.identity().basePosition() + image.offset(index);
    }

    private int alignedLength(final int index) {
        return image.offset(index + 1) - image.offset(index);
    }

    private long liveBytes() {
        return table.segmentAt(position(0)).liveBytes();
    }

    @Test
    void shouldTellWhetherTwoRecordsHaveTheSameKey() {
        assertTrue(pairs.sameKey(position(1), position(0)));
        assertTrue(pairs.sameKey(position(4), position(3)));
        assertFalse(pairs.sameKey(position(1), position(2)));
        assertFalse(pairs.sameKey(position(2), position(3)));
    }

    @Test
    void shouldNotReadAReplacedRecordOnceMoreAfterItWasCompared() {
        final long live = liveBytes();
        assertTrue(pairs.sameKey(position(4), position(1)));
        assertTrue(pairs.sameKey(position(4), position(0)));
        final int before = reads.get();
        pairs.onReplaced(position(0));
        pairs.onReplaced(position(1));
        assertEquals(before, reads.get());
        assertEquals(live - alignedLength(0) - alignedLength(1), liveBytes());
    }

    /** The story: a merge removes the segment, and a new one gets its positions. */
    @Test
    void shouldForgetARecordThatWasReplaced() {
        assertTrue(pairs.sameKey(position(4), position(1)));
        pairs.onReplaced(position(1));
        final int before = reads.get();
        pairs.onReplaced(position(1));
        assertTrue(reads.get() > before);
    }

    @Test
    void shouldReadAReplacedRecordThatItDoesNotKnow() {
        final long live = liveBytes();
        assertFalse(pairs.sameKey(position(0), position(2)));
        pairs.onReplaced(position(2));
        assertEquals(live - alignedLength(2), liveBytes());
    }

    @Test
    void shouldTakeExpiringBytesFromTheFiguresWhetherItKnowsTheRecordOrNot() {
        final Segment segment = table.segmentAt(position(3));
        segment.addLiveBytes(image.end());
        for (final boolean known : new boolean[] {false, true}) {
            segment.addExpiring(EXPIRY_MS, alignedLength(3), 0);
            assertEquals(alignedLength(3), segment.expiredBytes(() -> LATER_MS));
            if (known) {
                assertTrue(pairs.sameKey(position(4), position(3)));
            }
            pairs.onReplaced(position(3));
            assertEquals(0, segment.expiredBytes(() -> LATER_MS));
        }
    }
}
