package org.mapcask.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mapcask.errors.CorruptionException;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.format.WalDescriptor;
import org.mapcask.segment.SegmentImage;
import org.mapcask.support.EngineStore;
import org.mapcask.support.MemoryFileOps;
import org.mapcask.support.OpenMappingsExtension;
import org.mapcask.support.WalImage;
import org.mapcask.wal.WalFileNames;

/**
 * The story: the power goes, and on the disk the write-ahead log rots, which alone has the last records. Whatever byte,
 * sector or length of it changes, no value is ever wrong, and what is lost is told, unless it was in the last frame: a
 * frame that nothing follows may have been cut short by the power cut.
 */
@ExtendWith(OpenMappingsExtension.class)
class WalDamageTest {
    private static final int SECTOR = HeaderDescriptor.SECTOR_LENGTH;
    private static final int FIRST = 4;

    private final SegmentImage segment = WalStore.segment();
    private final WalImage wal = new WalImage(1, WalStore.WAL_FILE_LENGTH, 2);
    private final Map<String, Set<String>> everWritten = new HashMap<>();
    private MemoryFileOps files;
    private long durable;
    private int readings;

    /** Ten frames of one or two records, in all four files; the segments have what the first of them has. */
    @BeforeEach
    void makeTheStore() {
        List.of("1", "2", "3").forEach(value -> written("abc".substring(Integer.parseInt(value) - 1).substring(0, 1),
            value));
        wal.put("b", "2").put("c", "3").frame(1);
        for (int i = 0; i < 9; i++) {
            final String value = "value " + i + "-".repeat(211 * i);
            wal.put("k" + i % 5, value);
            written("k" + i % 5, value);
            if (i == 3) {
                wal.delete("a");
            }
            wal.frame(2);
        }
        files = WalStore.files(wal, segment);
        durable = wal.frames().get(9).lastSequence();
        assertEquals(4, wal.frames().stream().map(WalImage.Place::file).distinct().count());
        assertTrue(WalStore.verify(files).sound());
    }

    @AfterEach
    void checkThatNothingStaysOpen() {
        assertEquals(0, files.openFiles());
        assertEquals(0, files.liveMappings());
    }

    private void written(final String key, final String value) {
        everWritten.computeIfAbsent(key, any -> new HashSet<>()).add(value);
    }

    private static List<String> walNames(final MemoryFileOps files) {
        return files.image().keySet().stream().filter(WalFileNames::isWal).collect(Collectors.toList());
    }

    @Test
    void shouldReportEveryEleventhByteThatIsFlipped() {
        flipBytes(11);
    }

    @Test
    @Tag("slow")
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void shouldReportEveryByteThatIsFlipped() {
        flipBytes(1);
    }

    private void flipBytes(final int step) {
        int told = 0;
        for (final String name : walNames(files)) {
            final byte[] bytes = files.bytes(name);
            for (int offset = 0; offset < bytes.length; offset += step) {
                bytes[offset] ^= (byte)(1 << offset % Byte.SIZE);
                told += check("flip at " + name + ":" + offset, name, offset, 1) ? 1 : 0;
                bytes[offset] ^= (byte)(1 << offset % Byte.SIZE);
            }
        }
        assertTrue(told > 4_000 / step, "reported: " + told);
    }

    @Test
    void shouldReportEverySectorOfZeros() {
        for (final String name : walNames(files)) {
            final byte[] bytes = files.bytes(name);
            for (int offset = 0; offset < bytes.length; offset += SECTOR) {
                final byte[] before = Arrays.copyOfRange(bytes, offset, offset + SECTOR);
                if (!Arrays.equals(before, new byte[SECTOR])) {
                    Arrays.fill(bytes, offset, offset + SECTOR, (byte)0);
                    check("zeros at " + name + ":" + offset, name, offset, SECTOR);
                    System.arraycopy(before, 0, bytes, offset, SECTOR);
                }
            }
        }
    }

    @Test
    void shouldReportEveryLengthThatAFileIsCutTo() {
        for (final String name : walNames(files)) {
            final byte[] bytes = files.bytes(name);
            for (int length = 0; length < bytes.length; length += 101) {
                files.put(name, Arrays.copyOf(bytes, length));
                final VerifyReport report = WalStore.verify(files);
                assertTrue(report.damages().stream().anyMatch(damage ->
                    damage.area().equals("wal") && damage.file().equals(name)), report.toString());
                check("cut of " + name + " to " + length, name, length, bytes.length - length);
            }
            files.put(name, bytes);
        }
    }

    /** A frame at the place of another fails its checksum, whole as it is. */
    @Test
    void shouldReportSwappedFrames() {
        final List<WalImage.Place> frames = wal.frames();
        for (int i = 1; i + 1 < frames.size(); i++) {
            for (int j = i + 1; j + 1 < frames.size(); j++) {
                swap(frames.get(i), frames.get(j));
                assertTrue(check("swap of frames " + i + " and " + j, frames.get(i).file(), frames.get(i).offset(), 1));
                swap(frames.get(i), frames.get(j));
            }
        }
    }

    private void swap(final WalImage.Place first, final WalImage.Place second) {
        final int length = Math.max(first.length(), second.length());
        final byte[] a = files.bytes(first.file());
        final byte[] b = files.bytes(second.file());
        final byte[] kept = Arrays.copyOfRange(a, first.offset(), first.offset() + length);
        System.arraycopy(b, second.offset(), a, first.offset(), length);
        System.arraycopy(kept, 0, b, second.offset(), length);
    }

    /**
     * Judges a store of which a range was changed.
     *
     * @return whether damage was reported.
     */
    private boolean check(final String what, final String file, final int offset, final int length) {
        final VerifyReport report = verify(what);
        final boolean inHeader = offset < HeaderDescriptor.SECTOR_LENGTH;
        final boolean inFrame = wal.frames().stream().limit(9).anyMatch(frame -> frame.lastSequence() >= FIRST &&
            frame.file().equals(file) && isInPayload(frame, offset, length));
        if ((inHeader || inFrame) && report.sound()) {
            fail(what + " is not reported: " + report);
        }
        for (final Damage damage : report.damages()) {
            if (!damage.area().equals("wal") || !WalFileNames.isWal(damage.file())) {
                fail(what + " is reported as damage of the data: " + damage);
            }
        }
        checkReading(what, report);
        return !report.sound();
    }

    /** What is behind the records of a frame is not summed up. */
    private boolean isInPayload(final WalImage.Place frame, final int offset, final int length) {
        final byte[] bytes = wal.image().get(frame.file());
        final int end = frame.offset() + WalDescriptor.HEADER_LENGTH + WalDescriptor.payloadLength(
            new UnsafeBuffer(bytes), frame.offset());
        return offset < end && offset + length > frame.offset() && length == 1;
    }

    private VerifyReport verify(final String what) {
        try {
            return WalStore.verify(files);
        } catch (final RuntimeException | Error ex) {
            throw new AssertionError(what + ": verify failed instead of reporting", ex);
        }
    }

    /** Undamaged stores hold a prefix, up to the last frame but one at least; damaged ones open for salvage alone. */
    private void checkReading(final String what, final VerifyReport report) {
        try (EngineStore store =
            WalStore.openWithoutThreads(new MemoryFileOps(files.image()), report.keys() % 2 == 0)) {
            checkValues(what, store.contents());
            if (!report.sound() || store.report().lastSequence() < wal.frames().get(8).lastSequence() ||
                store.report().lastSequence() > durable) {
                fail(what + ": opened up to " + store.report().lastSequence() + ", verify: " + report);
            }
        } catch (final CorruptionException ex) {
            if (report.sound() || !WalFileNames.isWal(ex.file())) {
                throw new AssertionError(what + ": refused, verify: " + report, ex);
            }
        }
        if (report.sound() && ++readings % 8 != 0) {
            return;
        }
        try (EngineStore store = EngineStore.openReadOnly(files, WalStore.DIRECTORY, true)) {
            checkValues(what, store.contents());
            assertEquals(report.damages(), store.report().damages(), what);
            assertEquals(report.keys(), store.contents().size(), what);
        }
    }

    private void checkValues(final String what, final Map<String, String> contents) {
        contents.forEach((key, value) -> {
            if (!everWritten.getOrDefault(key, Set.of()).contains(value)) {
                fail(what + ": key " + key + " has the value " + value + ", which was never written");
            }
        });
        assertTrue(contents.keySet().containsAll(Set.of("b", "c")), what);
    }
}
