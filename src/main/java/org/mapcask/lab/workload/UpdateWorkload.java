package org.mapcask.lab.workload;

import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.lab.rig.Operation;
import org.mapcask.lab.rig.Workload;

/**
 * {@code overwrite}: puts the next version of keys that are there, each equally likely. Thread <i>t</i> of <i>n</i>
 * writes every <i>n</i>-th key only. {@link Contents#wrong()} reads them back afterwards.
 */
public final class UpdateWorkload implements Workload {
    private final Contents contents;
    private final long seed;

    /**
     * Makes the workload.
     *
     * @param contents what is in the store.
     * @param seed     begin of the random numbers.
     */
    public UpdateWorkload(final Contents contents, final long seed) {
        this.contents = contents;
        this.seed = seed;
    }

    @Override
    public Operation newOperation(final int thread, final int threads) {
        return new Put(thread, threads);
    }

    private final class Put implements Operation {
        private final Records records = contents.records();
        private final UnsafeBuffer key = records.newKeyBuffer();
        private final UnsafeBuffer value = records.newValueBuffer();
        private final SplittableRandom random;
        private final int thread;
        private final int threads;
        private final long share;
        private int keyLength;
        private int valueLength;

        Put(final int thread, final int threads) {
            this.thread = thread;
            this.threads = threads;
            this.share = (records.count() - thread + threads - 1) / threads;
            this.random = new SplittableRandom(seed + thread);
            if (share < 1) {
                throw new IllegalArgumentException(threads + " threads for " + records.count() + " keys");
            }
        }

        @Override
        public void prepare() {
            final long index = thread + threads * random.nextLong(share);
            keyLength = records.key(index, key);
            valueLength = records.value(index, contents.next(index), value);
        }

        @Override
        public void perform() {
            contents.store().put(key, 0, keyLength, value, 0, valueLength);
        }

        @Override
        public boolean verify() {
            return true;
        }
    }
}
