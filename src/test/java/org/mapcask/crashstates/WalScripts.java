package org.mapcask.crashstates;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.mapcask.crashstates.Step.Action;
import org.mapcask.crashstates.Step.Entry;

/** Scripts on a store with a write-ahead log: some written by hand, each for a purpose, and random ones. */
final class WalScripts {
    /** A value of this length fits into a segment, and not into a frame. */
    static final int TOO_LONG = 12_220;

    private static final Step OPEN = Step.open(StoreMode.WAL);
    private static final Step HOUSEKEEP = Step.of(Action.HOUSEKEEP);
    private static final Step KILL = Step.of(Action.KILL);
    private static final Step CLOSE = Step.of(Action.CLOSE);

    private WalScripts() {
    }

    /** A new ring, frames of one page and of two, a batch in one frame, a kill, and what the ring gives back. */
    static List<Step> first() {
        return List.of(
            OPEN, Step.put(1, 100), Step.put(2, 2500), Step.put(1, 40), Step.delete(2), Step.put(3, 5000),
            Step.batch(Entry.put(4, 40), Entry.put(5, 2500), Entry.delete(3)), Step.put(6, 30), KILL, OPEN,
            Step.put(7, 2500), Step.batch(Entry.put(1, 700), Entry.put(2, 700)), KILL, OPEN, Step.of(Action.SYNC));
    }

    /** The ring comes round, with the segments synced behind it, and without: then it must wait for them. */
    static List<Step> rounds() {
        final List<Step> steps = new ArrayList<>();
        steps.add(OPEN);
        for (int i = 0; i < 30; i++) {
            steps.add(Step.put(i % 7, 30 + i));
            if (i > 18 && i % 5 == 0) {
                steps.add(HOUSEKEEP);
            }
        }
        steps.add(KILL);
        steps.add(OPEN);
        for (int i = 0; i < 5; i++) {
            steps.add(Step.put(i, 30 + i));
        }
        return steps;
    }

    /** Longer records: segments are rolled and sealed while the ring comes round. */
    static List<Step> rolls() {
        final List<Step> steps = new ArrayList<>();
        steps.add(OPEN);
        for (int i = 0; i < 14; i++) {
            steps.add(Step.put(i % 5, i % 3 == 0 ? 5000 : 2500));
            if (i % 6 == 4) {
                steps.add(HOUSEKEEP);
            }
        }
        steps.addAll(List.of(KILL, OPEN, Step.put(8, 5000), HOUSEKEEP, Step.put(7, 5000), CLOSE, OPEN,
            Step.put(6, 40), Step.put(5, 5000)));
        return steps;
    }

    /** What the ring does not take, between what it takes: the segments are synced before the ring goes on. */
    static List<Step> passedOver() {
        return List.of(
            OPEN, Step.put(1, 40), Step.put(2, TOO_LONG), Step.put(3, 40), Step.put(4, Scripts.OVERSIZE),
            Step.put(5, 40), Step.batch(Entry.put(1, 5000), Entry.put(2, 5000), Entry.delete(3)), Step.put(3, 40),
            Step.put(6, TOO_LONG), HOUSEKEEP, Step.put(6, 40),
            Step.batch(Entry.put(1, 5000), Entry.put(2, 5000), Entry.put(4, 5000)), KILL, OPEN, Step.put(5, 700),
            Step.put(1, Scripts.OVERSIZE), Step.fail(2, Scripts.OVERSIZE), Step.put(2, 40), CLOSE);
    }

    /** Closed, and opened with another ring, without one, and with one again. */
    static List<Step> modes() {
        return List.of(
            OPEN, Step.put(1, 40), Step.put(2, 2500), CLOSE, OPEN, Step.put(1, 700), KILL,
            Step.open(StoreMode.LONG_WAL), Step.put(3, 40), Step.put(4, 2500), KILL,
            Step.open(StoreMode.EVERY_WRITE), Step.put(1, 40), KILL, Step.open(StoreMode.UNSYNCED), Step.put(5, 40),
            KILL, OPEN, Step.put(6, 40), CLOSE, Step.open(StoreMode.UNSYNCED), Step.put(7, 2500), CLOSE,
            Step.open(StoreMode.LONG_WAL), Step.put(8, 40), CLOSE, OPEN, Step.put(1, 40));
    }

    /**
     * Opened without the ring that it had; then a value in a segment of its own comes before the empty segment which
     * says so, and a power cut may leave the later one of the two.
     */
    static List<Step> leave() {
        return List.of(
            OPEN, Step.put(1, 40), Step.put(2, Scripts.OVERSIZE), KILL, Step.open(StoreMode.UNSYNCED),
            Step.put(3, Scripts.OVERSIZE), Step.put(4, 40));
    }

    /**
     * Opened without the ring that it had; then everything is merged but a segment from the time of the ring, and
     * nothing is written into the newest one.
     */
    static List<Step> leaveAndMerge() {
        return List.of(
            OPEN, Step.put(1, 5000), Step.put(2, 5000), Step.put(3, 5000), HOUSEKEEP, CLOSE,
            Step.open(StoreMode.UNSYNCED), Step.put(3, 40), Step.put(4, 5000), Step.put(5, 5000), Step.put(5, 40),
            Step.merge(~1), Step.put(6, 40));
    }

    /** The process ends at the last header of a new ring, in the middle of writes to it, and of recoveries from it. */
    static List<Step> kills() {
        final List<Step> steps = new ArrayList<>(List.of(
            Step.killInNext(26), OPEN, Step.killInNext(1), Step.put(1, 40), Step.put(2, 2500), Step.killInNext(1),
            Step.put(3, 2500), Step.put(4, 5000), Step.put(5, 40)));
        for (int operations = 0; operations < 9; operations += 2) {
            steps.addAll(List.of(Step.put(1, 2500), KILL, Step.killInNext(operations), OPEN));
        }
        steps.addAll(List.of(Step.killInNext(1), Step.batch(Entry.put(1, 40), Entry.put(6, 5000)), Step.put(7, 40)));
        return steps;
    }

    /** The script of a campaign by its number: those written by hand come first. */
    static List<Step> numbered(final int number, final Random random) {
        switch (number) {
            case 0:
                return first();
            case 1:
                return passedOver();
            case 2:
                return modes();
            case 3:
                return rounds();
            case 4:
                return kills();
            case 5:
                return rolls();
            case 6:
                return leave();
            default:
                return RandomScripts.script(random, true);
        }
    }
}
