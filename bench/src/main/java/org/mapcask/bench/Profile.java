package org.mapcask.bench;

import java.util.concurrent.TimeUnit;

/**
 * How long a run measures, and how much it loads.
 *
 * @param name       for the results.
 * @param warmUpNs   time of each unrecorded warm-up.
 * @param closedNs   time of each closed loop.
 * @param openNs     time of each open loop.
 * @param armNs      time of each hot measurement of a way to read.
 * @param coldNs     longest time of each cold measurement.
 * @param coldReads  most reads of each cold measurement.
 * @param fillMax    most records that a closed loop of appends puts.
 * @param repeats    how many times the synthetic part is done, each on a fresh store.
 */
record Profile(
    String name, long warmUpNs, long closedNs, long openNs, long armNs, long coldNs, long coldReads, long fillMax,
    int repeats) {

    /** About two minutes with build and import. */
    static final Profile QUICK =
        new Profile("quick", seconds(3), seconds(5), seconds(8), seconds(3), seconds(5), 20_000, 4_000_000, 1);
    /** For publication. */
    static final Profile FULL =
        new Profile("full", seconds(8), seconds(20), seconds(30), seconds(10), seconds(20), 100_000, 12_000_000, 3);

    private static long seconds(final long count) {
        return TimeUnit.SECONDS.toNanos(count);
    }
}
