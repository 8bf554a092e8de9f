package org.mapcask.recovery;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.keydir.KeyHash;
import org.mapcask.keydir.Keydir;
import org.mapcask.keydir.KeydirTouch;
import org.mapcask.nativeaccess.Uninterruptible;
import org.mapcask.recovery.LogContents.Used;
import org.mapcask.segment.SegmentScanner;

/**
 * Reads segments ahead of the thread that replays them: other threads read, sum up, and hash the keys, each every so
 * many of the segments; the one that replays takes their records in the order of the log, and decides everything. What
 * it wants read otherwise than was planned, it reads itself.
 */
final class ScanAhead implements AutoCloseable {
    /** From here on bytes to read are worth other threads. */
    static final long BYTES_MIN = 4 << 20;
    private static final int THREADS_MAX = 4;
    /** Of each thread; it waits when all of them are full. */
    private static final int BATCHES = 4;

    private final Keydir keydir;
    private final KeydirTouch touch;
    private final boolean pagesInMemory;
    private final long hashSeed;
    private final SegmentScanner own;
    private final Deque<Plan> plans = new ArrayDeque<>();
    private final List<Reader> readers = new ArrayList<>();
    private volatile boolean closed;
    private long words;

    /** A segment that is going to be read from an offset on, where a record with this sequence is expected. */
    record Plan(Used used, int from, long expected) {
    }

    /**
     * Plans to read these, in this order, by as many threads as there are processors.
     *
     * @param pagesInMemory whether records are entered into pages that are in memory: then keys are needed, and those
     *                      who read also bring the lines of the pages near, since the one who enters has more to do
     *                      than they have.
     */
    ScanAhead(final Keydir keydir, final boolean pagesInMemory, final long hashSeed, final SegmentScanner own,
        final List<Plan> planned) {
        this.keydir = keydir;
        this.touch = keydir.newTouch();
        this.pagesInMemory = pagesInMemory;
        this.hashSeed = hashSeed;
        this.own = own;
        if (planned.isEmpty()) {
            return;
        }
        final int threads = Math.max(1, Math.min(Math.min(THREADS_MAX, planned.size()),
            Runtime.getRuntime().availableProcessors()));
        for (int i = 0; i < threads; i++) {
            readers.add(new Reader());
        }
        for (int i = 0; i < planned.size(); i++) {
            plans.add(planned.get(i));
            readers.get(i % threads).plans.add(planned.get(i));
        }
        readers.forEach(Reader::start);
    }

    /** As {@link SegmentScanner#scan}, with the hashes of the keys. */
    SegmentScanner.Result scan(
        final Used used, final int from, final long expected, final RecordBatch.Visitor visitor) {
        final Plan plan = plans.peek();
        if (plan == null || plan.used() != used) {
            return scanHere(used, from, Integer.MAX_VALUE, expected, visitor);
        }
        plans.remove();
        final Reader reader = readers.remove(0);
        readers.add(reader);
        final boolean wanted = plan.from() == from && plan.expected() == expected;
        while (true) {
            final RecordBatch batch = reader.take();
            if (wanted) {
                words += batch.forEach(touch, visitor);
            }
            final SegmentScanner.Result result = batch.result;
            final Throwable failure = batch.failure;
            reader.giveBack(batch);
            if (wanted && failure instanceof final RuntimeException exception) {
                throw exception;
            } else if (wanted && failure instanceof final Error error) {
                throw error;
            }
            if (result != null || failure != null) {
                return wanted ? result : scanHere(used, from, Integer.MAX_VALUE, expected, visitor);
            }
        }
    }

    /** As {@link #scan}, in the calling thread, up to the first record that begins at a limit or further on. */
    SegmentScanner.Result scanHere(
        final Used used, final int from, final int limit, final long expected, final RecordBatch.Visitor visitor) {
        return own.scan(used.segment.file(), used.header, from, limit, expected,
            (offset, length, shape, sequence, buffer, keyOffset) ->
                visitor.onRecord(offset, shape, sequence,
                    KeyHash.hash(buffer, keyOffset, RecordDescriptor.keyLength(shape), hashSeed), buffer, keyOffset));
    }

    /** Ends the threads. */
    @Override
    public void close() {
        closed = true;
        readers.forEach(Reader::end);
    }

    /** Some word, so that what was loaded is used. */
    long words() {
        return readers.stream().mapToLong(reader -> reader.touched).sum() + words;
    }

    /** Reads some of the segments; its batches go to the replaying thread and back. */
    private final class Reader implements Runnable {
        private final List<Plan> plans = new ArrayList<>();
        private final Deque<RecordBatch> full = new ArrayDeque<>();
        private final Deque<RecordBatch> empty = new ArrayDeque<>();
        private final Thread thread = new Thread(this, "mapcask-recovery");
        private final KeydirTouch near = keydir.newTouch();
        private RecordBatch batch;
        private long touched;

        void start() {
            for (int i = 0; i < BATCHES; i++) {
                empty.add(new RecordBatch(pagesInMemory));
            }
            thread.setDaemon(true);
            thread.start();
        }

        @Override
        public void run() {
            final SegmentScanner scanner = new SegmentScanner();
            for (int i = 0; i < plans.size() && !closed; i++) {
                final Plan plan = plans.get(i);
                batch = await(empty);
                if (batch == null) {
                    return;
                }
                SegmentScanner.Result result = null;
                Throwable failure = null;
                try {
                    result = scanner.scan(
                        plan.used().segment.file(), plan.used().header, plan.from(), plan.expected(), this::add);
                } catch (final RuntimeException | Error ex) {
                    failure = ex;
                }
                if (batch != null) {
                    batch.result = result;
                    batch.failure = failure;
                    handOver();
                }
            }
        }

        private void add(final int offset, final int length, final long shape, final long sequence,
            final UnsafeBuffer buffer, final int keyOffset) {
            while (!batch.add(offset, shape, sequence, buffer, keyOffset, hashSeed)) {
                next();
            }
        }

        private void next() {
            handOver();
            batch = await(empty);
            if (batch == null) {
                throw new IllegalStateException("the replay has ended");
            }
        }

        private void handOver() {
            if (pagesInMemory) {
                touched += batch.touch(near);
            }
            put(full, batch);
        }

        RecordBatch take() {
            return await(full);
        }

        void giveBack(final RecordBatch used) {
            used.clear();
            put(empty, used);
        }

        private synchronized void put(final Deque<RecordBatch> queue, final RecordBatch one) {
            queue.add(one);
            notifyAll();
        }

        /** The next one; null when the replay has ended. An interrupt of the thread is kept for later. */
        private synchronized RecordBatch await(final Deque<RecordBatch> queue) {
            boolean interrupted = false;
            while (queue.isEmpty() && !closed) {
                try {
                    wait();
                } catch (final InterruptedException ex) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            return closed ? null : queue.remove();
        }

        void end() {
            synchronized (this) {
                notifyAll();
            }
            Uninterruptible.join(thread);
        }
    }
}
