package org.mapcask.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * Makes the keydir entries of a batch change all at once for readers. The word is odd while they change. A reader
 * loads it before it looks into the keydir, and waits while it is odd; a single write leaves it alone, so it makes no
 * reader wait, and the word stays in the cache of every reader.
 *
 * <h2>Why one load before the lookup is enough</h2>
 * The word turns odd before the first slot is stored, and even after the last one; slots are stored with release and
 * loaded with acquire. Let the batch take place at the moment at which the word turns odd.
 * <ul>
 *   <li>Who has seen a slot of the batch, and asks for another key, or makes somebody else ask, sees the word odd or
 *       later: he waits, and then finds all of it.
 *   <li>Who loaded an even word before, and looks while the slots change, finds either the old or the new. If the new,
 *       his call took place after the batch; if the old, before it: his call had begun by then.
 *   <li>Who loads the word later finds all of the batch.
 * </ul>
 * So each lookup has a moment within its call at which the store was as it was found, and no moment lies in the middle
 * of a batch. One that loads more than one word (the number of keys, a page of an iteration) asks in addition whether
 * the word {@link #isUnchanged(long) is the same} afterwards.
 * <p>
 * What a reader waits for is one store of a slot for each entry of a batch, and nothing else: room, records and files
 * were seen to before. Any thread; {@link #begin()} and {@link #end()} under the write lock. Allocates nothing.
 */
final class InstallGate {
    private static final VarHandle SEQUENCE;
    private static final int SPINS = 200;
    private static final int YIELDS = 50;
    private static final long PAUSE_NS = 20_000;

    static {
        try {
            SEQUENCE = MethodHandles.lookup().findVarHandle(InstallGate.class, "sequence", long.class);
        } catch (final ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    // Keeps the word off the cache lines of whatever lies beside it on the heap.
    @SuppressWarnings("unused")
    private long pad0, pad1, pad2, pad3, pad4, pad5, pad6, pad7;
    @SuppressWarnings("unused") // through SEQUENCE
    private long sequence;
    @SuppressWarnings("unused")
    private long pad8, pad9, pad10, pad11, pad12, pad13, pad14, pad15;

    /** Before the first keydir entry of a batch changes. */
    void begin() {
        SEQUENCE.setVolatile(this, (long)SEQUENCE.get(this) + 1);
    }

    /** After the last one has changed. */
    void end() {
        SEQUENCE.setRelease(this, (long)SEQUENCE.get(this) + 1);
    }

    /** Waits until no batch is being installed, and returns the word for {@link #isUnchanged}. */
    long awaitQuiet() {
        final long now = (long)SEQUENCE.getAcquire(this);
        return (now & 1) == 0 ? now : awaitSlow();
    }

    /** Whether no batch was installed, or began to be, since the word was loaded. */
    boolean isUnchanged(final long quiet) {
        VarHandle.acquireFence();
        return (long)SEQUENCE.getAcquire(this) == quiet;
    }

    private long awaitSlow() {
        for (int tries = 0;; tries++) {
            final long now = (long)SEQUENCE.getAcquire(this);
            if ((now & 1) == 0) {
                return now;
            }
            if (tries < SPINS) {
                Thread.onSpinWait();
            } else if (tries < SPINS + YIELDS) {
                Thread.yield();
            } else {
                LockSupport.parkNanos(PAUSE_NS);
            }
        }
    }
}
