package org.mapcask.keydir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A walk through the pages of a keydir while a writer goes on. */
class KeydirWalkTest {
    private static final int KEYS = 20_000;

    private record Change(long key, long position, boolean gone) {
    }

    private final List<Change> changes = new ArrayList<>();

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
            walk.write();
            change(paged, random, random.nextInt(40));
            walk.confirm();
            change(paged, random, random.nextInt(40));
        }
        change(paged, random, 500);
        final MemoryPages image = paged.store.copy();
        final PagedKeydir restored = new PagedKeydir(image);
        restored.keydir.restore(StoredPages.of(restored.keydir, walk.slots(), walk.depths(), walk.count()), 0);
        for (final Change change : changes) {
            restored.keydir.enter(PagedKeydir.hash(change.key()), change.position(), change.gone(), true);
        }
        restored.model.putAll(paged.model);
        KeydirWalk.settleAll(restored.keydir);
        for (long key = 0; key < KEYS + 500; key++) {
            restored.check(key);
        }
        assertEquals(paged.model.size(), KeydirInspector.forEach(restored.keydir, position -> {
        }), "seed " + seed);
        assertTrue(walk.pagesWritten() > 0 && walk.count() >= walk.pagesWritten());
        paged.checkAll(KEYS + 500);
        paged.keydir.close();
        restored.keydir.close();
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

    private static KeydirWalk run(final PagedKeydir paged) {
        paged.store.forgetKept();
        final KeydirWalk walk = new KeydirWalk(paged.keydir, true);
        while (!walk.isDone()) {
            walk.prefetch();
            walk.capture();
            walk.write();
            walk.confirm();
        }
        return walk;
    }
}
