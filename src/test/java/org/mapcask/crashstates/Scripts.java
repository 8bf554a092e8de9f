package org.mapcask.crashstates;

import java.util.List;
import java.util.Random;
import org.mapcask.crashstates.Step.Action;
import org.mapcask.crashstates.Step.Entry;

/**
 * Scripts on the segments alone, with no write-ahead log: some that were written by hand, each for a purpose, and
 * random ones.
 */
final class Scripts {
    /** Length of segments: a header page and three pages of records. */
    static final int SEGMENT_LENGTH = 16 << 10;
    /** A value of this length gets a segment of its own. */
    static final int OVERSIZE = 13_000;

    /** A record with a value of this length is half a page. */
    private static final int HALF_PAGE = 2022;

    private static final Step OPEN = Step.open(StoreMode.UNSYNCED);
    private static final Step SYNC = Step.of(Action.SYNC);
    private static final Step HOUSEKEEP = Step.of(Action.HOUSEKEEP);
    private static final Step KILL = Step.of(Action.KILL);
    private static final Step CLOSE = Step.of(Action.CLOSE);

    private Scripts() {
    }

    /** Meets every path once: rolls with and without a prepared segment, oversize values, close, kill, reopen. */
    static List<Step> story() {
        return List.of(
            OPEN, put(1, 100), put(2, 2500), SYNC, put(3, 2500), put(1, 2500), HOUSEKEEP, put(4, 2500), put(5, 2500),
            put(6, 700), SYNC, delete(2), put(7, 5000), put(8, 3000), put(3, 4000), put(4, 40), HOUSEKEEP,
            put(2, OVERSIZE), put(1, 50), put(5, OVERSIZE), put(6, OVERSIZE), SYNC, put(7, 480), CLOSE, OPEN,
            put(8, 2500), put(1, 2500), KILL, OPEN, put(2, 0), put(2, 2500), SYNC, put(3, 2500), put(4, 2500), KILL,
            OPEN, SYNC, put(5, 2500), put(6, 5000), CLOSE, OPEN, CLOSE, OPEN, put(7, 30), put(8, 2500), put(1, 2500));
    }

    /**
     * A prepared segment is thrown away by a close, and the next one that is made takes its place in the log, under
     * another name: because a recovery before has counted the names up.
     */
    static List<Step> spares() {
        return List.of(
            OPEN, put(1, 2500), HOUSEKEEP, KILL, OPEN, HOUSEKEEP, CLOSE, OPEN, put(2, 5000), put(3, 5000),
            put(1, OVERSIZE), put(2, 40), HOUSEKEEP, CLOSE, OPEN, put(4, OVERSIZE), put(5, OVERSIZE), put(6, 5000),
            SYNC, put(7, 30), Step.fail(7, OVERSIZE), put(8, 5000), put(1, 5000), Step.fail(7, 40), CLOSE);
    }

    /** Values with segments of their own, before, between, and behind others, which are empty at times. */
    static List<Step> oversize() {
        return List.of(
            OPEN, put(1, OVERSIZE), SYNC, put(2, 40), put(3, OVERSIZE), put(4, OVERSIZE), HOUSEKEEP, put(5, 2500),
            put(6, 2500), SYNC, put(1, OVERSIZE), CLOSE, OPEN, put(2, OVERSIZE), put(3, 40), KILL, OPEN,
            put(4, OVERSIZE), put(5, OVERSIZE), put(6, 700), SYNC, put(1, 5));
    }

    /**
     * Records that fill half a page each, so that one is lost and the next is not. Opened once more after a close, and
     * killed before it is durable that the store is not clean any more.
     */
    static List<Step> halfPages() {
        return List.of(
            OPEN, put(1, HALF_PAGE), put(2, HALF_PAGE), put(3, HALF_PAGE), SYNC, put(4, HALF_PAGE), put(5, HALF_PAGE),
            put(6, HALF_PAGE), put(7, HALF_PAGE), put(1, HALF_PAGE), put(2, HALF_PAGE), CLOSE, Step.killInNext(2), OPEN,
            put(3, HALF_PAGE), put(4, HALF_PAGE), put(5, HALF_PAGE), put(6, HALF_PAGE));
    }

    /**
     * The process is killed in the middle of a close, when it has stored a seal and not yet synced it; the store is
     * opened and closed once more.
     */
    static List<Step> killedSeal() {
        return List.of(
            OPEN, put(1, 5000), put(2, 5000), put(3, OVERSIZE), Step.killInNext(1), CLOSE, OPEN, CLOSE);
    }

    /** A tail that a cut of the power tears: what is durable ends with a page. */
    static List<Step> tail() {
        return List.of(OPEN, put(1, HALF_PAGE), put(2, HALF_PAGE), SYNC, put(3, 5000));
    }

    /** The process is killed so many operations after it began to open the store; then it is opened, and closed. */
    static List<Step> killedInOpen(final int operations) {
        return List.of(Step.killInNext(operations), OPEN, CLOSE);
    }

    /** What is durable is merged, and the process is killed so many operations later. */
    static List<Step> killedInMerge(final int operations) {
        return List.of(
            Step.open(StoreMode.EVERY_WRITE), put(1, 2500), put(2, 2500), put(1, 2500), put(3, 5000), put(2, 40),
            delete(3), HOUSEKEEP, Step.killInNext(operations), Step.merge(~0));
    }

    /** Batches in one segment, over the end of one and of two, with removals and keys that come twice; of one entry. */
    static List<Step> batches() {
        return List.of(
            OPEN, Step.batch(Entry.put(1, 100), Entry.put(2, 700), Entry.put(3, 40)), SYNC,
            Step.batch(Entry.put(1, 5000), Entry.put(2, 5000), Entry.put(4, 5000)), HOUSEKEEP,
            Step.batch(Entry.delete(1), Entry.put(2, 40), Entry.delete(8), Entry.put(5, 2500), Entry.delete(3)),
            Step.batch(Entry.put(6, 700)), Step.batch(Entry.put(7, 40), Entry.put(7, 2500), Entry.put(7, 480)),
            Step.batch(Entry.delete(8)), SYNC,
            Step.batch(Entry.put(1, HALF_PAGE), Entry.put(2, HALF_PAGE), Entry.put(3, HALF_PAGE)), KILL, OPEN,
            Step.killInNext(2),
            Step.batch(Entry.put(4, 5000), Entry.put(5, 5000), Entry.put(6, 5000), Entry.put(7, 5000)),
            put(8, OVERSIZE), Step.batch(Entry.put(8, 30), Entry.delete(4)), CLOSE, OPEN,
            Step.batch(Entry.put(1, 5000), Entry.put(2, 11_000), Entry.put(3, 5000)), KILL, OPEN, put(1, 40), SYNC);
    }

    /** Every write is durable when it returns, by a sync of the segments. */
    static List<Step> everyWrite() {
        return List.of(
            Step.open(StoreMode.EVERY_WRITE), put(1, 100), put(2, 2500), delete(1), put(3, 5000),
            Step.batch(Entry.put(4, 5000), Entry.put(5, 5000)), HOUSEKEEP, put(1, OVERSIZE), put(2, 40),
            Step.killInNext(2), put(3, 2500), put(4, 30), CLOSE, OPEN, put(5, 2500), KILL,
            Step.open(StoreMode.EVERY_WRITE), Step.batch(Entry.put(1, 40), Entry.delete(2)), KILL);
    }

    /** The script of a campaign by its number: those written by hand come first. */
    static List<Step> numbered(final int number, final Random random) {
        switch (number) {
            case 0:
                return halfPages();
            case 1:
                return spares();
            case 2:
                return oversize();
            case 3:
                return batches();
            case 4:
                return story();
            case 5:
                return killedSeal();
            case 6:
                return everyWrite();
            default:
                return RandomScripts.script(random, false);
        }
    }

    private static Step put(final int key, final int length) {
        return Step.put(key, length);
    }

    private static Step delete(final int key) {
        return Step.delete(key);
    }
}
