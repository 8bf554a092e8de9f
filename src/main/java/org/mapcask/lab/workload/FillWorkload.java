package org.mapcask.lab.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.Mapcask;
import org.mapcask.lab.rig.Operation;
import org.mapcask.lab.rig.Workload;

/**
 * {@code fillseq} and {@code fillrandom}: puts records that are new. Thread <i>t</i> of <i>n</i> puts every
 * <i>n</i>-th one. {@link #wrong()} reads them back afterwards.
 */
public final class FillWorkload implements Workload {
    /** Up to so many records all are read back; of more, every second one, third one and so on. */
    private static final long READ_BACK_MAX = 2_000_000;

    private final Mapcask store;
    private final Records records;
    private final long first;
    private final LongUnaryOperator order;
    private final List<Put> puts = new ArrayList<>();

    /**
     * Puts in the order of the index.
     *
     * @param store   receives the records; owned by the caller.
     * @param records what to put.
     * @param first   index to begin with.
     */
    public FillWorkload(final Mapcask store, final Records records, final long first) {
        this(store, records, first, LongUnaryOperator.identity());
    }

    /**
     * Puts in another order.
     *
     * @param store   receives the records; owned by the caller.
     * @param records what to put.
     * @param first   place to begin with.
     * @param order   the index at a place; each comes once.
     */
    public FillWorkload(
        final Mapcask store, final Records records, final long first, final LongUnaryOperator order) {
        this.store = store;
        this.records = records;
        this.first = first;
        this.order = order;
    }

    @Override
    public Operation newOperation(final int thread, final int threads) {
        final Put put = new Put(thread, threads);
        puts.add(put);
        return put;
    }

    /** Records that were put until now, by threads that have ended. */
    public long count() {
        return puts.stream().mapToLong(put -> (put.place - put.begin) / put.step).sum();
    }

    /** Reads back what was put, and counts what is not there as it was put. */
    public long wrong() {
        final long every = Math.max(1, count() / READ_BACK_MAX);
        final UnsafeBuffer key = records.newKeyBuffer();
        final UnsafeBuffer value = records.newValueBuffer();
        long wrong = 0;
        for (final Put put : puts) {
            for (long place = put.begin; place < put.place; place += every * put.step) {
                final long index = order.applyAsLong(place);
                final int length = store.get(key, 0, records.key(index, key), value, 0, value.capacity());
                wrong += length >= 0 && records.matches(index, 0, value, 0, length) ? 0 : 1;
            }
        }
        return wrong;
    }

    private final class Put implements Operation {
        private final UnsafeBuffer key = records.newKeyBuffer();
        private final UnsafeBuffer value = records.newValueBuffer();
        private final long begin;
        private final int step;
        private long place;
        private int keyLength;
        private int valueLength;

        Put(final int thread, final int threads) {
            step = threads;
            begin = first + thread;
            place = begin;
        }

        @Override
        public void prepare() {
            final long index = order.applyAsLong(place);
            keyLength = records.key(index, key);
            valueLength = records.value(index, 0, value);
        }

        @Override
        public void perform() {
            store.put(key, 0, keyLength, value, 0, valueLength);
        }

        @Override
        public boolean verify() {
            place += step;
            return true;
        }
    }
}
