package org.mapcask.crashstates;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.mapcask.crashstates.Step.Action;

/** Scripts: some that were written by hand, each for a purpose, and random ones. */
final class Scripts {
    /** Length of segments: a header page and three pages of records. */
    static final int SEGMENT_LENGTH = 16 << 10;
    /** A value of this length gets a segment of its own. */
    static final int OVERSIZE = 13_000;

    /** A record with a value of this length is half a page. */
    private static final int HALF_PAGE = 2022;

    private static final int[] VALUE_LENGTHS = {0, 5, 40, 460, 480, 700, 1500, 2500, 2500, 2500, 4000, 5000, 11_000};
    private static final int KEYS = 9;

    private Scripts() {
    }

    /** Meets every path once: rolls with and without a prepared segment, oversize values, close, kill, reopen. */
    static List<Step> story() {
        return List.of(
            Step.of(Action.OPEN), put(1, 100), put(2, 2500), Step.of(Action.SYNC), put(3, 2500), put(1, 2500),
            Step.of(Action.HOUSEKEEP), put(4, 2500), put(5, 2500), put(6, 700), Step.of(Action.SYNC), delete(2),
            put(7, 5000), put(8, 3000), put(3, 4000), put(4, 40), Step.of(Action.HOUSEKEEP), put(2, OVERSIZE),
            put(1, 50), put(5, OVERSIZE), put(6, OVERSIZE), Step.of(Action.SYNC), put(7, 480),
            Step.of(Action.CLOSE), Step.of(Action.OPEN), put(8, 2500), put(1, 2500), Step.of(Action.KILL),
            Step.of(Action.OPEN), put(2, 0), put(2, 2500), Step.of(Action.SYNC), put(3, 2500), put(4, 2500),
            Step.of(Action.KILL), Step.of(Action.OPEN), Step.of(Action.SYNC), put(5, 2500), put(6, 5000),
            Step.of(Action.CLOSE), Step.of(Action.OPEN), Step.of(Action.CLOSE), Step.of(Action.OPEN), put(7, 30),
            put(8, 2500), put(1, 2500));
    }

    /**
     * A prepared segment is thrown away by a close, and the next one that is made takes its place in the log, under
     * another name: because a recovery before has counted the names up.
     */
    static List<Step> spares() {
        return List.of(
            Step.of(Action.OPEN), put(1, 2500), Step.of(Action.HOUSEKEEP), Step.of(Action.KILL), Step.of(Action.OPEN),
            Step.of(Action.HOUSEKEEP), Step.of(Action.CLOSE), Step.of(Action.OPEN), put(2, 5000), put(3, 5000),
            put(1, OVERSIZE), put(2, 40), Step.of(Action.HOUSEKEEP), Step.of(Action.CLOSE), Step.of(Action.OPEN),
            put(4, OVERSIZE), put(5, OVERSIZE), put(6, 5000), Step.of(Action.SYNC), put(7, 30),
            Step.fail("k7", OVERSIZE), put(8, 5000), put(1, 5000), Step.fail("k7", 40), Step.of(Action.CLOSE));
    }

    /** Values with segments of their own, before, between, and behind others, which are empty at times. */
    static List<Step> oversize() {
        return List.of(
            Step.of(Action.OPEN), put(1, OVERSIZE), Step.of(Action.SYNC), put(2, 40), put(3, OVERSIZE),
            put(4, OVERSIZE), Step.of(Action.HOUSEKEEP), put(5, 2500), put(6, 2500), Step.of(Action.SYNC),
            put(1, OVERSIZE), Step.of(Action.CLOSE), Step.of(Action.OPEN), put(2, OVERSIZE), put(3, 40),
            Step.of(Action.KILL), Step.of(Action.OPEN), put(4, OVERSIZE), put(5, OVERSIZE), put(6, 700),
            Step.of(Action.SYNC), put(1, 5));
    }

    /**
     * Records that fill half a page each, so that one is lost and the next is not. Opened once more after a close, and
     * killed before it is durable that the store is not clean any more.
     */
    static List<Step> halfPages() {
        return List.of(
            Step.of(Action.OPEN), put(1, HALF_PAGE), put(2, HALF_PAGE), put(3, HALF_PAGE), Step.of(Action.SYNC),
            put(4, HALF_PAGE), put(5, HALF_PAGE), put(6, HALF_PAGE), put(7, HALF_PAGE), put(1, HALF_PAGE),
            put(2, HALF_PAGE), Step.of(Action.CLOSE), Step.killInNext(1), Step.of(Action.OPEN), put(3, HALF_PAGE),
            put(4, HALF_PAGE), put(5, HALF_PAGE), put(6, HALF_PAGE));
    }

    /**
     * The process is killed in the middle of a close, when it has stored a seal and not yet synced it; the store is
     * opened and closed once more.
     */
    static List<Step> killedSeal() {
        return List.of(
            Step.of(Action.OPEN), put(1, 5000), put(2, 5000), put(3, OVERSIZE), Step.killInNext(1),
            Step.of(Action.CLOSE), Step.of(Action.OPEN), Step.of(Action.CLOSE));
    }

    /** The script of a campaign by its number: those written by hand come first. */
    static List<Step> numbered(final int number, final Random random, final int length) {
        switch (number) {
            case 0:
                return halfPages();
            case 1:
                return spares();
            case 2:
                return oversize();
            case 3:
                return story();
            case 4:
                return killedSeal();
            default:
                return random(random, length);
        }
    }

    /** A script of this many steps, with merges of random segments in it. */
    static List<Step> withMerges(final Random random, final int length) {
        final List<Step> steps = new ArrayList<>();
        steps.add(Step.of(Action.OPEN));
        while (steps.size() < length) {
            if (random.nextInt(6) == 0) {
                if (random.nextInt(8) == 0) {
                    steps.add(Step.killInNext(random.nextInt(30)));
                }
                steps.add(Step.merge(random.nextInt()));
            } else {
                addRandom(steps, random);
            }
        }
        return steps;
    }

    private static Step put(final int key, final int length) {
        return Step.put("k" + key, length);
    }

    private static Step delete(final int key) {
        return Step.delete("k" + key);
    }

    /** A script of this many steps. */
    static List<Step> random(final Random random, final int length) {
        final List<Step> steps = new ArrayList<>();
        steps.add(Step.of(Action.OPEN));
        while (steps.size() < length) {
            addRandom(steps, random);
        }
        return steps;
    }

    /**
     * What is done after a crash: first of all puts of just the lengths of the records that were lost, so that what
     * the crash left behind the end of the log would fit behind them.
     */
    static List<Step> afterCrash(final Random random, final List<Integer> lostLengths) {
        final List<Step> steps = new ArrayList<>();
        if (random.nextInt(3) == 0) {
            steps.add(Step.killInNext(random.nextInt(6)));
        }
        steps.add(Step.of(Action.OPEN));
        final int again = random.nextInt(3);
        for (int i = 0; i < again; i++) {
            steps.add(put(random.nextInt(KEYS), i < lostLengths.size() ? lostLengths.get(i) : 300));
        }
        steps.add(Step.of(random.nextBoolean() ? Action.SYNC : Action.HOUSEKEEP));
        final int more = random.nextInt(5);
        for (int i = 0; i < more; i++) {
            addRandom(steps, random);
        }
        return steps;
    }

    private static void addRandom(final List<Step> steps, final Random random) {
        if (random.nextInt(12) == 0) {
            steps.add(Step.killInNext(random.nextInt(8)));
        }
        final int dice = random.nextInt(100);
        if (dice < 58) {
            final int length = random.nextInt(20) == 0 ? OVERSIZE : VALUE_LENGTHS[random.nextInt(VALUE_LENGTHS.length)];
            steps.add(dice < 3 ? Step.fail("k" + random.nextInt(KEYS), OVERSIZE) : put(random.nextInt(KEYS), length));
        } else if (dice < 66) {
            steps.add(delete(random.nextInt(KEYS)));
        } else if (dice < 78) {
            steps.add(Step.of(Action.SYNC));
        } else if (dice < 90) {
            steps.add(Step.of(Action.HOUSEKEEP));
        } else {
            steps.add(Step.of(dice < 95 ? Action.CLOSE : Action.KILL));
            steps.add(Step.of(Action.OPEN));
        }
    }
}
