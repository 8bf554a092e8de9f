package org.mapcask;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.errors.CorruptionException;
import org.mapcask.errors.ForeignFileException;
import org.mapcask.errors.FormatVersionException;
import org.mapcask.errors.MapcaskException;
import org.mapcask.errors.StoreIoException;
import org.mapcask.format.FormatVersion;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.format.HeaderDescriptor.Identity;
import org.mapcask.format.HeaderDescriptor.Watermark;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.io.StoreLock;
import org.mapcask.io.SystemFileOps;
import org.mapcask.io.TmpfsMount;
import org.mapcask.nativeaccess.NativeAccess;
import org.mapcask.recovery.Damage;
import org.mapcask.recovery.VerifyReport;
import org.mapcask.support.OpenMappingsExtension;
import org.mapcask.wal.Wal;
import org.mapcask.wal.WalSettings;

/**
 * Directories as a crash leaves them, with a record in the write-ahead log alone, whose files are then missing,
 * foreign, cut, of another store, or old: each is a particular exception or a clear report, and nothing in the
 * directory is changed by it.
 */
@Tag("core")
@ExtendWith(OpenMappingsExtension.class)
class BadWalTest {
    private static final MapcaskOptions SMALL = MapcaskOptions.builder().segmentLength(64 << 10).prefaultWindow(0)
        .syncBytes(0).syncIntervalMs(0).build();
    private static final MapcaskOptions READ_ONLY = MapcaskOptions.builder().readOnly(true).build();
    private static final int KEYS = 12;
    private static final int WAL_LENGTH = 64 << 10;

    @TempDir
    Path directory;

    /** A copy of an open store, which is what a killed process leaves; its write-ahead log has one record more. */
    private Path crashed(final String name) throws IOException {
        final Path home = Files.createDirectories(directory.resolve(name));
        final Path live = directory.resolve(name + "-live");
        try (Mapcask store = Mapcask.open(live, SMALL)) {
            for (int i = 0; i < KEYS; i++) {
                store.put("key " + i, "v".repeat(1_000));
            }
            store.sync();
            for (final Path segment : files(live, ".seg")) {
                Files.copy(segment, home.resolve(segment.getFileName()));
            }
        }
        final Path active = files(home, ".seg").stream().filter(BadWalTest::isInUse).findFirst().orElseThrow();
        final byte[] bytes = Files.readAllBytes(active);
        final UnsafeBuffer page = new UnsafeBuffer(bytes);
        final Identity identity = HeaderDescriptor.identity(page);
        final Watermark found = newest(page);
        HeaderDescriptor.putWatermark(page, identity.salt(), new Watermark(found.generation() + 1, found.endOffset(),
            found.firstSequence(), found.lastDurableSequence(), false, true));
        Files.write(active, bytes);
        commit(home, identity, KEYS + 1);
        return home;
    }

    private static boolean isInUse(final Path segment) {
        try {
            final Watermark newest = newest(new UnsafeBuffer(Files.readAllBytes(segment)));
            return newest != null && newest.endOffset() > HeaderDescriptor.PAGE_LENGTH;
        } catch (final IOException ex) {
            throw new AssertionError(ex);
        }
    }

    private static Watermark newest(final UnsafeBuffer page) {
        final Watermark first = HeaderDescriptor.watermark(page, 0);
        final Watermark second = HeaderDescriptor.watermark(page, 1);
        return first.generation() > second.generation() ? first : second;
    }

    /** One record in a ring of its own, as the engine would commit it. */
    private static void commit(final Path home, final Identity identity, final long sequence) {
        final WalSettings settings = new WalSettings(new SystemFileOps(NativeAccess.get()), home,
            identity.storeIdHigh(), identity.storeIdLow(), WAL_LENGTH, failure -> {
                throw new AssertionError(failure);
            });
        try (Wal wal = new Wal(settings, new Wal.SegmentSyncs() {
            @Override
            public long durableSequence() {
                return sequence - 1;
            }

            @Override
            public void sync(final long wanted) {
                throw new AssertionError("nothing to sync up to " + wanted);
            }
        })) {
            final byte[] key = "late".getBytes(StandardCharsets.UTF_8);
            final byte[] value = "in the write-ahead log alone".getBytes(StandardCharsets.UTF_8);
            final int length = RecordDescriptor.length(0, key.length, value.length);
            final UnsafeBuffer record = new UnsafeBuffer(
                ByteBuffer.allocateDirect(RecordDescriptor.alignedLength(length)));
            RecordDescriptor.putHeader(record, 0, 0, sequence,
                RecordDescriptor.shape(RecordDescriptor.TYPE_PUT, 0, key.length, value.length));
            RecordDescriptor.publishLength(record, 0, length);
            record.putBytes(RecordDescriptor.HEADER_LENGTH, key);
            record.putBytes(RecordDescriptor.HEADER_LENGTH + key.length, value);
            wal.stage(record, 0, record.capacity(), sequence);
            wal.commit(sequence);
        }
    }

    private static List<Path> files(final Path home, final String suffix) throws IOException {
        try (Stream<Path> entries = Files.list(home)) {
            return entries.filter(path -> path.toString().endsWith(suffix)).sorted().toList();
        }
    }

    private static Map<String, ByteBuffer> bytes(final Path home) throws IOException {
        final Map<String, ByteBuffer> bytes = new TreeMap<>();
        for (final Path file : files(home, "")) {
            if (!file.getFileName().toString().equals(StoreLock.FILE_NAME)) {
                bytes.put(file.getFileName().toString(), ByteBuffer.wrap(Files.readAllBytes(file)));
            }
        }
        return bytes;
    }

    private static VerifyReport verify(final Path home) {
        return Mapcask.verify(home, (phase, done, total) -> {
        });
    }

    private static void assertWhole(final Path home, final MapcaskOptions options, final long walRecords) {
        try (Mapcask store = Mapcask.open(home, options)) {
            assertEquals(KEYS + 1, store.size());
            assertEquals("in the write-ahead log alone", store.get("late"));
            assertEquals(1_000, store.valueLength("key 7"));
            assertEquals(walRecords, store.recoveryReport().walRecords());
            if (!options.readOnly()) {
                store.put("key 7", "w".repeat(1_000));
            }
        }
    }

    /** Nobody may open it, but for salvage, which shows {@code rest} keys; and all of that changes nothing. */
    private void checkRefused(
        final Path home, final Class<? extends MapcaskException> type, final int rest, final Object... parts)
        throws IOException {
        final Map<String, ByteBuffer> before = bytes(home);
        for (final MapcaskOptions options : List.of(SMALL, READ_ONLY)) {
            final String text = assertThrowsExactly(type, () -> Mapcask.open(home, options)).getMessage();
            for (final Object part : parts) {
                assertTrue(text.contains(part.toString()), () -> "'" + part + "' is not in: " + text);
            }
            assertTrue(text.contains("; where: ") && text.contains("; what to do: "), text);
        }
        if (type == CorruptionException.class) {
            final Damage damage = verify(home).damages().get(0);
            assertEquals("wal", damage.area(), damage.toString());
            final RecoverReport report = Mapcask.recover(home, directory.resolve("copy " + rest + parts[0]),
                (phase, done, total) -> {
                });
            assertEquals(rest, report.keys());
            assertTrue(report.damages().contains(damage), report.toString());
        } else {
            assertThrowsExactly(type, () -> verify(home));
        }
        assertEquals(before, bytes(home), "nothing is lost that was there");
    }

    @Test
    void shouldShowTheRecordToEverybodyAndBringItIn() throws Exception {
        final Path home = crashed("store");
        final Map<String, ByteBuffer> before = bytes(home);
        final VerifyReport report = verify(home);
        assertTrue(report.sound(), report.toString());
        assertEquals(1, report.walRecords());
        assertEquals(KEYS + 1, report.keys());
        assertWhole(home, READ_ONLY, 1);
        assertWhole(home, MapcaskOptions.builder().salvageReadOnly(true).readOnly(true).build(), 1);
        final RecoverReport recovered = Mapcask.recover(home, directory.resolve("copy"), (phase, done, total) -> {
        });
        assertEquals(KEYS + 1, recovered.keys());
        assertTrue(recovered.sound(), recovered.toString());
        assertEquals(before, bytes(home));
        assertWhole(home, SMALL, 1);
        assertWhole(home, SMALL, 0);
        assertEquals(List.of(), files(home, ".wal"), "a store without a write-ahead log keeps no files of one");
    }

    @Test
    void shouldMissAFile() throws Exception {
        final Path home = crashed("store");
        final Path third = files(home, ".wal").get(2);
        final byte[] bytes = Files.readAllBytes(third);
        Files.delete(third);
        checkRefused(home, CorruptionException.class, KEYS + 1, "WAL_MISSING", third.getFileName());
        Files.write(third, bytes);
        assertWhole(home, SMALL, 1);
    }

    @Test
    void shouldMissAllFiles() throws Exception {
        final Path home = crashed("store");
        for (final Path file : files(home, ".wal")) {
            Files.delete(file);
        }
        checkRefused(home, CorruptionException.class, KEYS, "WAL_MISSING", "no file of the write-ahead log is there");
    }

    @Test
    void shouldRefuseForeignBytesAndACutFile() throws Exception {
        final Path home = crashed("store");
        final Path last = files(home, ".wal").get(3);
        final byte[] bytes = Files.readAllBytes(last);
        Files.writeString(last, "this is not the file that was here");
        checkRefused(home, CorruptionException.class, KEYS + 1, "WAL_HEADER", last.getFileName());
        Files.write(last, Arrays.copyOf(bytes, bytes.length - 4096));
        checkRefused(home, CorruptionException.class, KEYS + 1, "WAL_LENGTH", last.getFileName());
        Files.write(last, bytes);
        assertWhole(home, SMALL, 1);
    }

    @Test
    void shouldRefuseAFileOfAnotherStoreAndOfALaterVersion() throws Exception {
        final Path home = crashed("store");
        final Path other = crashed("other");
        final Path first = files(home, ".wal").get(0);
        final byte[] bytes = Files.readAllBytes(first);
        Files.write(first, Files.readAllBytes(files(other, ".wal").get(0)));
        checkRefused(home, ForeignFileException.class, KEYS, "belongs to another store", first);
        final byte[] later = bytes.clone();
        final Identity found = HeaderDescriptor.identity(new UnsafeBuffer(bytes));
        HeaderDescriptor.putIdentity(new UnsafeBuffer(later), new Identity(FormatVersion.CURRENT + 1, found.kind(),
            found.storeIdHigh(), found.storeIdLow(), found.segmentId(), found.basePosition(), found.length(),
            found.salt(), found.hashSeed()));
        Files.write(first, later);
        checkRefused(home, FormatVersionException.class, KEYS, "found: version " + (FormatVersion.CURRENT + 1), first);
        Files.write(first, bytes);
        assertWhole(home, SMALL, 1);
    }

    @Test
    void shouldTakeNoNoticeOfFramesThatAreOlderThanTheSegments() throws Exception {
        final Path home = crashed("store");
        final Map<String, ByteBuffer> old = bytes(home);
        assertWhole(home, SMALL, 1);
        for (final String name : old.keySet()) {
            if (name.endsWith(".wal")) {
                Files.write(home.resolve(name), old.get(name).array());
            }
        }
        assertTrue(verify(home).sound());
        try (Mapcask store = Mapcask.open(home, SMALL)) {
            assertEquals(0, store.recoveryReport().walRecords());
            assertEquals("w".repeat(1_000), store.get("key 7"), "the newer value");
            assertEquals(KEYS + 1, store.size());
        }
    }

    @Test
    void shouldReadFromAFileSystemThatCannotBeWritten() throws Exception {
        try (TmpfsMount mount = TmpfsMount.mount(directory, 16 << 20)) {
            final Path home = crashed("store");
            mount.makeReadOnly();
            assertTrue(assertThrowsExactly(StoreIoException.class, () -> Mapcask.open(home, SMALL))
                .getMessage().contains("EROFS"));
            assertWhole(home, READ_ONLY, 1);
            assertFalse(files(home, ".wal").isEmpty());
        }
    }
}
