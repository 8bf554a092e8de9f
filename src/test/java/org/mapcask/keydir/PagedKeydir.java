package org.mapcask.keydir;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** A keydir with a few frames over {@link MemoryPages}, and what it has to hold. One writer. */
final class PagedKeydir implements KeyPairs {
    static final int FRAMES = 24;
    private static final int KEY_BITS = 20;
    /** Lets some hundred changes wait, in so many frames. */
    private static final long BUDGET = 20_000;
    static final int FRAMES_THAT_WAIT = 2;

    final MemoryPages store;
    final Keydir keydir;
    final Map<Long, Long> model = new HashMap<>();
    private final Set<Long> replaced = new HashSet<>();
    private long version;

    PagedKeydir(final MemoryPages store) {
        this(store, new FewFrames(FRAMES), BUDGET);
    }

    /** With more room. */
    PagedKeydir(final MemoryPages store, final ChunkAllocator memory, final long budget) {
        this.store = store;
        keydir = new Keydir(memory);
        keydir.attach(store, budget, this);
    }

    static long key(final long position) {
        return position >>> 3 & (1 << KEY_BITS) - 1;
    }

    static long version(final long position) {
        return position >>> 3 + KEY_BITS;
    }

    static long hash(final long key) {
        return FakeLog.mix(key);
    }

    static KeyMatcher matcher(final long key, final PageReads reads) {
        return new KeyMatcher() {
            @Override
            public boolean matches(final long position) {
                return key(position) == key;
            }

            @Override
            public PageReads pageReads() {
                return reads;
            }
        };
    }

    @Override
    public boolean sameKey(final long position, final long other) {
        return key(position) == key(other);
    }

    @Override
    public void touch(final long[] positions, final int count) {
    }

    @Override
    public void onReplaced(final long position) {
        if (!replaced.add(position)) {
            throw new AssertionError("replaced twice: key " + key(position) + ", version " + version(position));
        }
    }

    /** The position that the next put of a key gives it. */
    long nextPosition(final long key) {
        return (++version << KEY_BITS | key) << 3;
    }

    /** Puts as the store does: late, or, if its page is not in memory, without a look at it. */
    long put(final long key) {
        final long position = nextPosition(key);
        if (keydir.canPutLate(hash(key))) {
            keydir.putLate(hash(key), position);
        } else if (keydir.canPutOff(hash(key))) {
            keydir.putOff(hash(key), position);
        } else {
            note(keydir.put(hash(key), position, matcher(key, new PageReads())));
        }
        model.put(key, position);
        return position;
    }

    boolean remove(final long key) {
        final long before = keydir.remove(hash(key), matcher(key, new PageReads()));
        note(before);
        final Long expected = model.remove(key);
        if ((expected == null ? Keydir.NOT_FOUND : expected) != before) {
            throw new AssertionError("removed " + before + " where " + expected + " was");
        }
        return expected != null;
    }

    private void note(final long before) {
        if (before != Keydir.NOT_FOUND) {
            onReplaced(before);
        }
    }

    void check(final long key) {
        final PageReads reads = new PageReads();
        final long found = keydir.find(hash(key), matcher(key, reads));
        final long expected = model.getOrDefault(key, Keydir.NOT_FOUND);
        if (found != expected) {
            throw new AssertionError("key " + key + " is at " + found + " where " + expected + " was expected");
        }
        if (reads.hasPage()) {
            keydir.adopt(reads);
        }
    }

    /** Some operation on some key. */
    void step(final Random random, final int keys) {
        final long key = random.nextInt(keys);
        final int dice = random.nextInt(10);
        if (dice < 5) {
            put(key);
        } else if (dice < 6) {
            remove(key);
        } else {
            check(key);
        }
    }

    /** Everything, after what waits was entered. */
    void checkAll(final int keys) {
        keydir.settle();
        KeydirWalk.settleAll(keydir);
        if (keydir.size() != model.size() || keydir.pending() != 0) {
            throw new AssertionError(keydir.size() + " keys where " + model.size() + " were put; waiting "
                + keydir.pending());
        }
        for (long key = 0; key < keys; key++) {
            check(key);
        }
        final Set<Long> seen = new HashSet<>();
        KeydirInspector.forEach(keydir, seen::add);
        if (!seen.equals(new HashSet<>(model.values()))) {
            throw new AssertionError("an iteration has " + seen.size() + " positions, not the " + model.size());
        }
        for (final long position : seen) {
            if (replaced.contains(position)) {
                throw new AssertionError("an entry leads to a record that was replaced");
            }
        }
        if (replaced.size() + model.size() != version) {
            throw new AssertionError(replaced.size() + " replaced and " + model.size() + " live of " + version);
        }
    }
}
