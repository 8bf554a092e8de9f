package org.mapcask.bench.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.mapcask.lab.rig.Operation;
import org.mapcask.lab.rig.Workload;

/**
 * Puts and gets over numbered keys, for the rig. Calls come one by one, each timed, and in blocks that are timed as a
 * whole, in turns: single ones give percentiles, blocks give the rate without what a clock costs. Keys and values of a
 * block are made beforehand and outside the clock, so a rate is that of a thread that does nothing but call the store.
 *
 * <p>Every answer is checked: outside the clock and byte by byte after a single call, by a glance at three words
 * inside a block.
 */
final class PeerWorkload implements Workload, AutoCloseable {
    /** {@link Operation#kind()} of a single call. */
    static final int SINGLE = 0;
    /** Of a block of calls. */
    static final int BLOCK = 1;

    private static final int BLOCK_OF_SHORT = 64;
    private static final int BLOCK_OF_LONG = 16;
    private static final int SHORT_MAX = 1024;
    /** One call in so many is a single one. */
    private static final int BLOCK_TO_SINGLES = 4;

    private final PeerStore store;
    private final boolean direct;
    private final Mix mix;
    private final PeerKeys keys;
    private final long seed;
    private final List<PeerStore.Session> sessions = new ArrayList<>();

    /** What calls are made, and on which keys. */
    enum Mix {
        /** Puts each key once, in their order; the hash order of the keys is another. */
        LOAD,
        /** Gets keys that are equally likely. */
        GET,
        /** Gets keys of which few are popular. */
        GET_ZIPFIAN,
        /** Puts new versions of keys that are equally likely. */
        OVERWRITE,
        /** Gets and puts, equally likely, of keys of which few are popular. */
        MIXED_ZIPFIAN
    }

    /**
     * Makes the workload.
     *
     * @param store  owned by the caller.
     * @param direct whether slots lie outside of the heap.
     * @param mix    what to do.
     * @param keys   which keys there are, and which version each has.
     * @param seed   begin of the random numbers.
     */
    PeerWorkload(final PeerStore store, final boolean direct, final Mix mix, final PeerKeys keys, final long seed) {
        this.store = store;
        this.direct = direct;
        this.mix = mix;
        this.keys = keys;
        this.seed = seed;
    }

    /** Calls of a block. */
    static int blockLength(final int valueLength) {
        return valueLength <= SHORT_MAX ? BLOCK_OF_SHORT : BLOCK_OF_LONG;
    }

    private static int singles(final int valueLength) {
        return blockLength(valueLength) / BLOCK_TO_SINGLES;
    }

    /** Keys that one turn of single calls and a block have: the number of keys has to be a multiple of it. */
    static int turnLength(final int valueLength) {
        return blockLength(valueLength) + singles(valueLength);
    }

    /** Operations of the rig that are so many calls. */
    static long operations(final long calls, final int valueLength) {
        return calls / turnLength(valueLength) * (singles(valueLength) + 1);
    }

    @Override
    public Operation newOperation(final int thread, final int threads) {
        return new Calls(thread, threads);
    }

    /** Ends the sessions of all threads, which work no longer. */
    @Override
    public void close() {
        sessions.forEach(PeerStore.Session::close);
        sessions.clear();
    }

    /** Opens the session of the calling thread. */
    private synchronized PeerStore.Session open() {
        try {
            final PeerStore.Session session = store.newSession();
            sessions.add(session);
            return session;
        } catch (final Exception e) {
            throw new IllegalStateException("no session: " + e, e);
        }
    }

    private final class Calls implements Operation {
        private final int singles = singles(keys.valueLength());
        private final PeerSlot[] slots = new PeerSlot[blockLength(keys.valueLength())];
        private final int[] indexes = new int[slots.length];
        private final boolean[] puts = new boolean[slots.length];
        private final SplittableRandom random;
        private final int thread;
        private final int threads;
        private PeerStore.Session session;
        private int turn;
        private int count;
        private long made;
        private boolean right;

        Calls(final int thread, final int threads) {
            this.thread = thread;
            this.threads = threads;
            random = new SplittableRandom(seed + thread);
            for (int i = 0; i < slots.length; i++) {
                slots[i] = new PeerSlot(keys.valueLength(), direct);
            }
        }

        @Override
        public int kind() {
            return count == 1 ? SINGLE : BLOCK;
        }

        @Override
        public void prepare() {
            if (session == null) {
                session = open();
            }
            count = turn++ % (singles + 1) < singles ? 1 : slots.length;
            for (int i = 0; i < count; i++) {
                prepare(i);
            }
            right = true;
        }

        private void prepare(final int i) {
            final int index = switch (mix) {
                case LOAD -> (int) made;
                case GET, OVERWRITE -> random.nextInt(keys.count());
                case GET_ZIPFIAN, MIXED_ZIPFIAN -> keys.zipfian().next(random);
            };
            indexes[i] = index;
            puts[i] = switch (mix) {
                case LOAD, OVERWRITE -> true;
                case GET, GET_ZIPFIAN -> false;
                case MIXED_ZIPFIAN -> random.nextBoolean();
            };
            final PeerSlot slot = slots[i];
            slot.clear();
            keys.key(index, slot);
            if (puts[i]) {
                keys.value(index, mix == Mix.MIXED_ZIPFIAN
                    ? keys.untracked(made * threads + thread) : keys.nextVersion(index), slot);
            }
            made++;
        }

        @Override
        public void perform() {
            try {
                if (count == 1) {
                    call(0);
                    return;
                }
                boolean good = true;
                for (int i = 0; i < count; i++) {
                    final int length = call(i);
                    if (!puts[i]) {
                        good &= VersionedValue.glance(indexes[i], slots[i].answer(), 0, length)
                            != VersionedValue.WRONG;
                    }
                }
                right = good;
            } catch (final Exception e) {
                throw new IllegalStateException(e.toString(), e);
            }
        }

        private int call(final int i) throws Exception {
            final PeerSlot slot = slots[i];
            if (puts[i]) {
                session.put(slot);
                return slot.value.capacity();
            }
            final int length = session.get(slot);
            if (count == 1) {
                right = length == keys.valueLength();
            }
            return length;
        }

        @Override
        public boolean verify() {
            return right && (count > 1 || puts[0]
                || keys.isRight(indexes[0], slots[0].answer(), 0, keys.valueLength()));
        }
    }
}
