package org.mapcask.segment;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How many live bytes of a segment expire by when: a sum for each step of time, where a step is at most a quarter as
 * long as it is far from the origin. So a look tells without reading any record what has expired, and counts a record
 * late, by at most a quarter of the time that it had from the origin on; never early. One writer at a time, any number
 * of readers.
 */
final class ExpiringBytes {
    private static final int STEP_BITS = 2;
    private static final int STEPS = 1 << STEP_BITS;
    /** About 1,100 years in milliseconds; what expires later than that never counts as expired. */
    private static final int OCTAVES = 45;
    private static final int COUNT = 1 + OCTAVES * STEPS + 1;

    private final long origin;
    private final AtomicLongArray sums = new AtomicLongArray(COUNT);

    /** Without any; the origin is in milliseconds since 1970, best of now. */
    ExpiringBytes(final long origin) {
        this.origin = origin;
    }

    /** As {@link #numbers} gave them. */
    ExpiringBytes(final long[] numbers) {
        this(numbers[0]);
        for (int i = 1; i < numbers.length; i += 2) {
            sums.set((int)numbers[i], numbers[i + 1]);
        }
    }

    /** Adds bytes, or takes them away again. */
    void add(final long expiry, final long bytes) {
        final int step = step(expiry);
        sums.setRelease(step, sums.getPlain(step) + bytes);
    }

    /** Bytes whose time is over for sure. */
    long expiredBy(final long nowMs) {
        long bytes = 0;
        for (int step = 0; step < COUNT - 1 && end(step) <= nowMs; step++) {
            bytes += sums.getAcquire(step);
        }
        return Math.max(0, bytes);
    }

    /** All of it as plain numbers: the origin, then pairs of a step and its sum. */
    long[] numbers() {
        final long[] numbers = new long[1 + 2 * COUNT];
        numbers[0] = origin;
        int end = 1;
        for (int step = 0; step < COUNT; step++) {
            final long sum = sums.getAcquire(step);
            if (sum != 0) {
                numbers[end++] = step;
                numbers[end++] = sum;
            }
        }
        return Arrays.copyOf(numbers, end);
    }

    private int step(final long expiry) {
        if (expiry <= origin) {
            return 0;
        }
        final long distance = expiry - origin;
        final int octave = distance < 0 ? OCTAVES : Long.SIZE - 1 - Long.numberOfLeadingZeros(distance);
        if (octave >= OCTAVES) {
            return COUNT - 1;
        }
        final int part = octave < STEP_BITS ? 0 : (int)(distance >>> octave - STEP_BITS) & STEPS - 1;
        return 1 + octave * STEPS + part;
    }

    /** From this time on everything in a step has expired. */
    private long end(final int step) {
        if (step == 0) {
            return origin;
        }
        final int octave = (step - 1) / STEPS;
        final int part = (step - 1) % STEPS;
        final long distance = octave < STEP_BITS ? (2L << octave) - 1 :
            ((STEPS + part + 1L) << octave - STEP_BITS) - 1;
        return origin + distance;
    }
}
