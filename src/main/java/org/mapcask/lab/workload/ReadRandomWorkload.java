package org.mapcask.lab.workload;

import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.Mapcask;
import org.mapcask.lab.rig.Operation;
import org.mapcask.lab.rig.Workload;

/** {@code readrandom}: gets records that {@link FillSeqWorkload} put, each equally likely, into the caller's buffer. */
public final class ReadRandomWorkload implements Workload {
    private final Mapcask store;
    private final long keys;
    private final int valueLength;
    private final long seed;

    /**
     * Makes the workload.
     *
     * @param store       holds records 0 to {@code keys - 1}; owned by the caller.
     * @param keys        number of records to choose from.
     * @param valueLength bytes that each value must have.
     * @param seed        begin of the random numbers.
     */
    public ReadRandomWorkload(final Mapcask store, final long keys, final int valueLength, final long seed) {
        this.store = store;
        this.keys = keys;
        this.valueLength = valueLength;
        this.seed = seed;
    }

    @Override
    public Operation newOperation(final int thread, final int threads) {
        return new Get(new SplittableRandom(seed + thread));
    }

    private final class Get implements Operation {
        private final UnsafeBuffer key = new UnsafeBuffer(new byte[SyntheticRecords.KEY_LENGTH]);
        private final UnsafeBuffer value = new UnsafeBuffer(new byte[valueLength]);
        private final SplittableRandom random;
        private long index;
        private int length;

        Get(final SplittableRandom random) {
            this.random = random;
        }

        @Override
        public void prepare() {
            index = random.nextLong(keys);
            SyntheticRecords.key(index, key);
        }

        @Override
        public void perform() {
            length = store.get(key, 0, SyntheticRecords.KEY_LENGTH, value, 0, valueLength);
        }

        @Override
        public boolean verify() {
            return length == valueLength && SyntheticRecords.matches(index, value, 0, length);
        }
    }
}
