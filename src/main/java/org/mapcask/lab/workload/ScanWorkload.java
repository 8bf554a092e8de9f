package org.mapcask.lab.workload;

import org.agrona.DirectBuffer;
import org.mapcask.Mapcask;
import org.mapcask.lab.rig.Operation;
import org.mapcask.lab.rig.Workload;

/**
 * {@code scan}: one operation iterates over all records of the store. Right is a scan that gives as many records as
 * there are; afterwards {@link #wrong()} scans once more and compares each record.
 */
public final class ScanWorkload implements Workload {
    private final Mapcask store;
    private final Records records;

    /**
     * Makes the workload.
     *
     * @param store   holds the first version of all records; owned by the caller.
     * @param records that it holds.
     */
    public ScanWorkload(final Mapcask store, final Records records) {
        this.store = store;
        this.records = records;
    }

    @Override
    public Operation newOperation(final int thread, final int threads) {
        return new Scan();
    }

    /** Compares each record once, and counts wrong, missing and repeated ones. */
    public long wrong() {
        final long[] sums = new long[3];
        final long[] expected = new long[2];
        for (long index = 0; index < records.count(); index++) {
            expected[0] += SyntheticRecords.mix(index);
            expected[1]++;
        }
        store.forEach((key, keyOffset, keyLength, value, valueOffset, valueLength) -> {
            final long index = records.index(key, keyOffset, keyLength);
            if (index < 0 || !records.matches(index, 0, value, valueOffset, valueLength)) {
                sums[2]++;
            }
            sums[0] += SyntheticRecords.mix(index);
            sums[1]++;
        });
        return sums[2] + Math.abs(expected[1] - sums[1]) + (expected[0] == sums[0] ? 0 : 1);
    }

    private final class Scan implements Operation {
        private long count;
        private long bytes;

        @Override
        public void prepare() {
            count = 0;
            bytes = 0;
        }

        @Override
        public void perform() {
            store.forEach(this::take);
        }

        private void take(
            final DirectBuffer key, final int keyOffset, final int keyLength, final DirectBuffer value,
            final int valueOffset, final int valueLength) {
            count++;
            bytes += keyLength + valueLength;
        }

        @Override
        public boolean verify() {
            return count == records.count() && bytes > 0;
        }
    }
}
