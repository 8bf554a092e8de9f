package org.mapcask.crashstates;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.mapcask.crashstates.Step.Action;
import org.mapcask.crashstates.Step.Entry;

/** Scripts by chance, of the same steps as those written by hand. Stateless. */
final class RandomScripts {
    private static final int LENGTH = 40;
    /** Keys of all scripts are below this. */
    static final int KEYS = 9;
    private static final int ENTRIES_MAX = 5;
    private static final int[] VALUE_LENGTHS = {0, 5, 40, 460, 480, 700, 1500, 2500, 2500, 2500, 4000, 5000, 11_000};

    private RandomScripts() {
    }

    /** A script; {@code wal} tells whether it opens the store with a write-ahead log most of the time. */
    static List<Step> script(final Random random, final boolean wal) {
        final List<Step> steps = new ArrayList<>();
        steps.add(open(random, wal));
        while (steps.size() < LENGTH) {
            addRandom(steps, random, wal);
        }
        return steps;
    }

    /** The same with merges of random segments in it. */
    static List<Step> withMerges(final Random random, final boolean wal) {
        final List<Step> steps = new ArrayList<>();
        steps.add(open(random, wal));
        while (steps.size() < LENGTH) {
            if (random.nextInt(6) == 0) {
                addMerge(steps, random);
            } else {
                addRandom(steps, random, wal);
            }
        }
        return steps;
    }

    private static void addMerge(final List<Step> steps, final Random random) {
        if (random.nextInt(8) == 0) {
            steps.add(Step.killInNext(random.nextInt(30)));
        }
        steps.add(Step.merge(random.nextInt(), random.nextInt(20), entriesBetween(random)));
    }

    /** The same with checkpoints in it, and merges or none. */
    static List<Step> withCheckpoints(final Random random, final boolean wal, final boolean merges) {
        final List<Step> steps = new ArrayList<>();
        steps.add(open(random, wal));
        while (steps.size() < LENGTH / 2) {
            final int dice = random.nextInt(12);
            if (dice < 2) {
                addCheckpoint(steps, random);
            } else if (dice == 2 && merges) {
                addMerge(steps, random);
            } else {
                addRandom(steps, random, wal);
            }
        }
        return steps;
    }

    private static void addCheckpoint(final List<Step> steps, final Random random) {
        if (random.nextInt(3) == 0) {
            steps.add(Step.killInNext(random.nextInt(12)));
        }
        steps.add(Step.checkpoint(random.nextInt(10), entriesBetween(random)));
    }

    /** Writes of another thread, in the middle of a step. */
    private static Entry[] entriesBetween(final Random random) {
        final Entry[] between = new Entry[random.nextInt(5)];
        for (int i = 0; i < between.length; i++) {
            between[i] = random.nextInt(4) == 0 ? Entry.delete(random.nextInt(KEYS)) :
                Entry.put(random.nextInt(KEYS), random.nextInt(10) == 0 ? Scripts.OVERSIZE : random.nextInt(900));
        }
        return between;
    }

    /**
     * What is done after a crash: first of all puts of just the lengths of the records that were lost, so that what
     * the crash left behind the end of the log would fit behind them.
     */
    static List<Step> afterCrash(
        final Random random, final boolean wal, final boolean checkpoints, final List<Integer> lostLengths) {
        final List<Step> steps = new ArrayList<>();
        if (random.nextInt(3) == 0) {
            steps.add(Step.killInNext(random.nextInt(wal ? 12 : 6)));
        }
        steps.add(open(random, wal));
        final int again = random.nextInt(3);
        for (int i = 0; i < again; i++) {
            steps.add(Step.put(random.nextInt(KEYS), i < lostLengths.size() ? lostLengths.get(i) : 300));
        }
        steps.add(Step.of(random.nextBoolean() ? Action.SYNC : Action.HOUSEKEEP));
        final int more = random.nextInt(5);
        for (int i = 0; i < more; i++) {
            addRandom(steps, random, wal);
            if (checkpoints && random.nextInt(3) == 0) {
                addCheckpoint(steps, random);
            }
        }
        return steps;
    }

    private static Step open(final Random random, final boolean wal) {
        final int dice = random.nextInt(20);
        if (wal && dice < 16) {
            return Step.open(dice < 12 ? StoreMode.WAL : StoreMode.LONG_WAL);
        }
        return Step.open(dice % 4 == 3 ? StoreMode.EVERY_WRITE : StoreMode.UNSYNCED);
    }

    private static void addRandom(final List<Step> steps, final Random random, final boolean wal) {
        if (random.nextInt(12) == 0) {
            steps.add(Step.killInNext(random.nextInt(8)));
        }
        final int dice = random.nextInt(100);
        if (dice < 3) {
            steps.add(Step.fail(random.nextInt(KEYS), Scripts.OVERSIZE));
        } else if (dice < 48) {
            steps.add(Step.put(random.nextInt(KEYS),
                random.nextInt(20) == 0 ? Scripts.OVERSIZE : valueLength(random)));
        } else if (dice < 58) {
            steps.add(batch(random));
        } else if (dice < 66) {
            steps.add(Step.delete(random.nextInt(KEYS)));
        } else if (dice < 78) {
            steps.add(Step.of(Action.SYNC));
        } else if (dice < 90) {
            steps.add(Step.of(Action.HOUSEKEEP));
        } else {
            steps.add(Step.of(dice < 95 ? Action.CLOSE : Action.KILL));
            steps.add(open(random, wal));
        }
    }

    private static Step batch(final Random random) {
        final Entry[] entries = new Entry[1 + random.nextInt(ENTRIES_MAX)];
        for (int i = 0; i < entries.length; i++) {
            final int key = random.nextInt(KEYS);
            entries[i] = random.nextInt(5) == 0 ? Entry.delete(key) : Entry.put(key, valueLength(random));
        }
        return Step.batch(entries);
    }

    private static int valueLength(final Random random) {
        return random.nextInt(30) == 0 ? WalScripts.TOO_LONG :
            VALUE_LENGTHS[random.nextInt(VALUE_LENGTHS.length)];
    }
}
