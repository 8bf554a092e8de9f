package org.mapcask;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.recovery.VerifyReport;
import org.mapcask.segment.RecordReader;
import org.mapcask.support.ChildJvm;
import org.mapcask.support.OpenMappingsExtension;
import org.mapcask.support.Payload;

/**
 * Keys and values of the lengths at which the store changes its way: nothing at all, what is copied at once or in
 * pieces, what just fits into a segment or gets one of its own, and the longest. Each is written, read, compared with,
 * replaced, and read again by a store that was opened anew, with sealed segments mapped and not.
 */
@ExtendWith(OpenMappingsExtension.class)
class LargeValueTest {
    private static final int HUNDRED_MB = 100_000_000;
    private static final int SLACK = 9;

    @TempDir
    Path directory;

    private record Item(int number, int keyLength, int valueLength) {
    }

    @ParameterizedTest
    @EnumSource
    @Tag("core")
    void shouldTakeRecordsAroundTheLengthThatIsCopiedAtOnce(final SealedRead mode) {
        final List<Item> items = new ArrayList<>();
        for (final int keyLength : new int[] {2, 9, 16_000}) {
            for (int difference = -SLACK; difference <= SLACK; difference++) {
                items.add(item(items, keyLength, RecordReader.COPY_LENGTH + difference));
            }
        }
        inAndOut(mode, 64 << 10, items);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("core")
    void shouldTakeRecordsAroundTheCapacityOfASegment(final SealedRead mode) {
        final int segmentLength = 32 << 10;
        final int capacity = segmentLength - HeaderDescriptor.PAGE_LENGTH;
        final List<Item> items = new ArrayList<>();
        for (int difference = -SLACK; difference <= SLACK; difference++) {
            items.add(item(items, 5, capacity + difference));
            // The next two share a segment, or do not by a few bytes.
            items.add(item(items, 5, 2_000 - 8 * difference));
            items.add(item(items, 5, capacity - 2_000));
        }
        inAndOut(mode, segmentLength, items);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("core")
    void shouldTakeTheShortestAndTheLongestKeysWithAndWithoutAValue(final SealedRead mode) {
        final List<Item> items = new ArrayList<>();
        for (final int valueLength : new int[] {0, 1, 100, 20_000}) {
            items.add(new Item(items.size(), RecordDescriptor.KEY_LENGTH_MIN, valueLength));
            items.add(new Item(items.size(), RecordDescriptor.KEY_LENGTH_MAX, valueLength));
            items.add(new Item(items.size(), RecordDescriptor.KEY_LENGTH_MAX - 1, valueLength));
        }
        inAndOut(mode, 8 << 10, items);
        inAndOut(mode, 1 << 20, items);
    }

    /** An item whose record has a length without padding. */
    private static Item item(final List<Item> items, final int keyLength, final int recordLength) {
        return new Item(items.size(), keyLength, recordLength - RecordDescriptor.HEADER_LENGTH - keyLength);
    }

    private void inAndOut(final SealedRead mode, final int segmentLength, final List<Item> items) {
        final Path home = directory.resolve("segments of " + segmentLength);
        final MapcaskOptions options =
            MapcaskOptions.builder().segmentLength(segmentLength).sealedRead(mode).build();
        try (Mapcask store = Mapcask.open(home, options)) {
            for (final Item item : items) {
                writeInEveryWay(store, item);
            }
            items.forEach(item -> check(store, item));
        }
        final VerifyReport report = Mapcask.verify(home, (phase, done, total) -> {
        });
        assertTrue(report.sound(), report::toString);
        for (final SealedRead again : SealedRead.values()) {
            final MapcaskOptions others =
                MapcaskOptions.builder().segmentLength(segmentLength).sealedRead(again).mappedSegmentsMax(3).build();
            try (Mapcask store = Mapcask.open(home, others)) {
                assertEquals(items.size(), store.size());
                items.forEach(item -> check(store, item));
                final int[] seen = new int[1];
                store.forEach((key, keyOffset, keyLength, value, valueOffset, valueLength) -> {
                    seen[0]++;
                    final Item item = items.stream().filter(candidate -> candidate.keyLength == keyLength
                        && Payload.fault(key, keyOffset, keyLength, candidate.number, 0) == null)
                        .findFirst().orElseThrow();
                    assertEquals(item.valueLength, valueLength);
                    assertNull(Payload.fault(value, valueOffset, valueLength, item.number, 3));
                });
                assertEquals(items.size(), seen[0]);
            }
        }
    }

    private static UnsafeBuffer payload(final int length, final int number, final int version) {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[length]);
        Payload.fill(buffer, 0, length, number, version);
        return buffer;
    }

    /** Ends with version 3 of an item. */
    private static void writeInEveryWay(final Mapcask store, final Item item) {
        final UnsafeBuffer key = payload(item.keyLength, item.number, 0);
        final UnsafeBuffer first = payload(item.valueLength, item.number, 1);
        final UnsafeBuffer second = payload(item.valueLength, item.number, 2);
        final UnsafeBuffer third = payload(item.valueLength, item.number, 3);
        final int keyLength = item.keyLength;
        final int length = item.valueLength;
        final String what = item.toString();
        assertFalse(store.delete(key, 0, keyLength), what);
        assertFalse(store.replace(key, 0, keyLength, first, 0, length), what);
        assertTrue(store.putIfAbsent(key, 0, keyLength, first, 0, length), what);
        assertFalse(store.putIfAbsent(key, 0, keyLength, third, 0, length), what);
        if (length > 0) {
            final UnsafeBuffer almost = payload(length, item.number, 1);
            almost.putByte(length - 1, (byte)~almost.getByte(length - 1));
            assertFalse(store.compareAndSet(key, 0, keyLength, almost, 0, length, third, 0, length), what);
            assertFalse(store.compareAndSet(key, 0, keyLength, first, 0, length - 1, third, 0, length), what);
        }
        assertTrue(store.compareAndSet(key, 0, keyLength, first, 0, length, second, 0, length), what);
        assertTrue(store.replace(key, 0, keyLength, first, 0, length), what);
        assertTrue(store.delete(key, 0, keyLength), what);
        assertEquals(Mapcask.NOT_FOUND, store.valueLength(key, 0, keyLength), what);
        store.put(key, 0, keyLength, third, 0, length);
    }

    private static void check(final Mapcask store, final Item item) {
        final UnsafeBuffer key = payload(item.keyLength, item.number, 0);
        final UnsafeBuffer value = new UnsafeBuffer(new byte[item.valueLength + 2]);
        final int found = store.get(key, 0, item.keyLength, value, 1, item.valueLength);
        assertEquals(item.valueLength, found, item::toString);
        assertNull(Payload.fault(value, 1, found, item.number, 3), item::toString);
        assertEquals(0, value.getByte(0) | value.getByte(item.valueLength + 1), "bytes outside of the destination");
    }

    @Test
    void shouldTakeAHundredMegabytesInAndOut() {
        final UnsafeBuffer key = new UnsafeBuffer(new byte[] {'k'});
        final UnsafeBuffer value = new UnsafeBuffer(ByteBuffer.allocateDirect(HUNDRED_MB));
        final MapcaskOptions options = MapcaskOptions.builder().segmentLength(1 << 20).mergeIntervalMs(0).build();
        final byte[] array = new byte[HUNDRED_MB];
        try (Mapcask store = Mapcask.open(directory, options)) {
            store.put("before", "1");
            Payload.fill(value, 0, HUNDRED_MB, 1, 1);
            store.put(key, 0, 1, value, 0, HUNDRED_MB);
            store.put("after", "2");
            value.getBytes(0, array);
            assertArrayEquals(array, store.get(new byte[] {'k'}));

            Payload.fill(value, 0, HUNDRED_MB, 1, 2);
            assertTrue(store.compareAndSet(key, 0, 1, new UnsafeBuffer(array), 0, HUNDRED_MB, value, 0, HUNDRED_MB));
            value.setMemory(0, HUNDRED_MB, (byte)0);
            assertEquals(HUNDRED_MB, store.get(key, 0, 1, value, 0, HUNDRED_MB));
            assertNull(Payload.fault(value, 0, HUNDRED_MB, 1, 2));
            assertTrue(store.stats().deadBytes() > HUNDRED_MB, "the first version is dead");
        }
        for (final SealedRead mode : SealedRead.values()) {
            try (Mapcask store = Mapcask.open(directory, MapcaskOptions.builder().sealedRead(mode).build())) {
                assertEquals(3, store.size());
                assertEquals("12", store.get("before") + store.get("after"));
                final ByteBuffer keyBytes = ByteBuffer.wrap(new byte[] {'k'});
                assertEquals(HUNDRED_MB, store.get(keyBytes, ByteBuffer.wrap(array)));
                assertNull(Payload.fault(new UnsafeBuffer(array), 0, HUNDRED_MB, 1, 2));
            }
        }
    }

    /** In a process of its own, which gets the memory for it. */
    @Test
    @Tag("slow")
    void shouldTakeTheLongestValueInAndOut() throws Exception {
        final List<String> options = List.of("-Xmx256m", "-XX:MaxDirectMemorySize=1200m");
        try (ChildJvm child = ChildJvm.start(List.of(), options, LongestValue.class, directory.toString())) {
            child.await("in");
            child.await("out");
            child.await("out again MAPPED");
            child.await("out again PREAD");
            assertEquals(0, child.join());
        }
    }

    /** Puts and gets a value of 1 GiB under a key of 64 KiB. */
    static final class LongestValue {
        private static final int LENGTH = RecordDescriptor.VALUE_LENGTH_MAX;

        private LongestValue() {
        }

        /** Entry of the child: the directory. */
        public static void main(final String[] arguments) throws Exception {
            final Path directory = Path.of(arguments[0]);
            final UnsafeBuffer key = payload(RecordDescriptor.KEY_LENGTH_MAX, 1, 0);
            final UnsafeBuffer value = new UnsafeBuffer(ByteBuffer.allocateDirect(LENGTH));
            try (Mapcask store = Mapcask.open(directory)) {
                Payload.fill(value, 0, LENGTH, 1, 1);
                store.put(key, 0, key.capacity(), value, 0, LENGTH);
                ChildJvm.toParent("in");
                get(store, key, value);
                ChildJvm.toParent("out");
            }
            for (final SealedRead mode : SealedRead.values()) {
                try (Mapcask store = Mapcask.open(directory, MapcaskOptions.builder().sealedRead(mode).build())) {
                    get(store, key, value);
                    ChildJvm.toParent("out again " + mode);
                }
            }
        }

        private static void get(final Mapcask store, final UnsafeBuffer key, final UnsafeBuffer value) {
            value.setMemory(0, LENGTH, (byte)0);
            final int length = store.get(key, 0, key.capacity(), value, 0, LENGTH);
            final String fault = Payload.fault(value, 0, LENGTH, 1, 1);
            if (length != LENGTH || fault != null) {
                throw new IllegalStateException(length + " bytes, " + fault);
            }
        }
    }
}
