package org.mapcask.io;

/**
 * Whether what is looked at in files comes from the device: told by how long looks take, and, while ranges are asked
 * for beforehand, by how long it takes to ask, since the kernel then begins a read. Who knows that has many ranges read
 * at once before the first is needed; where all is in the page cache that would cost more than it brings. Single times
 * say little, as a thread may lose its processor at any time: it takes some slow looks in a row to begin with asking,
 * and many asks of which few are slow to end it. One thread at a time.
 */
public final class ReadPace {
    /** A look at the page cache takes a fraction, one at a device mostly several times that. */
    private static final long COLD_NS = 8_000;
    /** So many slow times in a row, and what is looked at is taken for cold. */
    private static final int COLD_MIN = 3;
    /** To ask for what is in the page cache takes a fraction, to begin a read several times that. */
    private static final long ASKED_NS = 3_000;
    /** So many asks for what is in the page cache, and nobody asks any more. */
    private static final int WARM_MAX = 64;
    /** As many of those go for one that began a read. */
    private static final int WARM_LOSS = 16;

    private boolean cold;
    private int slow;
    private int warm;

    /** Of files that are in the page cache, until something else is told. */
    public ReadPace() {
        // everything stands in the fields
    }

    /** Whether to ask beforehand. */
    public boolean isCold() {
        return cold;
    }

    /** So many looks, one after the other, took this time in all. */
    public void looked(final int looks, final long ns) {
        if (looks == 0) {
            return;
        }
        slow = ns > looks * COLD_NS ? slow + 1 : 0;
        if (slow == COLD_MIN) {
            slow = 0;
            warm = 0;
            cold = true;
        }
    }

    /** To ask for so many ranges, or to find that there are none, took this time in all. */
    public void asked(final int ranges, final long ns) {
        if (ranges > 0 && ns > ranges * ASKED_NS) {
            warm = Math.max(0, warm - WARM_LOSS);
            return;
        }
        warm += Math.max(1, ranges);
        if (warm >= WARM_MAX) {
            cold = false;
        }
    }
}
