package org.mapcask.wal;

/**
 * Tells a thread that is about to write a frame how many others it should let come first. Threads that the frame before
 * served are on their way back; whoever writes without them serves half of the threads at a time. So it waits for them,
 * for no longer than a write takes, and not at all for a while after they stayed away: each time that happens, twice as
 * many frames as before go without a wait. One thread at a time: whoever leads.
 */
final class Company {
    private static final int SKIP_MAX = 64;
    /** A write counts one part in so many of the average. */
    private static final int WEIGHT = 8;

    private long writeNs;
    private int expected;
    private int skip;
    private int skipped;

    /** How many others are worth waiting for; 0 if none. */
    int wanted() {
        if (expected < 2) {
            return 0;
        }
        if (skipped < skip) {
            skipped++;
            return 0;
        }
        return expected - 1;
    }

    /** For how long, in nanoseconds. */
    long patienceNs() {
        return writeNs;
    }

    /** A wait is over. */
    void waited(final int wanted, final int came) {
        skipped = 0;
        skip = came * 4L >= wanted * 3L ? 0 : Math.min(SKIP_MAX, 2 * skip + 1);
    }

    /** A frame was written: how long that took, and how many threads it served or left waiting. */
    void written(final long tookNs, final int threads) {
        writeNs += (tookNs - writeNs) / WEIGHT;
        expected = threads;
    }
}
