package org.mapcask.sync;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mapcask.Batch;
import org.mapcask.Durability;
import org.mapcask.Mapcask;
import org.mapcask.MapcaskOptions;
import org.mapcask.SegmentFill;
import org.mapcask.errors.InvalidArgumentException;
import org.mapcask.errors.StorageSpaceException;
import org.mapcask.io.DurableFile;
import org.mapcask.io.SyncMethod;
import org.mapcask.io.SystemFileOps;
import org.mapcask.io.TmpfsMount;
import org.mapcask.support.OpenMappingsExtension;
import org.mapcask.wal.WalFileNames;

@Tag("core")
@ExtendWith(OpenMappingsExtension.class)
class WalPolicyTest {
    private static final int SEGMENT_LENGTH = 128 << 10;
    private static final int RING_LENGTH = 1 << 20;

    @TempDir
    private Path directory;

    /** What the disk holds after a power cut at the worst moment: no page of a segment but those that were synced. */
    @Test
    void shouldBringBackFromTheRingAloneWhatNoSegmentHasYet() throws IOException {
        final Path lost = Files.createDirectory(directory.resolve("after the power cut"));
        try (Mapcask store = open(durable())) {
            copy(lost, name -> true);
            for (int i = 0; i < 20; i++) {
                store.put("key " + i, "value " + i);
            }
            assertTrue(store.delete("key 7"));
            store.put(bytes("longer than a context's copy"), new byte[20_000]);
            final Batch batch = new Batch();
            batch.put("from", "70");
            batch.put("to", "30");
            store.write(batch);
            copy(lost, WalFileNames::isWal);
        }
        try (Mapcask store = Mapcask.open(lost, durable().build())) {
            assertEquals(22, store.size());
            assertEquals("value 19", store.get("key 19"));
            assertNull(store.get("key 7"));
            assertEquals(20_000, store.valueLength("longer than a context's copy"));
            assertEquals("70", store.get("from"));
            assertEquals(24, store.stats().lastSequence());
        }
    }

    @Test
    void shouldBringBackSmallValuesAroundOnesThatTheRingDoesNotTake() throws IOException {
        final Path lost = Files.createDirectory(directory.resolve("after the power cut"));
        final byte[] oversize = new byte[3 * SEGMENT_LENGTH];
        final byte[] long300k = new byte[300_000];
        oversize[oversize.length - 1] = 1;
        long300k[long300k.length - 1] = 2;
        try (Mapcask store = open(durable().segmentLength(1 << 20))) {
            for (int round = 0; round < 3; round++) {
                store.put("before " + round, "a");
                store.put(bytes("long " + round), round == 1 ? oversize : long300k);
                copy(lost, name -> true);
                store.put("behind " + round, "b");
                store.put("behind " + round, "c");
                copy(lost, WalFileNames::isWal);
                assertHolds(lost, round, oversize, long300k);
            }
        }
    }

    private void assertHolds(final Path lost, final int round, final byte[] oversize, final byte[] long300k)
        throws IOException {
        final Path copy = Files.createDirectory(directory.resolve("copy " + round));
        copy(lost, copy, name -> true);
        try (Mapcask store = Mapcask.open(copy, durable().segmentLength(1 << 20).build())) {
            for (int i = 0; i <= round; i++) {
                assertEquals("a", store.get("before " + i));
                assertArrayEquals(i == 1 ? oversize : long300k, store.get(bytes("long " + i)));
                assertEquals("c", store.get("behind " + i));
            }
            assertEquals(4 * (round + 1), store.stats().lastSequence());
        }
    }

    @Test
    void shouldComeBackAfterAKillWithTheRingGoneRoundManyTimes() throws IOException {
        final Path killed = Files.createDirectory(directory.resolve("after the kill"));
        try (Mapcask store = open(durable().walLength(64 << 10))) {
            for (int i = 0; i < 200; i++) {
                store.put("key " + i % 50, "value " + i);
            }
            copy(killed, name -> true);
        }
        try (Mapcask store = Mapcask.open(killed, durable().walLength(64 << 10).build())) {
            assertEquals(50, store.size());
            assertEquals("value 199", store.get("key 49"));
            assertEquals(200, store.stats().durableSequence());
            store.put("and", "on");
        }
        assertEquals(0, Mapcask.verify(killed, (phase, done, total) -> { }).damages().size());
    }

    @Test
    void shouldKeepEverythingWhenThePolicyChangesBetweenOpens() throws IOException {
        final List<MapcaskOptions.Builder> policies = List.of(durable(), durable().wal(false), options(), durable(),
            durable().walLength(2 * RING_LENGTH), options().syncEveryWrite(true).wal(false), durable());
        for (int round = 0; round < policies.size(); round++) {
            final MapcaskOptions options = policies.get(round).build();
            final Path killed = Files.createDirectory(directory.resolve("killed in " + round));
            try (Mapcask store = open(policies.get(round))) {
                assertEquals(round, store.size());
                final boolean walUsed = options.syncEveryWrite() && options.wal();
                assertEquals(walUsed, store.stats().durability().walMethod() != null);
                assertEquals(walUsed ? options.walLength() : 0, walBytes(directory.resolve("store")));
                store.put("round " + round, "value");
                copy(killed, name -> true);
            }
            for (final MapcaskOptions.Builder next : List.of(options(), durable())) {
                final Path copy = Files.createDirectories(directory.resolve("next of " + round + next.hashCode()));
                copy(killed, copy, name -> true);
                try (Mapcask store = Mapcask.open(copy, next.build())) {
                    assertEquals(round + 1, store.size());
                    assertEquals("value", store.get("round " + round));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("policies")
    void shouldMakeBatchesDurableAsThePolicySays(final MapcaskOptions.Builder options) throws IOException {
        final Path killed = Files.createDirectory(directory.resolve("killed"));
        try (Mapcask store = open(options)) {
            final Batch batch = new Batch();
            for (int i = 0; i < 10; i++) {
                batch.put("key " + i, "value");
            }
            store.write(batch);
            if (options.build().syncEveryWrite()) {
                assertEquals(10, store.stats().durableSequence());
            }
            batch.clear();
            for (int i = 0; i < 100; i++) {
                batch.put(bytes("key " + i), new byte[20_000]);
            }
            store.write(batch, Durability.SYNC);
            assertEquals(110, store.stats().durableSequence());
            batch.clear();
            batch.delete("not there");
            store.write(batch, Durability.SYNC);
            assertEquals(110, store.stats().durableSequence());
            copy(killed, name -> true);
        }
        try (Mapcask store = Mapcask.open(killed, options.build())) {
            assertEquals(100, store.size());
            assertEquals(20_000, store.valueLength("key 9"));
        }
    }

    @ParameterizedTest
    @MethodSource("policies")
    void shouldMakeEverythingBeforeDurableWithOneCallThatAsksForIt(final MapcaskOptions.Builder options) {
        try (Mapcask store = open(options)) {
            store.put("a", "1");
            store.put("b", "2", Durability.SYNC);
            assertEquals(2, store.stats().durableSequence());
            store.put("a", "3", Durability.POLICY);
            assertTrue(store.delete("b", Durability.SYNC));
            assertEquals(4, store.stats().durableSequence());
            store.put("a", "4");
            assertFalse(store.delete(bytes("b"), Durability.SYNC), "what it found is durable then");
            assertEquals(5, store.stats().durableSequence());
            store.put(bytes("c"), new byte[200_000], Durability.SYNC);
            store.put(ByteBuffer.wrap(bytes("d")), ByteBuffer.wrap(bytes("5")), Durability.SYNC);
            assertEquals(7, store.stats().durableSequence());
            final UnsafeBuffer key = new UnsafeBuffer(bytes("e"));
            store.put(key, 0, 1, key, 0, 1, Durability.SYNC);
            assertEquals(8, store.stats().durableSequence());
            assertTrue(store.delete(key, 0, 1, Durability.SYNC));
            assertTrue(store.delete(ByteBuffer.wrap(bytes("d")), Durability.SYNC));
            assertEquals(10, store.stats().durableSequence());
            final Batch empty = new Batch();
            store.put("a", "6");
            store.write(empty, Durability.SYNC);
            assertEquals(11, store.stats().durableSequence());
            assertThrows(InvalidArgumentException.class, () -> store.put("a", "7", (Durability)null));
            assertThrows(InvalidArgumentException.class, () -> store.delete("a", null));
            assertThrows(InvalidArgumentException.class, () -> store.write(empty, null));
            assertEquals("6", store.get("a"));
        }
    }

    static Stream<MapcaskOptions.Builder> policies() {
        return Stream.of(options(), options().syncBytes(64 << 10).syncIntervalMs(50), durable(),
            durable().wal(false));
    }

    @Test
    void shouldOpenAndReadBackWithEveryWayToSyncAndToFillSegments() {
        for (final SyncMethod method : SyncMethod.values()) {
            for (final SegmentFill fill : SegmentFill.values()) {
                for (final boolean wal : new boolean[] {true, false}) {
                    final Path store = directory.resolve(method + "-" + fill + "-" + wal);
                    final MapcaskOptions options = durable().wal(wal).syncMethod(method).segmentFill(fill).build();
                    fill(store, options, method, fill == SegmentFill.ZERO || fill == SegmentFill.AUTO && !wal);
                }
            }
        }
    }

    private static void fill(
        final Path directory, final MapcaskOptions options, final SyncMethod method, final boolean zeroed) {
        try (Mapcask store = Mapcask.open(directory, options)) {
            for (int i = 0; i < 40; i++) {
                store.put(bytes("key " + i % 30), new byte[10_000 + i]);
                assertEquals(i + 1, store.stats().durableSequence());
            }
            assertEquals(method.name().toLowerCase(), store.stats().durability().syncMethod());
            assertEquals(zeroed ? "zero" : "allocate", store.stats().durability().segmentFill());
            assertTrue(store.stats().durability().syncs() > 0);
            assertTrue(store.stats().durability().syncedBytes() > 0);
        }
        try (Mapcask store = Mapcask.open(directory, options)) {
            assertEquals(30, store.size());
            assertEquals(10_039, store.valueLength("key 9"));
            assertEquals(10_029, store.valueLength("key 29"));
        }
        assertEquals(0, Mapcask.verify(directory, (phase, done, total) -> { }).damages().size());
    }

    @Test
    void shouldTellHowItMakesDurable() throws IOException {
        try (Mapcask store = open(durable())) {
            store.put("key", "value");
            store.put("key", "other");
            assertEquals("every write", store.stats().durability().policy());
            assertEquals(RING_LENGTH, store.stats().durability().walLength());
            assertEquals(2, store.stats().durability().walFrames());
            assertEquals(2, store.stats().durability().walRecords());
            assertEquals(2 * 4096, store.stats().durability().walBytes());
            assertEquals(0, store.stats().durability().walRingWaits());
            assertEquals(methodIn(directory), store.stats().durability().walMethod());
            assertTrue(store.stats().toString().contains("walMethod"), store.stats()::toString);
        }
        try (Mapcask store = open(MapcaskOptions.builder().readOnly(true))) {
            assertEquals("read only", store.stats().durability().policy());
            assertEquals(methodIn(directory), store.stats().durability().walMethod());
            assertEquals(RING_LENGTH, store.stats().durability().walLength());
        }
        try (Mapcask store = open(options())) {
            assertEquals("on demand", store.stats().durability().policy());
            assertNull(store.stats().durability().walMethod());
            assertEquals(0, store.stats().durability().walLength());
        }
    }

    @Test
    void shouldWorkAndSaySoWhereTheFileSystemDoesNotTakeDirectWrites() throws IOException {
        final Path mountPoint = Files.createDirectory(directory.resolve("ramfs"));
        try (TmpfsMount mount = TmpfsMount.mountWithoutAllocation(mountPoint)) {
            final MapcaskOptions options = durable().build();
            try (Mapcask store = Mapcask.open(mount.directory().resolve("store"), options)) {
                store.put("key", "value");
                assertEquals(1, store.stats().durableSequence());
                assertEquals(methodIn(mount.directory()), store.stats().durability().walMethod());
            }
            try (Mapcask store = Mapcask.open(mount.directory().resolve("store"), options)) {
                assertEquals("value", store.get("key"));
            }
        }
    }

    @Test
    void shouldRefuseToOpenWithoutRoomForTheRingAndLoseNothing() throws IOException {
        final Path mountPoint = Files.createDirectory(directory.resolve("tmpfs"));
        try (TmpfsMount mount = TmpfsMount.mount(mountPoint, 8 << 20)) {
            final Path store = mount.directory().resolve("store");
            final MapcaskOptions tooLong = durable().walLength(16 << 20).build();
            assertThrows(StorageSpaceException.class, () -> Mapcask.open(store, tooLong));
            try (Mapcask opened = Mapcask.open(store, options().build())) {
                opened.put("key", "value");
            }
            assertThrows(StorageSpaceException.class, () -> Mapcask.open(store, tooLong));
            try (Mapcask opened = Mapcask.open(store, durable().build())) {
                assertEquals("value", opened.get("key"));
                opened.put("key", "other");
            }
            assertThrows(StorageSpaceException.class, () -> Mapcask.open(store, tooLong));
            try (Mapcask opened = Mapcask.open(store, options().build())) {
                assertEquals("other", opened.get("key"));
                assertEquals(0, walBytes(store));
            }
        }
    }

    /** How a file of this directory is made durable, asked at the seam itself. */
    private static String methodIn(final Path place) throws IOException {
        final Path probe = place.resolve("probe");
        try (DurableFile file = new SystemFileOps().createDurable(probe)) {
            assertNotNull(file.method());
            return file.method();
        } finally {
            Files.delete(probe);
        }
    }

    private static MapcaskOptions.Builder options() {
        return MapcaskOptions.builder().segmentLength(SEGMENT_LENGTH).syncBytes(0).syncIntervalMs(0);
    }

    private static MapcaskOptions.Builder durable() {
        return options().syncEveryWrite(true).walLength(RING_LENGTH);
    }

    private Mapcask open(final MapcaskOptions.Builder options) {
        return Mapcask.open(directory.resolve("store"), options.build());
    }

    private void copy(final Path target, final Predicate<String> names) throws IOException {
        copy(directory.resolve("store"), target, names);
    }

    private static void copy(final Path source, final Path target, final Predicate<String> names) throws IOException {
        try (Stream<Path> files = Files.list(source)) {
            for (final Path file : files.toList()) {
                final String name = file.getFileName().toString();
                // A temporary file gets its name while the others are copied.
                if (names.test(name) && !name.endsWith(".tmp")) {
                    Files.copy(file, target.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    private static long walBytes(final Path store) throws IOException {
        long length = 0;
        try (Stream<Path> files = Files.list(store)) {
            for (final Path file : files.toList()) {
                length += WalFileNames.isWal(file.getFileName().toString()) ? Files.size(file) : 0;
            }
        }
        return length;
    }

    private static byte[] bytes(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
