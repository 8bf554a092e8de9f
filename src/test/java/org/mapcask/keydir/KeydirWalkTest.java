package org.mapcask.keydir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mapcask.io.ReadPace;

/** A walk through the pages of a keydir while a writer goes on. */
class KeydirWalkTest {
    private static final int KEYS = 20_000;

    private record Change(long key, long position, boolean gone) {
    }

    private final List<Change> changes = new ArrayList<>();
    private final AtomicInteger copiedBeside = new AtomicInteger();

    private void change(final PagedKeydir paged, final Random random, final int count) {
        for (int i = 0; i < count; i++) {
            final long key = random.nextInt(KEYS + 500);
            if (random.nextInt(4) == 0) {
                if (paged.remove(key)) {
                    changes.add(new Change(key, paged.nextPosition(key), true));
                    paged.onReplaced(changes.get(changes.size() - 1).position());
                }
            } else {
                changes.add(new Change(key, paged.put(key), false));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldKeepImagesFromWhichTheChangesSinceLeadToTheSameKeys(final long seed) {
        final Random random = new Random(seed);
        final PagedKeydir paged = new PagedKeydir(new MemoryPages());
        for (long key = 0; key < KEYS; key++) {
            paged.put(key);
        }
        change(paged, random, 2_000);
        changes.clear();
        final KeydirWalk walk = new KeydirWalk(paged.keydir, true);
        while (!walk.isDone()) {
            walk.prefetch();
            walk.capture();
            change(paged, random, random.nextInt(40));
            if (random.nextInt(3) == 0 || !walk.copy()) {
                walk.copyRest();
            }
            change(paged, random, random.nextInt(40));
            walk.write();
            change(paged, random, random.nextInt(40));
            walk.confirm();
            change(paged, random, random.nextInt(40));
        }
        change(paged, random, 500);
        checkImages(paged, walk, "seed " + seed);
        assertTrue(walk.pagesWritten() > 0 && walk.count() >= walk.pagesWritten());
        paged.checkAll(KEYS + 500);
        paged.keydir.close();
    }

    private void checkImages(final PagedKeydir paged, final KeydirWalk walk, final String where) {
        final MemoryPages image = paged.store.copy();
        final PagedKeydir restored = new PagedKeydir(image);
        restored.keydir.restore(walk.slots(), walk.depths(), walk.count(), 0);
        for (final Change change : changes) {
            restored.keydir.enter(PagedKeydir.hash(change.key()), change.position(), change.gone(), true);
        }
        restored.model.putAll(paged.model);
        KeydirWalk.settleAll(restored.keydir);
        for (long key = 0; key < KEYS + 500; key++) {
            restored.check(key);
        }
        assertEquals(paged.model.size(), KeydirInspector.forEach(restored.keydir, position -> {
        }), where);
        restored.keydir.close();
    }

    /** The story: a checkpoint copies pages while puts and deletes go on, split them, and move their entries. */
    @Test
    void shouldKeepSuchImagesOfPagesThatItCopiesBesideAWriter() throws Exception {
        final PagedKeydir paged =
            new PagedKeydir(new MemoryPages(), new DirectChunkAllocator(), Long.MAX_VALUE / 2);
        for (long key = 0; key < KEYS; key += 3) {
            paged.put(key);
        }
        final ReentrantLock lock = new ReentrantLock();
        final AtomicBoolean over = new AtomicBoolean();
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        final Thread writer = new Thread(() -> {
            final Random random = new Random(5);
            try {
                while (!over.get()) {
                    locked(lock, () -> change(paged, random, 1));
                }
            } catch (final RuntimeException | Error ex) {
                failure.set(ex);
            }
        });
        writer.start();
        try {
            for (int round = 0; round < 30 && failure.get() == null; round++) {
                final String where = "round " + round;
                final KeydirWalk walk = walkBeside(paged, lock);
                locked(lock, () -> {
                    paged.keydir.settle();
                    checkImages(paged, walk, where);
                });
            }
        } finally {
            over.set(true);
            writer.join();
        }
        assertNull(failure.get(), () -> String.valueOf(failure.get()));
        assertTrue(copiedBeside.get() > 10, () -> copiedBeside + " steps copied everything beside the writer");
        paged.checkAll(KEYS + 500);
        paged.keydir.close();
    }

    private KeydirWalk walkBeside(final PagedKeydir paged, final ReentrantLock lock) {
        final KeydirWalk[] walk = new KeydirWalk[1];
        locked(lock, () -> {
            paged.keydir.settle();
            changes.clear();
            paged.store.forgetKept();
            walk[0] = new KeydirWalk(paged.keydir, true);
        });
        while (!walk[0].isDone()) {
            locked(lock, walk[0]::capture);
            if (walk[0].copy()) {
                copiedBeside.incrementAndGet();
            } else {
                locked(lock, walk[0]::copyRest);
            }
            walk[0].write();
            locked(lock, walk[0]::confirm);
        }
        return walk[0];
    }

    private static void locked(final ReentrantLock lock, final Runnable work) {
        lock.lock();
        try {
            work.run();
        } finally {
            lock.unlock();
        }
    }

    @Test
    void shouldWriteOnlyWhatChangedSinceTheWalkBefore() {
        final PagedKeydir paged = new PagedKeydir(new MemoryPages());
        for (long key = 0; key < KEYS; key++) {
            paged.put(key);
        }
        run(paged);
        final KeydirWalk nothing = run(paged);
        assertEquals(0, nothing.pagesWritten());
        assertEquals(paged.keydir.pages(), nothing.count());
        paged.remove(7);
        assertEquals(1, run(paged).pagesWritten());
        paged.keydir.close();
    }

    /**
     * The story: changes wait for pages, and the records with which they have to be compared come from a device. What a
     * step compares under the lock of the writers was read before, but for the keys that did not get into the line of
     * their page where they are looked for first.
     */
    @Test
    void shouldHaveRecordsReadBesideTheWriterOnceComparisonsAreSlow() {
        final PagedKeydir paged = new PagedKeydir(new MemoryPages());
        for (long key = 0; key < KEYS; key++) {
            paged.put(key);
        }
        run(paged);
        final Listening pairs = new Listening(paged);
        paged.keydir.compareWith(pairs);
        final Random random = new Random(6);
        final ReadPace pace = paged.keydir.cache().pace();
        change(paged, random, 300);
        run(paged, () -> pace.asked(1_000, 0));
        assertTrue(pairs.compared.size() > 50 && pairs.brought.isEmpty(), pairs::toString);
        change(paged, random, 300);
        pairs.compared.clear();
        run(paged, () -> {
            while (!pace.isCold()) {
                pace.looked(1, Long.MAX_VALUE);
            }
        });
        final long missed = pairs.compared.stream().filter(position -> !pairs.brought.contains(position)).count();
        assertTrue(pairs.compared.size() > 50 && missed < pairs.compared.size() / 5,
            () -> missed + " missed of " + pairs.compared.size());
        paged.checkAll(KEYS + 500);
        paged.keydir.close();
    }

    private static KeydirWalk run(final PagedKeydir paged) {
        return run(paged, () -> {
        });
    }

    private static KeydirWalk run(final PagedKeydir paged, final Runnable beforeEachStep) {
        paged.store.forgetKept();
        final KeydirWalk walk = new KeydirWalk(paged.keydir, true);
        while (!walk.isDone()) {
            beforeEachStep.run();
            walk.prefetch();
            walk.capture();
            assertTrue(walk.copy(), "nobody changes anything");
            walk.write();
            walk.confirm();
        }
        return walk;
    }

    /** Tells which records were brought, and which were compared. */
    private static final class Listening implements KeyPairs {
        private final PagedKeydir paged;
        private final Set<Long> brought = new HashSet<>();
        private final Set<Long> compared = new HashSet<>();

        Listening(final PagedKeydir paged) {
            this.paged = paged;
        }

        @Override
        public boolean sameKey(final long position, final long other) {
            compared.add(other);
            return paged.sameKey(position, other);
        }

        @Override
        public void touch(final long[] positions, final int count) {
            paged.touch(positions, count);
        }

        @Override
        public void bring(final long[] positions, final int count) {
            Arrays.stream(positions, 0, count).forEach(brought::add);
        }

        @Override
        public void onReplaced(final long position) {
            paged.onReplaced(position);
        }

        @Override
        public String toString() {
            return "brought " + brought + ", compared " + compared;
        }
    }
}
