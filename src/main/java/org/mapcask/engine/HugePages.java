package org.mapcask.engine;

import org.mapcask.nativeaccess.NativeAccess;

/**
 * Whether new segments are to have huge pages. Reads gain by them, and each sync writes all of a huge page; so it
 * depends on how much becomes durable at a time, which only the syncs tell: the policy, the rate of writes, and how
 * often somebody asks for a sync all have a part in it. A mean of the latest ones decides. Learned under the sync lock,
 * asked by any thread.
 */
final class HugePages {
    /** With this much at a time, a sync writes two huge pages at the most, which is less than three times as much. */
    private static final int WANTED_FROM = 1 << 20;
    /** With less than this, small pages are better by far; in between, all stays as it is. */
    private static final int UNWANTED_BELOW = 256 << 10;
    /** One long sync, as that of a whole segment, is to be forgotten after a few short ones. */
    private static final int COUNTED_MAX = NativeAccess.HUGE_PAGE_LENGTH;
    private static final int WEIGHT_SHIFT = 2;

    private final boolean allowed;
    private int mean = -1;
    private volatile boolean wanted;

    /**
     * Nothing is wanted before the first sync.
     *
     * @param allowed whether they may be wanted at all.
     */
    HugePages(final boolean allowed) {
        this.allowed = allowed;
    }

    /** Tells of a sync that made so many bytes of records durable. */
    void synced(final int length) {
        if (!allowed || length <= 0) {
            return;
        }
        final int counted = Math.min(length, COUNTED_MAX);
        mean = mean < 0 ? counted : mean + (counted - mean >> WEIGHT_SHIFT);
        if (mean >= WANTED_FROM) {
            wanted = true;
        } else if (mean < UNWANTED_BELOW) {
            wanted = false;
        }
    }

    /** Whether new segments are to have huge pages. */
    boolean areWanted() {
        return wanted;
    }
}
