package org.mapcask.lab.workload;

import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.Mapcask;
import org.mapcask.lab.rig.Operation;
import org.mapcask.lab.rig.Workload;

/**
 * {@code fillseq}: puts records that are new, in the order of their index. Thread <i>t</i> of <i>n</i> puts every
 * <i>n</i>-th one.
 *
 * <p>Whether they arrived is checked by the reads that follow and by the store's size.
 */
public final class FillSeqWorkload implements Workload {
    private final Mapcask store;
    private final long firstIndex;
    private final int valueLength;

    /**
     * Makes the workload.
     *
     * @param store       receives the records; owned by the caller.
     * @param firstIndex  index of the first record.
     * @param valueLength bytes of each value.
     */
    public FillSeqWorkload(final Mapcask store, final long firstIndex, final int valueLength) {
        this.store = store;
        this.firstIndex = firstIndex;
        this.valueLength = valueLength;
    }

    @Override
    public Operation newOperation(final int thread, final int threads) {
        return new Put(thread, threads);
    }

    private final class Put implements Operation {
        private final UnsafeBuffer key = new UnsafeBuffer(new byte[SyntheticRecords.KEY_LENGTH]);
        private final UnsafeBuffer value = new UnsafeBuffer(new byte[valueLength]);
        private final int step;
        private long index;

        Put(final int thread, final int threads) {
            step = threads;
            index = firstIndex + thread;
        }

        @Override
        public void prepare() {
            SyntheticRecords.key(index, key);
            SyntheticRecords.value(index, value, valueLength);
        }

        @Override
        public void perform() {
            store.put(key, 0, SyntheticRecords.KEY_LENGTH, value, 0, valueLength);
        }

        @Override
        public boolean verify() {
            index += step;
            return true;
        }
    }
}
