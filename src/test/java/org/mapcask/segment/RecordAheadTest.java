package org.mapcask.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.mapcask.errors.StoreIoException;
import org.mapcask.io.StoreFile;
import org.mapcask.support.ForwardingFiles;
import org.mapcask.support.MemoryFileOps;

class RecordAheadTest {
    private static final int LENGTH = 1 << 20;
    private static final int LOG = 2;
    private static final int MERGED = 3;

    private final MemoryFileOps memory = new MemoryFileOps();
    private final SegmentTable table = new SegmentTable();
    private final List<String> asked = new ArrayList<>();
    private final List<String> read = new ArrayList<>();
    private boolean failing;
    private final ForwardingFiles files = new ForwardingFiles(memory) {
        @Override
        public StoreFile open(final Path path, final boolean writable) {
            return new Listening(super.open(path, writable));
        }
    };

    private SegmentImage add(final SegmentImage image, final boolean mapped) {
        image.put("first", "1").put("second", "2");
        if (image.identity().segmentId() == MERGED) {
            image.sealed(1, 2);
        }
        memory.put(image.name(), image.bytes());
        final SegmentFactory factory = new SegmentFactory(files, Path.of("store"), SegmentImage.STORE, table, 99);
        table.add(factory.open(
            SegmentHeader.read(files.open(Path.of("store", image.name()), false)), false, mapped));
        asked.clear();
        read.clear();
        return image;
    }

    private static long position(final SegmentImage image, final int index) {
        return image.identity().basePosition() + image.offset(index);
    }

    private static String at(final SegmentImage image, final int index) {
        return image.name() + " " + image.offset(index);
    }

    @Test
    void shouldAskForTheHeadOfARecordAndReadNothing() {
        final SegmentImage image = add(SegmentImage.merged(MERGED, LENGTH), false);
        new RecordAhead(table).ask(position(image, 1));
        assertEquals(List.of(at(image, 1)), asked);
        assertEquals(List.of(), read);
    }

    @Test
    void shouldNotAskForWhatIsStillBeingWritten() {
        final SegmentImage image = add(new SegmentImage(LOG, LENGTH, 1), true);
        new RecordAhead(table).ask(position(image, 0));
        assertEquals(List.of(), asked);
    }

    @Test
    void shouldAskForAllRecordsBeforeItWaitsForTheFirst() {
        final SegmentImage image = add(SegmentImage.merged(MERGED, LENGTH), false);
        new RecordAhead(table).bring(new long[] {position(image, 0), position(image, 1), 77}, 2);
        assertEquals(List.of(at(image, 0), at(image, 1)), asked);
        assertEquals(List.of(at(image, 0) + " after 2 asks", at(image, 1) + " after 2 asks"), read);
    }

    @Test
    void shouldLeaveFailuresToWhoeverReadsTheRecords() {
        final SegmentImage image = add(SegmentImage.merged(MERGED, LENGTH), false);
        failing = true;
        new RecordAhead(table).bring(new long[] {position(image, 0), position(image, 1)}, 2);
        assertTrue(asked.isEmpty() && read.isEmpty());
        failing = false;
        final UnsafeBuffer key = new UnsafeBuffer("first".getBytes(StandardCharsets.US_ASCII));
        assertTrue(new RecordReader(table, true).load(position(image, 0), key, 0, key.capacity()));
    }

    private final class Listening extends ForwardingFiles.File {
        Listening(final StoreFile inner) {
            super(inner);
        }

        @Override
        public void readAhead(final long fileOffset, final long length) {
            failWhenTold();
            asked.add(path().getFileName() + " " + fileOffset);
        }

        @Override
        public int read(final long fileOffset, final ByteBuffer into) {
            failWhenTold();
            read.add(path().getFileName() + " " + fileOffset + " after " + asked.size() + " asks");
            return super.read(fileOffset, into);
        }

        private void failWhenTold() {
            if (failing) {
                throw new StoreIoException("injected");
            }
        }
    }
}
