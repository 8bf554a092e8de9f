package org.mapcask.wal;

import org.agrona.DirectBuffer;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.StoreClosedException;
import org.mapcask.errors.StoreFailedException;
import org.mapcask.wal.Wal.SegmentSyncs;

/**
 * Lets many threads share the writes of frames. Whoever commits while nobody writes leads: it writes a frame with all
 * that was staged, in its own thread. The others wait; the leader makes one of them, whose record is not durable yet,
 * the next leader, and wakes those that are served. No thread of its own. Thread-safe; allocates nothing per commit.
 */
final class GroupCommit implements AutoCloseable {
    /** Guards all that is not volatile; held for copies and lists only, never over a write or a sync. */
    private final Object monitor = new Object();
    private final WalRing ring;
    private final SegmentSyncs segments;
    private final WalSettings settings;
    private final FramePair frames;
    private final WaiterList waiters = new WaiterList();

    private long lastStaged;
    private long lastPassed;
    private boolean batchOpen;
    /** Whether some thread writes frames, or was chosen to. */
    private boolean leading;
    /** Whether that one waits for the segments. */
    private boolean syncing;
    private boolean closed;
    private Throwable failure;
    private volatile long written;

    private long frameCount;
    private long recordCount;
    private long byteCount;
    private long ringWaits;

    GroupCommit(final WalRing ring, final SegmentSyncs segments, final WalSettings settings, final int frameLengthMax) {
        this.ring = ring;
        this.segments = segments;
        this.settings = settings;
        this.frames = new FramePair(frameLengthMax);
        this.written = segments.durableSequence();
        this.lastStaged = written;
    }

    /** Copies a record into the frame that is gathered; false if it was passed over instead. */
    boolean stage(final DirectBuffer record, final int offset, final int alignedLength, final long sequence) {
        synchronized (monitor) {
            check();
            if (!batchOpen && !makeRoom(alignedLength)) {
                lastPassed = sequence;
                return false;
            }
            frames.gathering().add(record, offset, alignedLength, sequence, lastPassed);
            lastStaged = sequence;
            return true;
        }
    }

    /** Makes room for a whole batch; until its end no frame is taken to be written. False if there is none. */
    boolean beginBatch(final int alignedLength) {
        synchronized (monitor) {
            check();
            batchOpen = makeRoom(alignedLength);
            return batchOpen;
        }
    }

    /** Ends a batch. */
    void endBatch() {
        synchronized (monitor) {
            batchOpen = false;
            monitor.notifyAll();
        }
    }

    /** Tells that a record is not in any frame. */
    void passOver(final long sequence) {
        synchronized (monitor) {
            check();
            lastPassed = sequence;
        }
    }

    /**
     * Waits for a write to the device when it has to, never for the segments: to sync them may need the lock which the
     * caller holds.
     */
    private boolean makeRoom(final int alignedLength) {
        boolean interrupted = false;
        try {
            while (!frames.gathering().hasRoom(alignedLength)) {
                if (frames.canPutAside()) {
                    frames.putAside();
                } else if (leading && !syncing) {
                    interrupted |= waitForChange();
                    check();
                } else {
                    return false;
                }
            }
            return true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Waits until a record is durable. */
    void commit(final long sequence) {
        if (sequence <= written) {
            return;
        }
        Waiter waiter = null;
        final boolean passed;
        synchronized (monitor) {
            check();
            if (sequence <= written) {
                return;
            }
            passed = sequence > lastStaged;
            if (sequence > Math.max(lastStaged, lastPassed)) {
                throw new IllegalArgumentException("sequence " + sequence + " was neither staged nor passed over");
            }
            if (!passed && leading) {
                waiter = Waiter.own(sequence);
                waiters.add(waiter);
            } else if (!passed) {
                leading = true;
            }
        }
        if (passed) {
            segments.sync(sequence);
            return;
        }
        final int state = waiter == null ? Waiter.LEADING : waiter.await();
        if (state == Waiter.LEADING) {
            lead(sequence);
        } else if (state == Waiter.FAILED) {
            synchronized (monitor) {
                check();
            }
        }
    }

    /** Writes frames until a record is durable, then lets another thread go on. */
    private void lead(final long sequence) {
        try {
            boolean served;
            do {
                final FrameBuffer frame = takeFrame();
                awaitSegments(frame);
                ring.write(frame, segments.durableSequence());
                served = finish(frame, sequence);
            } while (!served);
        } catch (final Throwable e) {
            fail(e);
            throw e;
        }
    }

    private FrameBuffer takeFrame() {
        boolean interrupted = false;
        final FrameBuffer frame;
        synchronized (monitor) {
            while (batchOpen) {
                interrupted |= waitForChange();
            }
            frame = frames.take();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return frame;
    }

    /** What the frame leaves out, and what it goes over, must be durable in the segments. */
    private void awaitSegments(final FrameBuffer frame) {
        final long overwritten = ring.requiredSequence(frame.frameLength());
        final long required = Math.max(overwritten, frame.requiredSequence());
        final long durable = segments.durableSequence();
        if (durable >= required) {
            return;
        }
        synchronized (monitor) {
            syncing = true;
            if (durable < overwritten) {
                ringWaits++;
            }
            monitor.notifyAll();
        }
        segments.sync(required);
        if (segments.durableSequence() < required) {
            throw new IllegalStateException("segments are durable up to " + segments.durableSequence()
                + " after a sync up to " + required);
        }
        synchronized (monitor) {
            syncing = false;
        }
    }

    /** Wakes whom the frame served, and chooses who goes on, unless this thread has to. */
    private boolean finish(final FrameBuffer frame, final long sequence) {
        final boolean served;
        Waiter next = null;
        final Waiter done;
        synchronized (monitor) {
            frameCount++;
            recordCount += frame.recordCount();
            byteCount += frame.frameLength();
            final long last = frame.lastSequence();
            written = last;
            frames.release();
            served = last >= sequence;
            done = waiters.takeUpTo(last);
            if (served) {
                next = waiters.poll();
                leading = next != null;
            }
            monitor.notifyAll();
        }
        if (next != null) {
            next.wake(Waiter.LEADING);
        }
        WaiterList.wakeAll(done, Waiter.SERVED);
        return served;
    }

    private void fail(final Throwable reason) {
        try {
            settings.latch().accept(reason);
        } finally {
            final Waiter all;
            synchronized (monitor) {
                if (failure == null) {
                    failure = reason;
                }
                leading = false;
                syncing = false;
                all = waiters.takeAll();
                monitor.notifyAll();
            }
            WaiterList.wakeAll(all, Waiter.FAILED);
        }
    }

    private void check() {
        if (failure != null) {
            throw new StoreFailedException(ErrorText
                .what("the write-ahead log takes no more after a failed write").where(settings.directory())
                .expected("every write to succeed").found(failure)
                .todo("close the store, repair the disk or file system, and open it again"), failure);
        }
        if (closed) {
            throw new StoreClosedException(ErrorText.what("the write-ahead log is closed").where(settings.directory())
                .expected("an open store").found("close() was called").todo("open the directory again"));
        }
    }

    private boolean waitForChange() {
        try {
            monitor.wait();
            return false;
        } catch (final InterruptedException e) {
            return true;
        }
    }

    /** Every record up to here is durable in frames or before them. */
    long writtenSequence() {
        return written;
    }

    /** Figures now. */
    WalStats stats() {
        synchronized (monitor) {
            return new WalStats(ring.method(), ring.length(), frameCount, recordCount, byteCount, ringWaits);
        }
    }

    @Override
    public void close() {
        boolean interrupted = false;
        synchronized (monitor) {
            while (leading) {
                interrupted |= waitForChange();
            }
            if (!closed) {
                closed = true;
                frames.free();
                ring.close();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
