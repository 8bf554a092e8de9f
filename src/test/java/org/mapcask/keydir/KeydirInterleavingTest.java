package org.mapcask.keydir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The writer strikes at the worst moment: while a reader that has loaded a slot asks its matcher. The matcher of the
 * reader does the writer's work, then denies the position, as one does whose segment was retired.
 */
class KeydirInterleavingTest {
    private static final long HASH = 0x1234_5678_0000_0000L;

    private final Keydir keydir = new Keydir(new DirectChunkAllocator());
    private final FakeLog log = new FakeLog();

    @AfterEach
    void close() {
        keydir.close();
    }

    @Test
    void shouldFindAnEntryThatIsOverwrittenUnderTheReader() {
        insert(1, HASH);
        final Striker striker = new Striker(1, () -> keydir.put(HASH, FakeLog.position(1, 1), log.seek(1)));
        assertEquals(FakeLog.position(1, 1), keydir.find(HASH, striker));
    }

    @Test
    void shouldFindAnEntryThatMovesOnUnderTheReader() {
        // Home line and the three behind it are full of entries at home, then one more comes to line 0.
        for (int line = 0; line < 4; line++) {
            for (int slot = 0; slot < 7; slot++) {
                final long key = 1 + line * 7 + slot;
                insert(key, hash(key, line));
            }
        }
        for (long key = 1; key <= 28; key++) {
            final long sought = key;
            final long guest = 100 + key;
            final int line = (int) (sought - 1) / 7;
            final Striker striker = new Striker(sought, () -> {
                insert(guest, hash(guest, 0));
                keydir.put(hash(sought, line), FakeLog.position(sought, 1), log.seek(sought));
            });
            assertEquals(FakeLog.position(sought, 1), keydir.find(hash(sought, line), striker), "key " + sought);
            assertTrue(keydir.remove(hash(guest, 0), log.seek(guest)) != Keydir.NOT_FOUND);
            KeydirInspector.check(keydir, "key " + sought);
        }
        assertEquals(1, keydir.pages(), "entries moved, the page did not split");
    }

    @Test
    void shouldFindAnEntryWhoseFrameServesAnotherPageUnderTheReader() {
        for (long key = 1; key <= 300; key++) {
            insert(key, FakeLog.mix(key));
        }
        for (long key = 1; key <= 300; key += 50) {
            final long sought = key;
            final long first = 10_000 * key;
            final Striker striker = new Striker(sought, () -> {
                for (long guest = first; guest < first + 3000; guest++) {
                    insert(guest, FakeLog.mix(guest));
                }
                keydir.put(FakeLog.mix(sought), FakeLog.position(sought, 7), log.seek(sought));
            });
            assertEquals(FakeLog.position(sought, 7), keydir.find(FakeLog.mix(sought), striker), "key " + sought);
        }
        KeydirInspector.check(keydir, "grown");
    }

    @Test
    void shouldMissAnEntryThatIsRemovedUnderTheReader() {
        insert(1, HASH);
        final Striker striker = new Striker(1, () -> keydir.remove(HASH, log.seek(1)));
        assertEquals(Keydir.NOT_FOUND, keydir.find(HASH, striker));
    }

    @Test
    void shouldGoOnBehindEntriesThatOnlyLookAlike() {
        for (long key = 1; key <= 28; key++) {
            insert(key, HASH);
        }
        for (long key = 1; key <= 28; key++) {
            assertEquals(FakeLog.position(key, 0), keydir.find(HASH, new FakeLog().seek(key)), "key " + key);
        }
        final FakeLog reader = new FakeLog();
        assertEquals(Keydir.NOT_FOUND, keydir.find(HASH, reader.seek(29)));
        assertEquals(28, reader.questions(), "each candidate is asked about once");
    }

    private void insert(final long key, final long hash) {
        assertEquals(Keydir.NOT_FOUND, keydir.put(hash, FakeLog.position(key, 0), log.seek(key)), "key " + key);
    }

    /** A hash with a home line and otherwise good bits. */
    private static long hash(final long key, final int line) {
        return FakeLog.mix(key) & 0xFFFFFFFF_00000000L | ((long) line << 32) / 63 + 1;
    }

    /** Acts when it is first asked about the key sought, and denies; compares after that. */
    private static final class Striker implements KeyMatcher {
        private final long sought;
        private Runnable action;

        Striker(final long sought, final Runnable action) {
            this.sought = sought;
            this.action = action;
        }

        @Override
        public boolean matches(final long position) {
            final boolean same = FakeLog.key(position) == sought;
            if (same && action != null) {
                final Runnable now = action;
                action = null;
                now.run();
                return false;
            }
            return same;
        }
    }
}
