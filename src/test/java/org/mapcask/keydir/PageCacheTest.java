package org.mapcask.keydir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.mapcask.errors.CorruptionException;
import org.mapcask.errors.StorageSpaceException;

/** A keydir of several times as many pages as there are frames. */
class PageCacheTest {
    private static final long SEED = 20261127;
    private static final int KEYS = 30_000;
    private static final int STEPS = 150_000;

    private final MemoryPages store = new MemoryPages();
    private final PagedKeydir paged = new PagedKeydir(store);

    private void fill() {
        for (long key = 0; key < KEYS; key++) {
            paged.put(key);
        }
        assertTrue(paged.keydir.pages() > 2 * PagedKeydir.FRAMES, paged.keydir.pages() + " pages");
    }

    @Test
    void shouldAnswerAsAMapDoesWithFewFrames() {
        final Random random = new Random(SEED);
        fill();
        for (int i = 0; i < STEPS; i++) {
            paged.step(random, KEYS + 1_000);
            if (i % 30_000 == 0) {
                paged.checkAll(KEYS + 1_000);
            }
        }
        paged.checkAll(KEYS + 1_000);
        assertTrue(paged.keydir.figures().evictions() > 1_000, "seed " + SEED + ": " + paged.keydir.figures());
        assertTrue(store.dealt() <= paged.keydir.pages(), store.dealt() + " slots for " + paged.keydir.pages());
        paged.keydir.close();
    }

    /** A merge asks whether the keydir leads to a position: not if a newer one of its key waits for the page. */
    @Test
    void shouldNotLeadToAPositionThatOneWhichWaitsHides() {
        fill();
        int hidden = 0;
        for (long key = 0; key < 200; key++) {
            final long before = paged.model.get(key);
            assertEquals(before, paged.keydir.find(PagedKeydir.hash(key), byPosition(before)));
            final int pending = paged.keydir.pending();
            final long after = paged.put(key);
            assertNotEquals(before, paged.keydir.find(PagedKeydir.hash(key), byPosition(before)));
            assertEquals(after, paged.keydir.find(PagedKeydir.hash(key), byPosition(after)));
            hidden += paged.keydir.pending() > pending ? 1 : 0;
        }
        assertTrue(hidden > 0, "changes that waited");
        paged.keydir.close();
    }

    /** Who asks for the keys in the order of their hashes reads each page that is not in memory once. */
    @Test
    void shouldReadAPageOnceForKeysThatFollowEachOther() {
        fill();
        final PageReads reads = new PageReads();
        final List<Long> keys = new ArrayList<>(paged.model.keySet());
        keys.sort((a, b) -> Long.compareUnsigned(PagedKeydir.hash(a), PagedKeydir.hash(b)));
        for (final long key : keys) {
            assertEquals(paged.model.get(key),
                paged.keydir.find(PagedKeydir.hash(key), PagedKeydir.matcher(key, reads)));
        }
        assertTrue(reads.reads() > 0 && reads.reads() <= paged.keydir.pages(),
            reads.reads() + " reads of " + paged.keydir.pages() + " pages");
        paged.keydir.close();
    }

    /** The page that was read last is another one once it has been in memory and was changed there. */
    @Test
    void shouldNotAnswerFromACopyThatIsOutOfDate() {
        fill();
        final PageReads reads = new PageReads();
        final Random random = new Random(SEED + 2);
        for (int i = 0; i < 20_000; i++) {
            final long key = random.nextInt(64);
            paged.step(random, KEYS);
            final Long expected = paged.model.get(key);
            assertEquals(expected == null ? Keydir.NOT_FOUND : expected,
                paged.keydir.find(PagedKeydir.hash(key), PagedKeydir.matcher(key, reads)), "step " + i);
        }
        paged.keydir.close();
    }

    private static KeyMatcher byPosition(final long position) {
        return new KeyMatcher() {
            @Override
            public boolean matches(final long candidate) {
                return candidate == position;
            }

            @Override
            public boolean matchesWaiting(final long candidate) {
                return PagedKeydir.key(candidate) == PagedKeydir.key(position);
            }
        };
    }

    @Test
    void shouldChangeNothingWhenAPageCannotBeWritten() {
        final Random random = new Random(SEED + 1);
        fill();
        int failed = 0;
        for (int i = 0; i < 400; i++) {
            if (i % 2 == 0) {
                store.failAfter(random.nextInt(20));
            } else {
                store.refuseAfter(random.nextInt(20));
            }
            final long key = random.nextInt(KEYS);
            try {
                for (int j = 0; j < 200; j++) {
                    paged.put(random.nextInt(KEYS));
                }
                paged.remove(key);
            } catch (final StorageSpaceException ex) {
                failed++;
            }
            store.failAfter(Integer.MAX_VALUE);
            store.refuseAfter(Integer.MAX_VALUE);
            paged.check(key);
        }
        assertTrue(failed > 50, failed + " failures");
        for (long key = 0; key < KEYS; key++) {
            paged.check(key);
        }
        paged.keydir.close();
    }

    /** Pages go and come back in other frames and other slots while readers are in the middle of them. */
    @Test
    void shouldGiveReadersNoWrongAnswerWhilePagesComeAndGo() throws InterruptedException {
        final Random random = new Random(SEED + 2);
        fill();
        final AtomicLongArray begun = new AtomicLongArray(KEYS);
        final AtomicLong dealt = new AtomicLong();
        final AtomicLongArray done = new AtomicLongArray(KEYS);
        paged.model.forEach((key, position) -> {
            begun.set((int)(long)key, PagedKeydir.version(position));
            done.set((int)(long)key, PagedKeydir.version(position));
            dealt.accumulateAndGet(PagedKeydir.version(position), Math::max);
        });
        final AtomicBoolean running = new AtomicBoolean(true);
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        final ReentrantLock lock = new ReentrantLock();
        final long[] gets = new long[2];
        final List<Thread> readers = new ArrayList<>();
        for (int i = 0; i < gets.length; i++) {
            final int reader = i;
            final Thread thread = new Thread(() -> read(reader, running, failure, lock, begun, done, dealt, gets));
            readers.add(thread);
            thread.start();
        }
        for (int i = 0; failure.get() == null && (i < STEPS || gets[0] < 2_000 || gets[1] < 2_000); i++) {
            final int key = random.nextInt(KEYS);
            lock.lock();
            try {
                final long position = paged.nextPosition(key);
                dealt.set(PagedKeydir.version(position));
                begun.set(key, PagedKeydir.version(position));
                if (random.nextBoolean() && paged.keydir.canPutOff(PagedKeydir.hash(key))) {
                    paged.keydir.putOff(PagedKeydir.hash(key), position);
                } else {
                    paged.keydir.put(PagedKeydir.hash(key), position, PagedKeydir.matcher(key, new PageReads()));
                }
                done.set(key, PagedKeydir.version(position));
            } finally {
                lock.unlock();
            }
        }
        running.set(false);
        for (final Thread reader : readers) {
            reader.join();
        }
        assertEquals(null, failure.get());
        paged.keydir.close();
    }

    private void read(
        final int reader, final AtomicBoolean running, final AtomicReference<Throwable> failure,
        final ReentrantLock lock, final AtomicLongArray begun, final AtomicLongArray done, final AtomicLong dealt,
        final long[] gets) {
        final Random random = new Random(SEED + 3 + reader);
        final PageReads reads = new PageReads();
        try {
            while (running.get() && failure.get() == null) {
                final int key = random.nextInt(KEYS);
                final long lowest = done.get(key);
                final long position = paged.keydir.find(PagedKeydir.hash(key), amongDealt(key, reads, dealt));
                final long version = PagedKeydir.version(position);
                if (position == Keydir.NOT_FOUND || version < lowest || version > begun.get(key)) {
                    throw new AssertionError("key " + key + ": version " + version + " is not from " + lowest + " on");
                }
                if (reads.hasPage() && lock.tryLock()) {
                    try {
                        paged.keydir.adopt(reads);
                    } finally {
                        lock.unlock();
                    }
                }
                gets[reader]++;
            }
        } catch (final RuntimeException | Error ex) {
            failure.compareAndSet(null, ex);
        }
    }

    /** One that must not be asked about what never was a position, such as a word of something else in a late frame. */
    private static KeyMatcher amongDealt(final long key, final PageReads reads, final AtomicLong dealt) {
        return new KeyMatcher() {
            @Override
            public boolean matches(final long position) {
                final long version = PagedKeydir.version(position);
                if (version < 1 || version > dealt.get() || PagedKeydir.key(position) >= KEYS) {
                    throw new AssertionError("asked about " + position + ", which is no position of a record");
                }
                return PagedKeydir.key(position) == key;
            }

            @Override
            public PageReads pageReads() {
                return reads;
            }
        };
    }

    /** Memory is for pages as long as no change waits, and changes take half of it at the most. */
    @Test
    void shouldLendTheMemoryOfChangesToPages() {
        fill();
        KeydirWalk.settleAll(paged.keydir);
        final PageReads reads = new PageReads();
        for (long key = 0; key < KEYS; key++) {
            assertNotEquals(Keydir.NOT_FOUND,
                paged.keydir.find(PagedKeydir.hash(key), PagedKeydir.matcher(key, reads)));
            paged.keydir.adopt(reads);
        }
        assertEquals(PagedKeydir.FRAMES, paged.keydir.figures().pagesInMemory());
        final int most = PagedKeydir.FRAMES_THAT_WAIT;
        int lent = 0;
        for (long key = 0; key < KEYS; key++) {
            paged.put(key);
            final int frames = paged.keydir.cache().pending().frames();
            assertTrue(frames <= most, frames + " frames of changes");
            assertTrue(paged.keydir.figures().pagesInMemory() <= PagedKeydir.FRAMES - frames);
            lent = Math.max(lent, frames);
        }
        assertEquals(most, lent);
        paged.checkAll(KEYS);
        assertEquals(0, paged.keydir.cache().pending().frames());
        paged.keydir.close();
    }

    /** The writer has the frame of the page for changes that wait by the time the reader asks its matcher. */
    @Test
    void shouldNotAskAboutWhatStandsWhereThePageWas() {
        fill();
        paged.keydir.settle();
        final long key = 7;
        final long hash = PagedKeydir.hash(key);
        final int prefix = KeydirPage.prefix(hash);
        final PageTable table = paged.keydir.table();
        paged.keydir.cache().frame(prefix);
        final int frame = table.frame(prefix);
        final long entry = table.entry(prefix);
        final KeydirMemory memory = paged.keydir.memory();
        final List<Long> asked = new ArrayList<>();
        final KeyMatcher matcher = position -> !asked.add(position);
        PageReader.probe(memory.chunk(frame), KeydirMemory.offset(frame), prefix, KeydirPage.homeLine(hash), matcher,
            table, entry);
        assertTrue(asked.contains(paged.model.get(key)), "the page is looked through while it is there");
        table.replace(prefix, table.pageDepth(prefix), frame);
        asked.clear();
        assertEquals(Keydir.NOT_FOUND, PageReader.probe(memory.chunk(frame), KeydirMemory.offset(frame), prefix,
            KeydirPage.homeLine(hash), matcher, table, entry));
        assertEquals(List.of(), asked);
        paged.keydir.close();
    }

    /** Two changes of a key wait; while the reader asks about the newer one, the writer enters both. */
    @Test
    void shouldNotGoOnToANodeThatIsNoLongerOne() {
        fill();
        long key = 0;
        while (paged.keydir.pending() == 0 || !waits(key, 2)) {
            paged.put(++key % KEYS);
            paged.put(key % KEYS);
        }
        final long hash = PagedKeydir.hash(key);
        final long newest = paged.model.get(key);
        final PageReads reads = new PageReads();
        final KeyMatcher plain = PagedKeydir.matcher(key, reads);
        final List<Long> asked = new ArrayList<>();
        final long found = paged.keydir.find(hash, new KeyMatcher() {
            @Override
            public boolean matches(final long position) {
                return plain.matches(position);
            }

            @Override
            public boolean matchesWaiting(final long position) {
                asked.add(position);
                paged.keydir.enterWaiting(hash);
                return asked.size() > 1 && plain.matches(position);
            }

            @Override
            public PageReads pageReads() {
                return reads;
            }
        });
        assertEquals(newest, found);
        assertEquals(List.of(newest), asked);
        paged.keydir.close();
    }

    private boolean waits(final long key, final int times) {
        final PendingChanges pending = paged.keydir.cache().pending();
        final int reference = paged.keydir.table().frame(KeydirPage.prefix(PagedKeydir.hash(key)));
        int found = 0;
        for (int node = reference < 0 ? pending.head(~reference) : 0; node != 0; node = pending.next(node)) {
            found += pending.hash(node) == PagedKeydir.hash(key) ? 1 : 0;
        }
        return found == times;
    }

    @Test
    void shouldNotAdoptAPageThatChangedSinceItWasRead() {
        fill();
        final PageReads reads = new PageReads();
        long key = 0;
        while (!reads.hasPage()) {
            paged.keydir.find(PagedKeydir.hash(++key), PagedKeydir.matcher(key, reads));
        }
        // The page comes into memory, changes, and goes again: its entry is not what it was.
        paged.remove(key);
        for (long other = 0; paged.keydir.table().frame(KeydirPage.prefix(PagedKeydir.hash(key))) >= 0; other++) {
            final long another = other == key ? KEYS : other;
            paged.keydir.put(PagedKeydir.hash(another), paged.nextPosition(another),
                PagedKeydir.matcher(another, new PageReads()));
        }
        paged.keydir.adopt(reads);
        assertEquals(Keydir.NOT_FOUND,
            paged.keydir.find(PagedKeydir.hash(key), PagedKeydir.matcher(key, new PageReads())));
        paged.keydir.close();
    }

    @Test
    void shouldRefuseAPageThatStandsInTheWrongPlace() {
        fill();
        final PageReads reads = new PageReads();
        long key = 0;
        while (!reads.hasPage()) {
            paged.keydir.find(PagedKeydir.hash(++key), PagedKeydir.matcher(key, reads));
        }
        final int prefix = KeydirPage.prefix(PagedKeydir.hash(key));
        final int slot = ~paged.keydir.table().frame(prefix);
        final PageBuffer other = new PageBuffer();
        new PageSplitter().write(other.words(), 0, 0, 3, ~prefix);
        store.write(slot, other.bytes());
        final long damaged = key;
        final RuntimeException refused = assertThrows(CorruptionException.class, () ->
            paged.keydir.find(PagedKeydir.hash(damaged), PagedKeydir.matcher(damaged, new PageReads())));
        assertTrue(refused.getMessage().contains("slot " + slot), refused.getMessage());
        paged.keydir.close();
    }
}
