package org.mapcask.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.recovery.StoreDamage.Place;
import org.mapcask.segment.SegmentFileNames;

/**
 * The story: a closed store lies on a disk that rots. Whatever single byte, sector or length changes, in whichever
 * file, verify says so and says where, and no opening ever leads to a wrong value.
 */
class EveryByteDamageTest {
    private static final long SEED = 0x5EC70A5L;
    private static final int SECTOR = HeaderDescriptor.SECTOR_LENGTH;
    private static final int STEP_OF_QUICK_RUN = 3;
    /** From a multiple of 24 to the next: the very length, a byte more, a third of the way. */
    private static final int[] STEPS = {1, 7, 16};

    private final StoreDamage store = new StoreDamage();
    private final List<String> names = new ArrayList<>(store.files.image().keySet());

    @BeforeEach
    void checkTheStoreItself() {
        assertTrue(names.size() >= 5 && names.stream().allMatch(SegmentFileNames::isSegment), names.toString());
        store.checkUnchanged();
    }

    @Test
    void shouldReportOneFlippedBitInEveryThirdByte() {
        for (final String name : names) {
            final int length = store.files.bytes(name).length;
            for (int offset = 0; offset < length; offset += STEP_OF_QUICK_RUN) {
                checkFlip(name, offset, 1 << offset % Byte.SIZE);
            }
        }
        store.checkUnchanged();
    }

    @Test
    @Tag("slow")
    void shouldReportEveryFlippedBit() {
        for (final String name : names) {
            final int length = store.files.bytes(name).length;
            for (int bit = 0; bit < length * Byte.SIZE; bit++) {
                checkFlip(name, bit / Byte.SIZE, 1 << bit % Byte.SIZE);
            }
        }
        store.checkUnchanged();
    }

    private void checkFlip(final String name, final int offset, final int mask) {
        final byte[] bytes = store.files.bytes(name);
        bytes[offset] ^= (byte)mask;
        store.checkDamaged("flip of bits " + mask + " at " + name + ":" + offset, new Place(name, offset, 1));
        bytes[offset] ^= (byte)mask;
    }

    @Test
    void shouldReportThreeOfTwentyFourLengthsThatAFileIsCutTo() {
        checkCuts(length -> STEPS[length % 3]);
    }

    @Test
    @Tag("slow")
    void shouldReportEveryLengthThatAFileIsCutTo() {
        checkCuts(length -> 1);
    }

    private void checkCuts(final IntUnaryOperator step) {
        for (final String name : names) {
            final byte[] bytes = store.files.bytes(name);
            for (int length = 0; length < bytes.length; length += step.applyAsInt(length)) {
                store.files.put(name, Arrays.copyOf(bytes, length));
                final int place = length < HeaderDescriptor.PAGE_LENGTH ? 0 : length;
                store.checkDamaged("cut of " + name + " to " + length, new Place(name, place, 1));
            }
            store.files.put(name, Arrays.copyOf(bytes, bytes.length + 1));
            store.checkDamaged("a byte more in " + name, new Place(name, bytes.length, 1));
            store.files.put(name, bytes);
        }
        store.checkUnchanged();
    }

    @Test
    void shouldReportEverySectorOfZeros() {
        int harmless = 0;
        for (final String name : names) {
            final byte[] bytes = store.files.bytes(name);
            for (int offset = 0; offset < bytes.length; offset += SECTOR) {
                final byte[] before = Arrays.copyOfRange(bytes, offset, offset + SECTOR);
                Arrays.fill(bytes, offset, offset + SECTOR, (byte)0);
                if (Arrays.equals(before, new byte[SECTOR])) {
                    harmless++;
                } else {
                    store.checkDamaged("zeros at " + name + ":" + offset, new Place(name, offset, SECTOR));
                }
                System.arraycopy(before, 0, bytes, offset, SECTOR);
            }
        }
        store.checkUnchanged();
        assertTrue(harmless > 0, "there is unused space in the store");
    }

    @Test
    void shouldReportSwappedSectors() {
        for (final String name : names) {
            final int sectors = store.files.bytes(name).length / SECTOR;
            for (int i = 0; i + 1 < sectors; i++) {
                checkSwap(name, i, name, i + 1);
            }
        }
        final Random random = new Random(SEED);
        for (int i = 0; i < 1_000; i++) {
            final String first = names.get(random.nextInt(names.size()));
            final String second = names.get(random.nextInt(names.size()));
            checkSwap(first, random.nextInt(store.files.bytes(first).length / SECTOR),
                second, random.nextInt(store.files.bytes(second).length / SECTOR));
        }
        store.checkUnchanged();
    }

    private void checkSwap(final String first, final int firstSector, final String second, final int secondSector) {
        final byte[] a = store.files.bytes(first);
        final byte[] b = store.files.bytes(second);
        final int from = firstSector * SECTOR;
        final int to = secondSector * SECTOR;
        if (Arrays.equals(a, from, from + SECTOR, b, to, to + SECTOR)) {
            return;
        }
        swap(a, from, b, to);
        final String what = "swap of " + first + ":" + from + " and " + second + ":" + to + ", seed " + SEED;
        store.checkDamaged(what, new Place(first, from, SECTOR), new Place(second, to, SECTOR));
        swap(a, from, b, to);
    }

    private static void swap(final byte[] a, final int from, final byte[] b, final int to) {
        final byte[] kept = Arrays.copyOfRange(a, from, from + SECTOR);
        System.arraycopy(b, to, a, from, SECTOR);
        System.arraycopy(kept, 0, b, to, SECTOR);
    }

    @Test
    void shouldLeaveNothingOpenBehind() {
        store.checkUnchanged();
        assertEquals(0, store.files.openFiles());
        assertEquals(0, store.files.liveMappings());
    }
}
