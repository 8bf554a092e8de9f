package org.mapcask.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.MapcaskException;
import org.mapcask.errors.StorageSpaceException;
import org.mapcask.fault.FaultingFileOps.Operation;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.keydir.ChunkAllocator;
import org.mapcask.keydir.DirectChunkAllocator;
import org.mapcask.recovery.RecoverySettings;
import org.mapcask.support.EngineStore;
import org.mapcask.support.MemoryFileOps;

/** The story: the disk is full, or the process dies, in the middle of a batch. All of it must be there, or nothing. */
class BatchFaultTest {
    private static final Path DIRECTORY = Path.of("store");
    private static final int LENGTH = 8192;

    private final MemoryFileOps disk = new MemoryFileOps();

    private static MapcaskException noSpace(final String what) {
        return new StorageSpaceException(ErrorText.what(what + " failed: ENOSPC (injected)").todo("look at the test"));
    }

    private static Map<String, String> before(final EngineStore store) {
        final Map<String, String> before = new TreeMap<>();
        for (int i = 0; i < 5; i++) {
            store.put("key" + i, "before");
            before.put("key" + i, "before");
        }
        return before;
    }

    /** Overwrites some, removes some, brings some. */
    private static Map<String, String> batch(final int entries, final int valueLength) {
        final Map<String, String> batch = new LinkedHashMap<>();
        for (int i = 0; i < entries; i++) {
            batch.put("key" + (entries - i + 1), i % 4 == 2 ? null : "batch" + "*".repeat(valueLength));
        }
        return batch;
    }

    private static Map<String, String> after(final Map<String, String> before, final Map<String, String> batch) {
        final Map<String, String> after = new TreeMap<>(before);
        batch.forEach((key, value) -> {
            after.remove(key);
            if (value != null) {
                after.put(key, value);
            }
        });
        return after;
    }

    @Test
    void shouldWriteNothingWhenThereIsNoRoomForAllSegments() {
        final Map<String, String> batch = batch(24, 1_000);
        int refused = 0;
        for (int k = 1; k <= 8; k++) {
            final MemoryFileOps fresh = new MemoryFileOps();
            final FaultingFileOps files = new FaultingFileOps(fresh);
            final Map<String, String> expected;
            try (EngineStore store = EngineStore.open(files, DIRECTORY, LENGTH)) {
                final Map<String, String> before = before(store);
                final long sequence = store.stats().lastSequence();
                files.failAt(EnumSet.of(Operation.ALLOCATE), k, true, BatchFaultTest::noSpace);
                boolean done = false;
                try {
                    store.writeBatch(batch);
                    done = true;
                } catch (final StorageSpaceException ex) {
                    refused++;
                    assertEquals(sequence, store.stats().lastSequence(), "k " + k);
                    assertEquals(before.size(), store.stats().keys(), "k " + k);
                }
                expected = done ? after(before, batch) : before;
                assertEquals(expected, store.contents(), "k " + k);
                assertNull(store.get("key23x"));
                assertFalse(store.stats().latched(), "k " + k);
                store.put("small", "fits");
                expected.put("small", "fits");
                files.heal();
                if (!done) {
                    store.writeBatch(batch);
                    expected.putAll(after(expected, batch));
                    expected.keySet().removeIf(key -> batch.containsKey(key) && batch.get(key) == null);
                }
                assertEquals(expected, store.contents(), "k " + k);
            }
            assertEquals(0, fresh.openFiles() + fresh.liveMappings(), "k " + k);
            assertTrue(EngineStore.verify(fresh, DIRECTORY).sound(), "k " + k);
            try (EngineStore store = EngineStore.open(fresh, DIRECTORY, LENGTH)) {
                assertEquals(expected, store.contents(), "k " + k);
            }
        }
        assertTrue(refused >= 3, "refused: " + refused);
    }

    /** The keydir gets no more memory in the middle of a batch: what was kept for it is given back. */
    @Test
    void shouldWriteNothingWhenTheKeydirGetsNoMemory() {
        final boolean[] scarce = {false};
        final ChunkAllocator inner = new DirectChunkAllocator();
        final ChunkAllocator memory = new ChunkAllocator() {
            @Override
            public UnsafeBuffer allocate(final int length) {
                if (scarce[0]) {
                    throw new OutOfMemoryError("injected");
                }
                return inner.allocate(length);
            }

            @Override
            public void free(final UnsafeBuffer chunk) {
                inner.free(chunk);
            }
        };
        final RecoverySettings settings = new RecoverySettings(
            disk, DIRECTORY, memory, true, false, true, 1000, (phase, done, total) -> {
            });
        final Map<String, String> batch = new LinkedHashMap<>();
        for (int i = 0; i < 60_000; i++) {
            batch.put("new" + i, "");
        }
        try (EngineStore store = EngineStore.open(settings, 1 << 22)) {
            final Map<String, String> before = before(store);
            scarce[0] = true;
            assertThrows(OutOfMemoryError.class, () -> store.writeBatch(batch));
            assertEquals(before, store.contents());
            assertEquals(before.size(), store.stats().lastSequence());
            assertNull(store.get("new0"));
            assertFalse(store.stats().latched());
            scarce[0] = false;
            store.writeBatch(batch);
            assertEquals(before.size() + batch.size(), store.stats().keys());
            assertEquals(after(before, batch), store.contents());
        }
    }

    /** The process dies after every byte of a batch within one segment. */
    @Test
    void shouldRecoverAllOrNothingWhereverTheBatchIsCut() {
        final int start;
        final Map<String, String> before;
        final Map<String, String> batch = batch(9, 20);
        final Map<String, byte[]> image;
        try (EngineStore store = EngineStore.open(disk, DIRECTORY, LENGTH)) {
            before = before(store);
            start = HeaderDescriptor.PAGE_LENGTH + (int)store.stats().logBytes();
            store.writeBatch(batch);
            image = disk.image();
            assertEquals(after(before, batch), store.contents());
        }
        checkCuts(image, start, 1, before, after(before, batch));
    }

    /** The process dies in the last of several segments, before and after each of its records. */
    @Test
    void shouldRecoverAllOrNothingWhenTheBatchIsCutInALaterSegment() {
        final Map<String, String> before;
        final Map<String, String> batch = batch(24, 1_000);
        final Map<String, byte[]> image;
        try (EngineStore store = EngineStore.open(disk, DIRECTORY, LENGTH)) {
            before = before(store);
            store.writeBatch(batch);
            image = disk.image();
            assertTrue(store.stats().segments() >= 4, store.stats().toString());
        }
        checkCuts(image, HeaderDescriptor.PAGE_LENGTH, 8, before, after(before, batch));
    }

    private static void checkCuts(
        final Map<String, byte[]> image, final int start, final int step, final Map<String, String> before,
        final Map<String, String> after) {
        final String newest = newest(image);
        final byte[] log = image.get(newest);
        int end = HeaderDescriptor.PAGE_LENGTH;
        int last = end;
        while (length(log, end) > 0) {
            last = end + length(log, end);
            end += RecordDescriptor.alignedLength(length(log, end));
        }
        assertTrue(end > start, "the newest segment holds records of the batch");
        for (int cut = start; cut <= end; cut += step) {
            final Map<String, byte[]> killed = new TreeMap<>();
            image.forEach((name, bytes) -> killed.put(name, bytes.clone()));
            Arrays.fill(killed.get(newest), cut, LENGTH, (byte)0);
            final Map<String, String> expected = cut >= last ? after : before;
            for (int opening = 0; opening < 2; opening++) {
                try (EngineStore store = EngineStore.open(new MemoryFileOps(killed), DIRECTORY, LENGTH)) {
                    assertEquals(expected, store.contents(), "cut at " + cut + ", opening " + opening);
                    store.put("key0", "before");
                }
            }
        }
    }

    private static int length(final byte[] log, final int offset) {
        return offset + 4 > LENGTH ? 0 : RecordDescriptor.length(new UnsafeBuffer(log), offset);
    }

    /** The segment in use whose first record has the highest sequence. */
    private static String newest(final Map<String, byte[]> image) {
        String newest = null;
        long highest = 0;
        for (final Map.Entry<String, byte[]> file : image.entrySet()) {
            if (file.getKey().endsWith(".seg") && length(file.getValue(), HeaderDescriptor.PAGE_LENGTH) > 0) {
                final long sequence = RecordDescriptor.sequence(
                    new UnsafeBuffer(file.getValue()), HeaderDescriptor.PAGE_LENGTH);
                if (sequence > highest) {
                    highest = sequence;
                    newest = file.getKey();
                }
            }
        }
        return newest;
    }
}
