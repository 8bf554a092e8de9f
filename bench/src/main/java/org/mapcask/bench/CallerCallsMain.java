package org.mapcask.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.Mapcask;
import org.mapcask.merge.MergeStats;

/**
 * A store in its steady state, for somebody who watches its system calls from outside: one thread puts at a rate, one
 * gets, merges run by the default options. Says when that state is reached, and what happened from then on.
 */
public final class CallerCallsMain {
    private static final int VALUE_LENGTH = 100;
    private static final int PIECE = 1000;
    /** Merges before the steady state. */
    private static final int WARM_MERGES = 2;

    private static volatile boolean over;

    private CallerCallsMain() {
    }

    /**
     * Runs.
     *
     * @param arguments directory of the store, keys, puts a second, seconds in the steady state.
     * @throws IOException          if standard input fails.
     * @throws InterruptedException if somebody interrupts.
     */
    public static void main(final String[] arguments) throws IOException, InterruptedException {
        final int keys = Integer.parseInt(arguments[1]);
        final long rate = Long.parseLong(arguments[2]);
        final long seconds = Long.parseLong(arguments[3]);
        try (Mapcask store = Mapcask.open(Path.of(arguments[0]))) {
            final Thread putting = new Thread(() -> put(store, keys, rate), "caller-put");
            final Thread getting = new Thread(() -> get(store, keys), "caller-get");
            putting.start();
            getting.start();
            while (store.stats().merge().runs() < WARM_MERGES) {
                Thread.sleep(TimeUnit.MILLISECONDS.toMillis(100));
            }
            System.out.println("READY");
            System.out.flush();
            System.in.read();
            final MergeStats before = store.stats().merge();
            final long puts = store.stats().puts();
            final long gets = store.stats().gets();
            final long rolls = store.stats().rolls();
            Thread.sleep(TimeUnit.SECONDS.toMillis(seconds));
            final MergeStats after = store.stats().merge();
            System.out.printf("puts %d, gets %d, rolls %d, merges %d, recycled %d%n", store.stats().puts() - puts,
                store.stats().gets() - gets, store.stats().rolls() - rolls, after.runs() - before.runs(),
                after.recycled() - before.recycled());
            System.out.flush();
            System.in.read();
            over = true;
            putting.join();
            getting.join();
        }
    }

    private static void put(final Mapcask store, final int keys, final long rate) {
        final SplittableRandom random = new SplittableRandom(1);
        final UnsafeBuffer record = new UnsafeBuffer(new byte[Long.BYTES + VALUE_LENGTH]);
        long next = System.nanoTime();
        for (long i = 0; !over; i++) {
            record.putLong(0, i < keys ? i : random.nextInt(keys));
            store.put(record, 0, Long.BYTES, record, Long.BYTES, VALUE_LENGTH);
            if (i % PIECE == 0) {
                next = Math.max(next, System.nanoTime() - TimeUnit.SECONDS.toNanos(1)) +
                    TimeUnit.SECONDS.toNanos(PIECE) / rate;
                LockSupport.parkNanos(next - System.nanoTime());
            }
        }
    }

    private static void get(final Mapcask store, final int keys) {
        final SplittableRandom random = new SplittableRandom(2);
        final UnsafeBuffer key = new UnsafeBuffer(new byte[Long.BYTES]);
        final UnsafeBuffer value = new UnsafeBuffer(new byte[VALUE_LENGTH]);
        for (long i = 0; !over; i++) {
            key.putLong(0, random.nextInt(keys));
            store.get(key, 0, Long.BYTES, value, 0, VALUE_LENGTH);
            if (i % PIECE == 0) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            }
        }
    }
}
