package org.mapcask;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mapcask.errors.StorageSpaceException;
import org.mapcask.io.TmpfsMount;
import org.mapcask.support.DurabilityPolicy;
import org.mapcask.support.Ext4Image;
import org.mapcask.support.OpenMappingsExtension;
import org.mapcask.support.Payload;
import org.mapcask.wal.Wal;
import org.mapcask.wal.WalFileNames;

/**
 * The story: the file system fills up while a store is written. A store instruction into a mapped page without a block
 * behind it would end the JVM, or be skipped in silence. So the shortage must be an exception of the write that needs
 * room; what was acknowledged stays readable; once there is room, the same store takes writes again; and reopening
 * finds every acknowledged write, under each policy of durability. Whether JNA or plain Java calls the operating system
 * makes no difference.
 */
@Tag("core")
@ExtendWith(OpenMappingsExtension.class)
class FullDiskTest {
    private static final int MIB = 1 << 20;
    private static final int VALUE_LENGTH = 32 * 1024;
    private static final int REFUSALS = 4;

    @TempDir
    Path directory;

    private final UnsafeBuffer key = new UnsafeBuffer(new byte[Long.BYTES]);
    private final UnsafeBuffer value = new UnsafeBuffer(new byte[32 * MIB]);
    private final List<Integer> acknowledged = new ArrayList<>();
    private int next;

    @ParameterizedTest
    @EnumSource
    void shouldSurviveAFullTmpfs(final DurabilityPolicy policy) throws Exception {
        try (TmpfsMount mount = TmpfsMount.mount(directory, 16L * MIB)) {
            fillAndGoOn(mount.directory(), 16 * MIB, policy);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldSurviveAFullExt4(final DurabilityPolicy policy) throws Exception {
        try (Ext4Image image = Ext4Image.mount(directory, 32L * MIB)) {
            fillAndGoOn(image.directory(), 32 * MIB, policy);
        }
    }

    /**
     * Segments that a merge emptied wait for a checkpoint that does not lead to them any more. Where there is no room
     * for one, the checkpoint before goes too, and they with it: otherwise a full disk would stay full.
     */
    @Test
    void shouldGiveSpaceBackAlthoughThereIsNoRoomForACheckpoint() throws Exception {
        try (TmpfsMount mount = TmpfsMount.mount(directory, 64L * MIB)) {
            final Path home = mount.directory().resolve("store");
            final MapcaskOptions options = MapcaskOptions.builder().segmentLength(MIB).checkpointBytes(MIB)
                .mergeIntervalMs(0).mergeDeadBytes(0).mergeFragmentation(100).build();
            try (Mapcask store = Mapcask.open(home, options)) {
                for (int i = 0; i < 300_000; i++) {
                    store.put("key " + i, "a value that is not worth much " + i % 7);
                }
                awaitCheckpoint(store);
                for (int i = 0; i < 300_000; i++) {
                    if (i % 50 != 0) {
                        store.delete("key " + i);
                    }
                }
                final Path ballast = mount.directory().resolve("ballast");
                Files.write(ballast, new byte[(int)(mount.directory().toFile().getUsableSpace() - 6 * MIB)]);
                final int before = store.stats().segments();
                for (int i = 0; i < 3_000 && store.stats().segments() > before / 2; i++) {
                    compactAsFarAsThereIsRoom(store);
                    Thread.sleep(10);
                }
                assertTrue(store.stats().segments() <= before / 2, before + " segments before, " + store.stats());
                assertEquals("a value that is not worth much 1", store.get("key 50"));
            }
            try (Mapcask store = Mapcask.open(home, options)) {
                assertEquals(6_000, store.size());
            }
        }
    }

    private static void compactAsFarAsThereIsRoom(final Mapcask store) {
        try {
            store.compact();
        } catch (final StorageSpaceException ex) {
            // what the merges before it emptied is on its way out
        }
    }

    private static void awaitCheckpoint(final Mapcask store) throws InterruptedException {
        for (int i = 0; i < 6_000 && store.stats().keydir().checkpoint() < 0; i++) {
            Thread.sleep(10);
        }
        assertTrue(store.stats().keydir().checkpoint() >= 0, store.stats().toString());
    }

    /** What is in the store stays as it is, and can be opened with a shorter one. */
    @Test
    void shouldTellThatThereIsNoRoomForTheWriteAheadLog() throws Exception {
        try (TmpfsMount mount = TmpfsMount.mount(directory, 16L * MIB)) {
            final Path home = mount.directory().resolve("store");
            final MapcaskOptions roomy = DurabilityPolicy.WAL.options(MIB, 32 * MIB);
            checkNoRoomForRing(home, roomy);
            try (Mapcask store = Mapcask.open(home, DurabilityPolicy.WAL.options(MIB, MIB))) {
                putAcknowledged(store);
                putAcknowledged(store);
            }
            checkNoRoomForRing(home, roomy);
            try (Mapcask store = Mapcask.open(home, DurabilityPolicy.WAL.options(MIB, MIB))) {
                checkAll(store);
                putAcknowledged(store);
                checkAll(store);
            }
            assertEquals(Wal.FILE_COUNT, files(home, WalFileNames.SUFFIX), "files of an unfinished ring are left");
            checkNoRoomForRing(home, roomy);
            try (Mapcask store = Mapcask.open(home, DurabilityPolicy.MSYNC.options(MIB, MIB))) {
                checkAll(store);
            }
        }
    }

    private static void checkNoRoomForRing(final Path home, final MapcaskOptions options) {
        final String text =
            assertThrows(StorageSpaceException.class, () -> Mapcask.open(home, options).close()).getMessage();
        for (final String part : List.of(".wal", "ENOSPC", "what to do: free room")) {
            assertTrue(text.contains(part), text);
        }
    }

    private void putAcknowledged(final Mapcask store) {
        put(store, next, VALUE_LENGTH);
        acknowledged.add(next);
        next++;
    }

    private void fillAndGoOn(final Path fileSystem, final int size, final DurabilityPolicy policy) throws IOException {
        final Path ballast = fileSystem.resolve("ballast");
        final Path home = fileSystem.resolve("store");
        // A checkpoint that is given up gives room back just when there should be none; it has a test of its own.
        final MapcaskOptions options =
            policy.builder(MIB, MIB).checkpointBytes(0).checkpointIntervalMs(0).build();
        Files.write(ballast, new byte[4 * MIB]);
        try (Mapcask store = Mapcask.open(home, options)) {
            fill(store, size);
            refuseWhileFull(store, home, size);
            checkAll(store);
            store.sync();

            Files.delete(ballast);
            final int before = acknowledged.size();
            fill(store, size);
            assertTrue(acknowledged.size() - before > 2 * MIB / VALUE_LENGTH,
                () -> "room for 4 MiB came back, and only " + (acknowledged.size() - before) + " values more went in");
            refuseWhileFull(store, home, size);
            checkAll(store);
        }
        assertTrue(Mapcask.verify(home, (phase, done, total) -> {
        }).sound());
        try (Mapcask store = Mapcask.open(home, options)) {
            assertTrue(store.recoveryReport().clean(), "a full file system does not hinder a clean close");
            checkAll(store);
            assertThrows(StorageSpaceException.class, () -> put(store, next, VALUE_LENGTH), "it is still full");
            checkAll(store);
        }
    }

    /** Writes until the disk is full. */
    private void fill(final Mapcask store, final int size) {
        final String text = assertThrows(StorageSpaceException.class, () -> {
            while ((long)next * VALUE_LENGTH < 2L * size) {
                putAcknowledged(store);
            }
        }, "more was written than there is room").getMessage();
        next++;
        fillWhatIsGivenBack(store);
        for (final String part : List.of("where: ", "found: ", "what to do: free room")) {
            assertTrue(text.contains(part), text);
        }
    }

    /** A segment that was rolled gives its unused blocks back when it is sealed, in the background or by a sync. */
    private void fillWhatIsGivenBack(final Mapcask store) {
        for (int refused = 0; refused < REFUSALS; refused++) {
            try {
                putAcknowledged(store);
                refused = 0;
            } catch (final StorageSpaceException ex) {
                next++;
                store.sync();
            }
        }
    }

    private void refuseWhileFull(final Mapcask store, final Path home, final int size) throws IOException {
        final long files = files(home, ".seg");
        for (int i = 0; i < 20; i++) {
            assertThrows(StorageSpaceException.class, () -> put(store, next, VALUE_LENGTH), "write " + i);
        }
        assertThrows(StorageSpaceException.class, () -> put(store, next, size - MIB), "a value in its own segment");
        assertEquals(files, files(home, ".seg"), "a refused write leaves no segment behind");
        key.putLong(0, next);
        assertEquals(Mapcask.NOT_FOUND, store.get(key, 0, Long.BYTES, value, 0, VALUE_LENGTH), "a refused write");
    }

    private static long files(final Path home, final String suffix) throws IOException {
        try (Stream<Path> entries = Files.list(home)) {
            return entries.filter(path -> path.toString().endsWith(suffix)).count();
        }
    }

    private void put(final Mapcask store, final int number, final int length) {
        key.putLong(0, number);
        Payload.fill(value, 0, length, number, 1);
        store.put(key, 0, Long.BYTES, value, 0, length);
    }

    private void checkAll(final Mapcask store) {
        assertEquals(acknowledged.size(), store.size());
        for (final int number : acknowledged) {
            key.putLong(0, number);
            assertEquals(VALUE_LENGTH, store.get(key, 0, Long.BYTES, value, 0, VALUE_LENGTH), "key " + number);
            assertNull(Payload.fault(value, 0, VALUE_LENGTH, number, 1));
        }
    }
}
