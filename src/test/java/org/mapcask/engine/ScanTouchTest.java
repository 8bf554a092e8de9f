package org.mapcask.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mapcask.io.StoreFile;
import org.mapcask.segment.SegmentFactory;
import org.mapcask.segment.SegmentHeader;
import org.mapcask.segment.SegmentImage;
import org.mapcask.segment.SegmentTable;
import org.mapcask.support.ForwardingFiles;
import org.mapcask.support.MemoryFileOps;

/** The story: a store larger than memory is scanned, and each record would wait for the one before it. */
class ScanTouchTest {
    private static final long SLOW_NS = 1_000_000;
    private static final int GROUP = ScanTouch.AT_ONCE;
    private static final int RECORDS = 9 * GROUP + 5;

    private final SegmentTable table = new SegmentTable();
    private final List<Long> asked = new ArrayList<>();
    private final List<Long> lengths = new ArrayList<>();
    private final long[] positions = new long[RECORDS];
    private final ScanTouch touch;

    ScanTouchTest() {
        final SegmentImage image = SegmentImage.merged(3, 1 << 20);
        for (int i = 0; i < RECORDS; i++) {
            image.put("key-" + i, "v".repeat(500));
            positions[i] = image.identity().basePosition() + image.offset(i);
        }
        image.sealed(1, RECORDS);
        final MemoryFileOps memory = new MemoryFileOps();
        memory.put(image.name(), image.bytes());
        final ForwardingFiles files = new ForwardingFiles(memory) {
            @Override
            public StoreFile open(final Path path, final boolean writable) {
                return new Listening(super.open(path, writable), image.identity().basePosition());
            }
        };
        final SegmentFactory factory = new SegmentFactory(files, Path.of("store"), SegmentImage.STORE, table, 99);
        table.add(factory.open(
            SegmentHeader.read(files.open(Path.of("store", image.name()), false)), false, false));
        touch = new ScanTouch(table);
    }

    private List<Long> positions(final int from, final int to) {
        return IntStream.range(from, to).mapToObj(i -> positions[i]).toList();
    }

    @Test
    void shouldAskForRecordsGroupsBeforeTheyAreVisitedOnceReadsAreSlow() {
        touch.begin();
        for (int group = 0; group < 3; group++) {
            touch.bring(positions, group * GROUP, RECORDS);
            assertEquals(List.of(), asked);
        }
        touch.bring(positions, 3 * GROUP, RECORDS);
        assertEquals(positions(3 * GROUP, 7 * GROUP), asked);
        assertEquals(positions[1] - positions[0], lengths.get(0), "as long as the record before");
    }

    @Test
    void shouldAskForEachRecordOnceAndForNoneBehindTheLast() {
        touch.begin();
        for (int from = 0; from < RECORDS; from += GROUP) {
            touch.bring(positions, from, RECORDS);
        }
        assertEquals(positions(3 * GROUP, RECORDS), asked);
        asked.clear();
        touch.begin();
        touch.bring(positions, 0, 7);
        assertEquals(positions(0, 7), asked, "another batch");
    }

    private final class Listening extends ForwardingFiles.File {
        private final long base;

        Listening(final StoreFile inner, final long base) {
            super(inner);
            this.base = base;
        }

        @Override
        public void readAhead(final long fileOffset, final long length) {
            asked.add(base + fileOffset);
            lengths.add(length);
            LockSupport.parkNanos(SLOW_NS / 100);
        }

        @Override
        public int read(final long fileOffset, final ByteBuffer into) {
            LockSupport.parkNanos(SLOW_NS);
            return super.read(fileOffset, into);
        }
    }
}
