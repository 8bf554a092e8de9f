package org.mapcask.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.io.StoreFile;
import org.mapcask.support.MemoryFileOps;

class SegmentScannerTest {
    private static final int PAGE = HeaderDescriptor.PAGE_LENGTH;
    private static final int LENGTH = 2 * PAGE;

    private final SegmentScanner scanner = new SegmentScanner();
    private final List<String> keys = new ArrayList<>();

    private static StoreFile file(final SegmentImage image, final byte[] bytes) {
        final MemoryFileOps files = new MemoryFileOps();
        files.put(image.name(), bytes);
        return files.open(Path.of("store", image.name()), false);
    }

    private SegmentScanner.Result scan(final SegmentImage image, final int from, final long expectedSequence) {
        final StoreFile file = file(image, image.bytes());
        keys.clear();
        return scanner.scan(file, SegmentHeader.read(file), from, expectedSequence,
            (offset, length, shape, sequence, buffer, keyOffset) -> keys.add(
                buffer.getStringWithoutLengthAscii(keyOffset, RecordDescriptor.keyLength(shape))));
    }

    private static SegmentImage three() {
        return new SegmentImage(1, LENGTH, 7).put("a", "one").put("bb", "").delete("ccc");
    }

    @Test
    void shouldReadEveryRecordAndStopAtTheEnd() {
        final SegmentImage image = three();
        final SegmentScanner.Result result = scan(image, PAGE, 7);
        assertEquals(List.of("a", "bb", "ccc"), keys);
        assertEquals(new SegmentScanner.Result(ScanStop.END, image.end(), 9, 3, ""), result);
    }

    @Test
    void shouldStopAtTheEndOfAnEmptyAndOfAFullSegment() {
        final SegmentImage empty = new SegmentImage(1, LENGTH, 1);
        assertEquals(new SegmentScanner.Result(ScanStop.END, PAGE, 0, 0, ""), scan(empty, PAGE, 1));
        final SegmentImage full = new SegmentImage(1, LENGTH, 1).put("k", "x".repeat(PAGE - 24 - 1));
        assertEquals(new SegmentScanner.Result(ScanStop.END, LENGTH, 1, 1, ""), scan(full, PAGE, 1));
        for (int left = 8; left <= 24; left += 8) {
            final SegmentImage almost = new SegmentImage(1, LENGTH, 1).put("k", "x".repeat(PAGE - 24 - 1 - left));
            assertEquals(new SegmentScanner.Result(ScanStop.END, LENGTH - left, 1, 1, ""), scan(almost, PAGE, 1));
            almost.bytes()[LENGTH - 1] = 1;
            assertEquals(ScanStop.TORN, scan(almost, PAGE, 1).stop(), left + " bytes left");
        }
    }

    @Test
    void shouldSayTornAndWhyAtEveryByteOfARecordThatIsChanged() {
        final SegmentImage image = three();
        for (int offset = image.offset(1); offset < image.offset(2); offset++) {
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                image.bytes()[offset] ^= (byte)(1 << bit);
                final SegmentScanner.Result result = scan(image, PAGE, 7);
                assertEquals(image.offset(1), result.endOffset());
                assertEquals(ScanStop.TORN, result.stop(), "byte " + offset + ", bit " + bit);
                assertTrue(result.detail().length() > 10, result.detail());
                assertEquals(7, result.lastSequence());
                assertEquals(List.of("a"), keys);
                image.bytes()[offset] ^= (byte)(1 << bit);
            }
        }
    }

    @Test
    void shouldNameTheReasonOfAStop() {
        final SegmentImage image = three();
        assertTrue(scan(image, PAGE, 8).detail().contains("sequence 7 where 8"), scan(image, PAGE, 8).detail());
        final int padded = image.offset(0) + 24 + 1 + 3;
        image.bytes()[padded] = 1;
        assertTrue(scan(image, PAGE, 7).detail().contains("padding"), scan(image, PAGE, 7).detail());
        image.bytes()[padded] = 0;
        image.bytes()[padded - 1] ^= 1;
        assertTrue(scan(image, PAGE, 7).detail().contains("checksum"), scan(image, PAGE, 7).detail());
        image.bytes()[padded - 1] ^= 1;
        image.bytes()[image.offset(0) + RecordDescriptor.SHAPE_OFFSET + 2] = 9;
        assertTrue(scan(image, PAGE, 7).detail().contains("makes no sense"), scan(image, PAGE, 7).detail());
    }

    @Test
    void shouldTakeAnySequenceWhenNoneIsExpectedButGoOnWithoutAHole() {
        final SegmentImage image = three();
        assertEquals(3, scan(image, PAGE, 0).records());
        assertEquals(2, scan(image, image.offset(1), 0).records());
        assertEquals(9, scan(image, image.offset(1), 0).lastSequence());
    }

    @Test
    void shouldReadFromEveryRecordAndFindTheNextOneFromEveryOffset() {
        final SegmentImage image = new SegmentImage(1, LENGTH, 1);
        final Random random = new Random(3);
        while (image.end() < LENGTH - 300) {
            image.put("k" + random.nextInt(1000), "v".repeat(random.nextInt(200)));
        }
        final StoreFile file = file(image, image.bytes());
        final SegmentHeader header = SegmentHeader.read(file);
        final long count = image.nextSequence() - 1;
        int next = 0;
        for (int from = PAGE; from < image.end(); from += RecordDescriptor.ALIGNMENT) {
            if (next < count && image.offset(next) < from) {
                next++;
            }
            final boolean more = next < count;
            assertEquals(more ? image.offset(next) : -1, scanner.resync(file, header, from, LENGTH), "from " + from);
            if (more) {
                assertEquals(next + 1, scanner.sequenceAt(file, image.offset(next)));
                final SegmentScanner.Result result = scan(image, image.offset(next), next + 1);
                assertEquals(count, result.lastSequence());
                assertEquals(image.end(), result.endOffset());
            }
        }
    }

    /** A value may hold the image of a record, even of one from the same segment; only its place gives it away. */
    @Test
    void shouldNotTakeTheImageOfARecordInsideAValueForARecord() {
        final SegmentImage inner = new SegmentImage(1, LENGTH, 1).put("aa", "harmless").put("bb", "fake");
        final String fakes = new String(
            Arrays.copyOfRange(inner.bytes(), PAGE, inner.end()), StandardCharsets.ISO_8859_1);
        final SegmentImage image = new SegmentImage(1, LENGTH, 1).put("k2345678", fakes).put("real", "one");
        final StoreFile file = file(image, image.bytes());
        assertEquals(image.offset(1), scanner.resync(file, SegmentHeader.read(file), PAGE + 8, LENGTH));
    }

    @Test
    void shouldReadRecordsLargerThanItsBuffer() {
        final String big = "0123456789".repeat(250_000);
        final SegmentImage image = new SegmentImage(1, 6 << 20, 1).put("small", "s").put("big", big).put("big2", big)
            .put("after", "a");
        assertEquals(new SegmentScanner.Result(ScanStop.END, image.end(), 4, 4, ""), scan(image, PAGE, 1));
        assertEquals(List.of("small", "big", "big2", "after"), keys);
        final int end = image.offset(2);
        for (final int at : new int[] {image.offset(1) + 30, image.offset(1) + (1 << 20) + 5, end - 8}) {
            image.bytes()[at] ^= 4;
            final SegmentScanner.Result result = scan(image, PAGE, 1);
            assertEquals(ScanStop.TORN, result.stop());
            assertEquals(image.offset(1), result.endOffset());
            image.bytes()[at] ^= 4;
        }
        final StoreFile file = file(image, image.bytes());
        assertEquals(image.offset(3), scanner.resync(file, SegmentHeader.read(file), image.offset(3) - 8, 6 << 20));
    }

    @Test
    void shouldReadBeyondTheEndOfAShortFileAsUnwritten() {
        final SegmentImage image = three();
        final StoreFile whole = file(image, image.bytes());
        final SegmentHeader header = SegmentHeader.read(whole);
        final StoreFile cut = file(image, Arrays.copyOf(image.bytes(), image.offset(2)));
        final SegmentScanner.Result result =
            scanner.scan(cut, header, PAGE, 7, (offset, length, shape, sequence, buffer, keyOffset) -> {
            });
        assertEquals(new SegmentScanner.Result(ScanStop.END, image.offset(2), 8, 2, ""), result);
    }

    @Test
    void shouldFindTheFirstByteInUse() {
        final int length = 3 << 20;
        final SegmentImage image = new SegmentImage(1, length, 1);
        final StoreFile file = file(image, image.bytes());
        assertEquals(-1, scanner.firstByteInUse(file, length, PAGE));
        for (final int at : new int[] {length - 1, (2 << 20) + 4, (1 << 20) + PAGE, PAGE + 8, PAGE + 7, PAGE}) {
            image.bytes()[at] = 1;
            assertEquals(at, scanner.firstByteInUse(file, length, PAGE));
        }
        assertEquals(length - 1, scanner.firstByteInUse(file, length, (2 << 20) + 5));
        assertEquals(-1, scanner.firstByteInUse(file, length, length));
    }
}
