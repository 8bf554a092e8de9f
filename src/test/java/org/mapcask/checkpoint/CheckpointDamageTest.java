package org.mapcask.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.mapcask.errors.CorruptionException;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.keydir.DirectChunkAllocator;
import org.mapcask.recovery.Damage;
import org.mapcask.recovery.RecoverySettings;
import org.mapcask.recovery.VerifyReport;
import org.mapcask.support.EngineStore;
import org.mapcask.support.MemoryFileOps;
import org.mapcask.sync.SyncPolicy;

/**
 * Files of checkpoints that are not what was written. The log has every record, so the store opens all the same; a page
 * that turns out to be damaged when somebody needs it is named. There is never a wrong value.
 */
class CheckpointDamageTest {
    private static final Path DIRECTORY = Path.of("store");
    private static final int KEYS = 60;
    private static final int STEP_IN_PAGES = 97;

    private static Map<String, byte[]> older;
    private static Map<String, byte[]> image;
    private static Map<String, byte[]> foreign;
    private static String checkpoint;
    private static String pages;

    @BeforeAll
    static void makeStores() {
        final MemoryFileOps disk = new MemoryFileOps();
        write(disk, 1);
        older = disk.image();
        write(disk, 2);
        image = disk.image();
        checkpoint = named(image, CheckpointFileNames.CHECKPOINT_SUFFIX);
        pages = named(image, CheckpointFileNames.PAGES_SUFFIX);
        final MemoryFileOps other = new MemoryFileOps();
        write(other, 1);
        write(other, 2);
        foreign = other.image();
    }

    private static String named(final Map<String, byte[]> files, final String suffix) {
        return files.keySet().stream().filter(name -> name.endsWith(suffix)).findFirst().orElseThrow();
    }

    private static EngineStore open(final MemoryFileOps disk) {
        return EngineStore.openWithoutThreads(new RecoverySettings(disk, DIRECTORY, new DirectChunkAllocator(), true,
            false, false, true, 1000, (phase, done, total) -> {
            }, System::currentTimeMillis, true, 1 << 20), 1 << 14, SyncPolicy.NONE, 0);
    }

    private static String value(final int key, final int version) {
        return "value " + key + " " + version + "*".repeat(200);
    }

    private static void write(final MemoryFileOps disk, final int version) {
        try (EngineStore store = open(disk)) {
            store.spread(5);
            for (int i = 0; i < KEYS; i++) {
                store.put("key" + i, value(i, version));
            }
            store.housekeep();
        }
    }

    private static Map<String, byte[]> with(final String name, final byte[] bytes) {
        final Map<String, byte[]> changed = new TreeMap<>(image);
        if (bytes == null) {
            changed.remove(name);
        } else {
            changed.put(name, bytes);
        }
        return changed;
    }

    private static MemoryFileOps disk(final Map<String, byte[]> files) {
        final MemoryFileOps disk = new MemoryFileOps();
        files.forEach((name, bytes) -> disk.put(name, bytes.clone()));
        return disk;
    }

    /** Opens and reads everything; whether the store was opened from the checkpoint. */
    private static boolean check(final Map<String, byte[]> files, final String what) {
        final EngineStore store = open(disk(files));
        final boolean used = store.report().checkpoint() >= 0;
        if (!used) {
            assertTrue(store.report().notes().toString().contains("checkpoint"), what + ": " + store.report());
            assertEquals(KEYS, store.contents().size(), what);
        }
        for (int i = 0; i < KEYS; i++) {
            try {
                assertEquals(value(i, 2), store.get("key" + i), what);
            } catch (final CorruptionException ex) {
                assertTrue(used, what + ": " + ex);
                assertEquals(pages, ex.file(), what);
                assertEquals(0, ex.offset() % HeaderDescriptor.PAGE_LENGTH, what + ": " + ex);
                assertTrue(ex.getMessage().contains(pages), ex.getMessage());
            }
        }
        store.abandon();
        return used;
    }

    private static Damage damage(final Map<String, byte[]> files, final String what) {
        final VerifyReport report = EngineStore.verify(disk(files), DIRECTORY);
        assertFalse(report.sound(), what + ": " + report);
        final Damage damage = report.damages().get(0);
        assertEquals("index", damage.area(), what + ": " + damage);
        return damage;
    }

    private static byte[] flipped(final String name, final int offset) {
        final byte[] bytes = image.get(name).clone();
        bytes[offset] ^= (byte)(1 << offset % 8);
        return bytes;
    }

    @Test
    void shouldOpenFromTheCheckpointThatIsSound() {
        assertTrue(check(image, "sound"));
        assertTrue(EngineStore.verify(disk(image), DIRECTORY).sound());
    }

    @Test
    void shouldOpenFromTheLogWhicheverByteOfTheCheckpointIsFlipped() {
        final int length = image.get(checkpoint).length;
        for (int offset = 0; offset < length; offset++) {
            if (offset == HeaderDescriptor.SECTOR_LENGTH) {
                offset = HeaderDescriptor.PAGE_LENGTH;
            }
            final String what = "byte " + offset + " of " + length;
            final Map<String, byte[]> files = with(checkpoint, flipped(checkpoint, offset));
            assertFalse(check(files, what), what);
            final Damage damage = damage(files, what);
            assertEquals(checkpoint, damage.file(), what);
            assertEquals(offset < HeaderDescriptor.PAGE_LENGTH ? 0 : HeaderDescriptor.PAGE_LENGTH, damage.offset());
        }
    }

    @Test
    void shouldOpenFromTheLogWhereverTheCheckpointIsCutShort() {
        final byte[] whole = image.get(checkpoint);
        for (int length = 0; length < whole.length; length += length < HeaderDescriptor.PAGE_LENGTH - 8 ? 61 : 1) {
            final Map<String, byte[]> files = with(checkpoint, Arrays.copyOf(whole, length));
            assertFalse(check(files, "length " + length));
            assertEquals(Damage.Kind.CHECKPOINT, damage(files, "length " + length).kind());
        }
        assertFalse(check(with(checkpoint, Arrays.copyOf(whole, whole.length + 8)), "too long"));
    }

    @Test
    void shouldNameEveryPageThatIsDamagedAndNeverUseOne() {
        final int length = image.get(pages).length;
        int told = 0;
        for (int offset = 0; offset < length; offset += offset < HeaderDescriptor.SECTOR_LENGTH ? 13 : STEP_IN_PAGES) {
            final Map<String, byte[]> files = with(pages, flipped(pages, offset));
            check(files, "byte " + offset + " of the pages");
            final VerifyReport report = EngineStore.verify(disk(files), DIRECTORY);
            if (!report.sound()) {
                told++;
                final Damage damage = report.damages().get(0);
                assertEquals("index", damage.area());
                assertEquals(pages, damage.file());
                assertEquals(offset / HeaderDescriptor.PAGE_LENGTH * HeaderDescriptor.PAGE_LENGTH, damage.offset());
            }
        }
        assertTrue(told > 5 * HeaderDescriptor.PAGE_LENGTH / STEP_IN_PAGES, told + " damages told");
    }

    @Test
    void shouldOpenWhereverThePagesAreCutShortOrMissing() {
        final byte[] whole = image.get(pages);
        for (int length = 0; length < whole.length; length += 509) {
            check(with(pages, Arrays.copyOf(whole, length)), "length " + length + " of the pages");
        }
        assertEquals(Damage.Kind.INDEX_PAGE, damage(with(pages, new byte[0]), "empty").kind());
        assertFalse(check(with(pages, null), "no pages"));
        final VerifyReport report = EngineStore.verify(disk(with(pages, null)), DIRECTORY);
        assertTrue(report.notes().toString().contains(pages + " is missing"), report.toString());
        final Map<String, byte[]> neither = with(pages, null);
        neither.remove(checkpoint);
        final EngineStore store = open(disk(neither));
        assertEquals(-1, store.report().checkpoint());
        assertEquals(KEYS, store.contents().size());
        store.abandon();
    }

    @Test
    void shouldNotUseFilesOfAnotherStore() {
        final byte[] other = foreign.get(named(foreign, CheckpointFileNames.CHECKPOINT_SUFFIX));
        assertFalse(check(with(checkpoint, other), "a checkpoint of another store"));
        assertEquals(Damage.Kind.CHECKPOINT, damage(with(checkpoint, other), "another store").kind());
        final byte[] otherPages = foreign.get(named(foreign, CheckpointFileNames.PAGES_SUFFIX));
        assertFalse(check(with(pages, otherPages), "pages of another store"));
        assertEquals(0, damage(with(pages, otherPages), "another store").offset());
    }

    @Test
    void shouldNotUseFilesOfALaterFormatVersion() {
        for (final String name : new String[] {checkpoint, pages}) {
            final byte[] bytes = image.get(name).clone();
            final UnsafeBuffer page = new UnsafeBuffer(bytes);
            final HeaderDescriptor.Identity known = HeaderDescriptor.identity(page);
            HeaderDescriptor.putIdentity(page, new HeaderDescriptor.Identity(known.version() + 1, known.kind(),
                known.storeIdHigh(), known.storeIdLow(), known.segmentId(), known.basePosition(), known.length(),
                known.salt(), known.hashSeed()));
            assertFalse(check(with(name, bytes), "a later version of " + name));
            assertTrue(damage(with(name, bytes), name).detail().contains("version " + (known.version() + 1)));
        }
    }

    @Test
    void shouldNotUseAnOlderFileThatWasCopiedOverANewerOne() {
        final String olderName = named(older, CheckpointFileNames.CHECKPOINT_SUFFIX);
        assertFalse(check(with(checkpoint, older.get(olderName)), "an older checkpoint under the newest name"));
        check(with(pages, older.get(pages)), "older pages");
        final Map<String, byte[]> both = with(pages, older.get(pages));
        both.remove(checkpoint);
        both.put(olderName, older.get(olderName));
        check(both, "an older checkpoint with its pages");
        final Map<String, byte[]> put = with(olderName, older.get(olderName));
        put.remove(checkpoint);
        check(put, "an older checkpoint with newer pages");
    }
}
