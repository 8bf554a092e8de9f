package org.mapcask.lab.workload;

import java.util.SplittableRandom;
import java.util.function.ToLongFunction;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.Mapcask;
import org.mapcask.lab.rig.Operation;
import org.mapcask.lab.rig.Workload;

/**
 * {@code readrandom} and {@code readhot}: gets into the caller's buffer, each key equally likely or as often as it is
 * asked for in life. Each value is compared byte for byte, outside the clock.
 */
public final class ReadWorkload implements Workload {
    private final Mapcask store;
    private final Records records;
    private final Contents written;
    private final ToLongFunction<SplittableRandom> choice;
    private final long seed;

    private ReadWorkload(
        final Mapcask store, final Records records, final Contents written,
        final ToLongFunction<SplittableRandom> choice, final long seed) {
        this.store = store;
        this.records = records;
        this.written = written;
        this.choice = choice;
        this.seed = seed;
    }

    /**
     * Reads what nobody writes meanwhile.
     *
     * @param store   holds the first version of records 0 to {@code keys - 1}; owned by the caller.
     * @param records that the store was filled with.
     * @param keys    how many of them.
     * @param seed    begin of the random numbers.
     */
    public static ReadWorkload uniform(
        final Mapcask store, final Records records, final long keys, final long seed) {
        return new ReadWorkload(store, records, null, random -> random.nextLong(keys), seed);
    }

    /** As {@link #uniform}, all records, by their popularity. */
    public static ReadWorkload popular(final Mapcask store, final Records records, final long seed) {
        final AliasSampler popularity = records.popularity();
        return new ReadWorkload(store, records, null, popularity::next, seed);
    }

    /** Reads, each key equally likely, what others write over meanwhile. */
    public static ReadWorkload disturbed(final Contents contents, final long seed) {
        final long keys = contents.records().count();
        return new ReadWorkload(
            contents.store(), contents.records(), contents, random -> random.nextLong(keys), seed);
    }

    @Override
    public Operation newOperation(final int thread, final int threads) {
        return new Get(new SplittableRandom(seed + thread));
    }

    private final class Get implements Operation {
        private final UnsafeBuffer key = records.newKeyBuffer();
        private final UnsafeBuffer value = records.newValueBuffer();
        private final SplittableRandom random;
        private long index;
        private int keyLength;
        private int versionBefore;
        private int length;

        Get(final SplittableRandom random) {
            this.random = random;
        }

        @Override
        public void prepare() {
            index = choice.applyAsLong(random);
            keyLength = records.key(index, key);
            versionBefore = written == null ? 0 : written.version(index);
        }

        @Override
        public void perform() {
            length = store.get(key, 0, keyLength, value, 0, value.capacity());
        }

        @Override
        public boolean verify() {
            if (length < 0) {
                return false;
            }
            return written == null ? records.matches(index, 0, value, 0, length)
                : written.matches(index, versionBefore, written.version(index), value, length);
        }
    }
}
