package org.mapcask.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.Mapcask;
import org.mapcask.SealedRead;
import org.mapcask.errors.CorruptionException;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.segment.SegmentFileNames;
import org.mapcask.support.EngineStore;
import org.mapcask.support.MemoryFileOps;
import org.mapcask.support.OpenMappingsExtension;
import org.mapcask.sync.SyncPolicy;

/**
 * The story: a store is open, and bytes of its files change under it: a failing disk, a stray write. A reader gets the
 * right value or an exception; never a wrong value, and never the answer that an existing key is not there.
 */
@ExtendWith(OpenMappingsExtension.class)
class RunningDamageTest {
    private static final Path DIRECTORY = Path.of("store");
    private static final int PAGE = HeaderDescriptor.PAGE_LENGTH;
    private static final int LENGTH = 2 * PAGE;

    private static void fill(final EngineStore store, final Map<String, String> expected) {
        for (int i = 0; i < 14; i++) {
            final String value = "value " + i + "#".repeat(i * 60);
            store.put("key" + i % 12, value);
            expected.put("key" + i % 12, value);
        }
        store.put("long", "L".repeat(20_000));
        expected.put("long", "L".repeat(20_000));
    }

    @Test
    void shouldNeverGiveAWrongValueOrMissAKeyWhileAnyByteIsFlipped() {
        final MemoryFileOps files = new MemoryFileOps();
        final Map<String, String> expected = new TreeMap<>();
        int refused = 0;
        // Without threads, which would remove segments made ahead meanwhile.
        try (EngineStore store = EngineStore.openWithoutThreads(
            EngineStore.settings(files, DIRECTORY, true, false), LENGTH, SyncPolicy.NONE, 0)) {
            fill(store, expected);
            store.sync();
            final List<String> names =
                files.image().keySet().stream().filter(SegmentFileNames::isSegment).toList();
            for (final String name : names) {
                final byte[] bytes = files.bytes(name);
                for (int offset = PAGE; offset < bytes.length; offset += offset < 2 * PAGE ? 1 : 13) {
                    bytes[offset] ^= (byte)(1 << offset % Byte.SIZE);
                    refused += checkAll(store, expected, name, offset);
                    bytes[offset] ^= (byte)(1 << offset % Byte.SIZE);
                }
            }
            assertEquals(expected, store.contents());
        }
        assertTrue(refused > 5_000, "flips that hit a live record: " + refused);
    }

    private static int checkAll(
        final EngineStore store, final Map<String, String> expected, final String name, final int offset) {
        int refused = 0;
        for (final Map.Entry<String, String> entry : expected.entrySet()) {
            try {
                final String found = store.get(entry.getKey());
                if (!entry.getValue().equals(found)) {
                    fail("flip at " + name + ":" + offset + " makes " + entry.getKey() + " " + found);
                }
            } catch (final CorruptionException ex) {
                assertEquals(name, ex.file(), "the file that was changed");
                assertTrue(ex.offset() <= offset && offset < ex.offset() + 20_100, ex.getMessage());
                refused++;
            }
        }
        assertTrue(refused <= 1, "one flip hits one record");
        return refused;
    }

    @Test
    void shouldTellDamageUnderARunningStoreInRealFiles(@TempDir final Path temp) throws Exception {
        for (final SealedRead sealedRead : SealedRead.values()) {
            final Path directory = temp.resolve(sealedRead.name());
            try (Mapcask store = Mapcask.open(directory, CrashState.options(LENGTH).sealedRead(sealedRead).build())) {
                for (int i = 0; i < 20; i++) {
                    store.put("key" + i, "v".repeat(1000) + i);
                }
                store.sync();
                final Path first = directory.resolve(CrashState.segments(directory).get(0));
                CrashState.flip(first, HeaderDescriptor.PAGE_LENGTH + 500);
                final CorruptionException ex = assertThrows(CorruptionException.class, () -> store.get("key0"));
                assertEquals(first.getFileName().toString(), ex.file());
                assertEquals(HeaderDescriptor.PAGE_LENGTH, ex.offset());
                assertThrows(CorruptionException.class, () -> store.compareAndSet("key0", "v".repeat(1000) + "0", "x"));
                for (int i = 1; i < 20; i++) {
                    assertNotNull(store.get("key" + i));
                }
                assertTrue(Files.exists(first));
            }
        }
    }

    /** The old record of a key cannot be read any more: whose it was is not known for sure, but a put need not know. */
    @Test
    void shouldTakeAPutOfAKeyWhoseRecordIsDamagedAndThoseOfAllOtherKeys(@TempDir final Path temp) throws Exception {
        final Path directory = temp.resolve("store");
        try (Mapcask store = Mapcask.open(directory, CrashState.options(LENGTH).build())) {
            for (int i = 0; i < 20; i++) {
                store.put("key" + i, "v".repeat(1000) + i);
            }
            store.sync();
            final Path first = directory.resolve(CrashState.segments(directory).get(0));
            CrashState.flip(first, HeaderDescriptor.PAGE_LENGTH + RecordDescriptor.HEADER_LENGTH + 1);
            assertThrows(CorruptionException.class, () -> store.get("key0"));
            store.put("key0", "new");
            for (int i = 1; i < 100; i++) {
                store.put("key" + i, "again " + i);
            }
            assertEquals("new", store.get("key0"));
            assertThrows(CorruptionException.class, () -> store.put("key0", "newer"));
            assertThrows(CorruptionException.class, () -> store.delete("key0"));
            assertThrows(CorruptionException.class, store::size);
            store.delete("key99");
            assertEquals("new", store.get("key0"));
            for (int i = 1; i < 99; i++) {
                assertEquals("again " + i, store.get("key" + i));
            }
            assertFalse(store.stats().failed());
        }
    }

    @Test
    @Tag("slow")
    void shouldNeverGiveAWrongValueWhileAnyTwoBytesOfAHeaderAreFlipped() {
        final MemoryFileOps files = new MemoryFileOps();
        final Map<String, String> expected = new TreeMap<>();
        try (EngineStore store = EngineStore.open(files, DIRECTORY, LENGTH)) {
            fill(store, expected);
            final String name = files.image().keySet().iterator().next();
            final byte[] bytes = files.bytes(name);
            final int start = HeaderDescriptor.PAGE_LENGTH;
            for (int a = 0; a < 32 * Byte.SIZE; a++) {
                for (int b = a + 1; b < 32 * Byte.SIZE; b++) {
                    flip(bytes, start, a, b);
                    checkAll(store, expected, name, start + a / Byte.SIZE);
                    flip(bytes, start, a, b);
                }
            }
        }
    }

    private static void flip(final byte[] bytes, final int start, final int a, final int b) {
        bytes[start + a / Byte.SIZE] ^= (byte)(1 << a % Byte.SIZE);
        bytes[start + b / Byte.SIZE] ^= (byte)(1 << b % Byte.SIZE);
    }
}
