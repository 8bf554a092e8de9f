package org.mapcask.lab.workload;

import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.Mapcask;
import org.mapcask.lab.rig.Operation;
import org.mapcask.lab.rig.Workload;

/**
 * Puts over a fixed set of keys, each equally likely, with gets among them. Each put makes another value, and it is
 * remembered which, so that an older value is a wrong answer.
 *
 * <p>For one thread, which makes one operation at a time; what was put is known to those that come later.
 */
public final class OverwriteWorkload implements Workload {
    /** {@link Operation#kind()} of a get. */
    public static final int GET = 0;
    /** Of a put. */
    public static final int PUT = 1;
    /** Added to both while a merge runs. */
    public static final int MERGING = 2;
    /** Number of kinds. */
    public static final int KINDS = 4;

    private final Mapcask store;
    private final int[] versions;
    private final int valueLength;
    private final SplittableRandom random;
    private final UnsafeBuffer key = new UnsafeBuffer(new byte[SyntheticRecords.KEY_LENGTH]);
    private final UnsafeBuffer value = new UnsafeBuffer(new byte[0]);
    private BooleanSupplier merging = () -> false;

    /**
     * Makes the workload.
     *
     * @param store       owned by the caller.
     * @param keys        how many there are.
     * @param valueLength bytes of each value.
     * @param seed        begin of the random numbers.
     */
    public OverwriteWorkload(final Mapcask store, final int keys, final int valueLength, final long seed) {
        this.store = store;
        this.versions = new int[keys];
        this.valueLength = valueLength;
        this.random = new SplittableRandom(seed);
        value.wrap(new byte[valueLength]);
    }

    /** Puts each key once. */
    public void load() {
        for (int index = 0; index < versions.length; index++) {
            prepare(index);
            put();
        }
    }

    /** Puts one key, chosen at random. */
    public void overwrite() {
        final int index = random.nextInt(versions.length);
        versions[index]++;
        prepare(index);
        put();
    }

    /** Reads each key, and counts those that do not have the value that was put last. */
    public long wrong() {
        long wrong = 0;
        for (int index = 0; index < versions.length; index++) {
            SyntheticRecords.key(index, key);
            wrong += get() == valueLength && matches(index) ? 0 : 1;
        }
        return wrong + (store.size() == versions.length ? 0 : 1);
    }

    /** Says from where operations know whether a merge runs. */
    public OverwriteWorkload mergingIf(final BooleanSupplier supplier) {
        merging = supplier;
        return this;
    }

    @Override
    public Operation newOperation(final int thread, final int threads) {
        if (threads != 1) {
            throw new IllegalArgumentException("for one thread only");
        }
        return new Mixed();
    }

    private void prepare(final int index) {
        SyntheticRecords.key(index, key);
        SyntheticRecords.value(content(index), value, valueLength);
    }

    private void put() {
        store.put(key, 0, SyntheticRecords.KEY_LENGTH, value, 0, valueLength);
    }

    private int get() {
        return store.get(key, 0, SyntheticRecords.KEY_LENGTH, value, 0, valueLength);
    }

    private boolean matches(final int index) {
        return SyntheticRecords.matches(content(index), value, 0, valueLength);
    }

    private long content(final int index) {
        return index + (long) versions[index] * versions.length;
    }

    /** A get or a put, equally likely. */
    private final class Mixed implements Operation {
        private boolean isPut;
        private boolean isMerging;
        private int index;
        private int length;

        @Override
        public void prepare() {
            isMerging = merging.getAsBoolean();
            isPut = random.nextBoolean();
            index = random.nextInt(versions.length);
            if (isPut) {
                versions[index]++;
                OverwriteWorkload.this.prepare(index);
            } else {
                SyntheticRecords.key(index, key);
            }
        }

        @Override
        public int kind() {
            return (isPut ? PUT : GET) + (isMerging ? MERGING : 0);
        }

        @Override
        public void perform() {
            if (isPut) {
                put();
            } else {
                length = get();
            }
        }

        @Override
        public boolean verify() {
            return isPut || length == valueLength && matches(index);
        }
    }
}
