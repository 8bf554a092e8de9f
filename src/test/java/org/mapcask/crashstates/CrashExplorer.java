package org.mapcask.crashstates;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.agrona.collections.LongHashSet;
import org.mapcask.recovery.Damage;
import org.mapcask.recovery.VerifyReport;
import org.mapcask.support.MemoryFileOps;
import org.mapcask.support.Payload;

/**
 * Runs scripts, builds the states that a power cut may leave at every moment, and opens each. What must hold:
 * <ul>
 *   <li>a check of every byte finds no damage, and opening does not refuse: a crash is never damage;
 *   <li>what is recovered are the contents after some number of writes, at least those that were made durable, at most
 *       those that had begun; every value is the one that was written;
 *   <li>what close() left looks clean;
 *   <li>opening once more finds the same, with a write-ahead log or without, and so does opening for reading.
 * </ul>
 * Some states are gone on from: recovery and a script after it run on the state, and the power is cut again at each of
 * their moments. A cut inside recovery must lead to the records that were recovered before, no more and no fewer. One
 * thread.
 */
final class CrashExplorer {
    /**
     * How much is tried.
     *
     * @param seed         of every choice.
     * @param dropped      sites whose syncs do nothing.
     * @param wal          whether what is done after a crash is done with a write-ahead log.
     * @param wordTears    whether a page may be written back while it is being stored to.
     * @param randomStates random states at a moment of the first script; fewer at those after it.
     * @param depth        how many crashes may follow one another, from 1 on.
     * @param followEvery  one state in so many is gone on from; where recovery cut something off, or a batch in two,
     *                     one in a quarter.
     * @param violationsMax the end of it.
     * @param checkpoints   whether there are checkpoints, and a keydir that does not fit into its memory.
     */
    record Effort(
        long seed, Set<SyncSite> dropped, boolean wal, boolean wordTears, int randomStates, int depth,
        int followEvery, int violationsMax, boolean checkpoints) {
        /** Without checkpoints. */
        Effort(
            final long seed, final Set<SyncSite> dropped, final boolean wal, final boolean wordTears,
            final int randomStates, final int depth, final int followEvery, final int violationsMax) {
            this(seed, dropped, wal, wordTears, randomStates, depth, followEvery, violationsMax, false);
        }
    }

    /** A state that does not hold what it must. */
    record Violation(int depth, String text) {
    }

    private static final int RANDOM_STATES_AFTER_CRASH = 3;
    /** One state in so many is opened for reading, too. */
    private static final int LOOK_EVERY = 32;

    private final Effort effort;
    private final Random random;
    private final LongHashSet seen = new LongHashSet();
    private final List<Violation> violations = new ArrayList<>();
    private final long[] statesByDepth;
    private long states;
    private long moments;
    private long recoveriesThatCut;
    private long fromCheckpoint;
    private boolean running = true;
    private List<Step> following;

    CrashExplorer(final Effort effort) {
        this.effort = effort;
        this.random = new Random(effort.seed());
        this.statesByDepth = new long[effort.depth()];
    }

    /** Runs a script on a new store; ends early when the effort is spent. */
    void explore(final List<Step> script) {
        run(Map.of(), new History(), script, 0, "");
    }

    /** Goes on from a state with this script, and not with a random one. */
    void followWith(final List<Step> script) {
        following = script;
    }

    Random random() {
        return random;
    }

    /** States that were opened, no two the same. */
    long states() {
        return states;
    }

    /** States that were opened from a checkpoint. */
    long fromCheckpoint() {
        return fromCheckpoint;
    }

    long[] statesByDepth() {
        return statesByDepth;
    }

    List<Violation> violations() {
        return violations;
    }

    private void run(
        final Map<String, byte[]> image, final History history, final List<Step> script, final int depth,
        final String trail) {
        final CrashFileOps files = new CrashFileOps(image, effort.dropped());
        final ScriptRunner runner = new ScriptRunner(files, history, effort.checkpoints());
        files.observer((before, operation) -> onMoment(files, history, depth, before, () ->
            trail + "\n  " + runner.done() + " | " + (before ? "before " : "after ") + operation));
        for (final Step step : script) {
            if (!running) {
                return;
            }
            try {
                runner.perform(step);
            } catch (final AssertionError | RuntimeException ex) {
                addViolation(depth, trail + "\n  " + runner.done() + "\n  => " + ex);
                return;
            }
            files.directory().observe();
            onMoment(files, history, depth, true, () -> trail + "\n  " + runner.done() + " | end of step");
        }
    }

    /** Tells where the power is cut; asked for only when something is wrong or gone on from. */
    private interface Place {
        String text();
    }

    private void onMoment(
        final CrashFileOps files, final History history, final int depth, final boolean thorough, final Place place) {
        if (!running) {
            return;
        }
        moments++;
        final StateBuilder builder = new StateBuilder(files.directory(), random, effort.wordTears());
        final StateBuilder.Sink sink = new StateBuilder.Sink() {
            @Override
            public boolean wants(final long print) {
                return running && seen.add(Payload.mix(print + number(history)));
            }

            @Override
            public void accept(final Map<String, byte[]> state, final String description) {
                onState(state, history, depth, () -> place.text() + " | " + description);
            }
        };
        builder.extremes(sink);
        if (depth == 0) {
            builder.singles(sink);
            builder.random(thorough ? effort.randomStates() : effort.randomStates() / 4, sink);
        } else {
            builder.random(RANDOM_STATES_AFTER_CRASH, sink);
        }
    }

    private void onState(
        final Map<String, byte[]> state, final History history, final int depth, final Place place) {
        states++;
        statesByDepth[depth]++;
        final boolean mayFollow = depth + 1 < effort.depth();
        final Map<String, byte[]> kept = mayFollow ? copy(state) : null;
        final ScriptedStore.Recovered recovered;
        try {
            recovered = check(state, history);
        } catch (final AssertionError | RuntimeException ex) {
            addViolation(depth, place.text() + "\n  => " + ex);
            return;
        }
        final boolean cut = recovered.report().tornFile() != null || !recovered.report().dropped().isEmpty();
        recoveriesThatCut += cut ? 1 : 0;
        final int records = (int)recovered.lastSequence();
        final int every = depth == 0 ? effort.followEvery() : 2 * effort.followEvery();
        if (mayFollow && random.nextInt(cut || history.isInsideBatch(records) ? every / 4 : every) == 0) {
            final List<Step> script = following != null ? following : RandomScripts.afterCrash(
                random, effort.wal(), effort.checkpoints(), history.lengthsBehind(records));
            run(kept, history.upTo(records), script, depth + 1,
                place.text() + "\n  recovered " + records + " records");
        }
    }

    private void addViolation(final int depth, final String text) {
        violations.add(new Violation(depth, text));
        running = violations.size() < effort.violationsMax();
    }

    private ScriptedStore.Recovered check(final Map<String, byte[]> state, final History history) {
        final MemoryFileOps files = new MemoryFileOps();
        state.forEach(files::put);
        final Paging paging = effort.checkpoints() ? Paging.numbered((int)states) : Paging.NONE;
        final VerifyReport verified = ScriptedStore.verify(files);
        if (!verified.damages().stream().allMatch(damage -> isSectorCutShort(damage, history))) {
            throw new AssertionError("verify finds damage: " + verified.damages());
        }
        if (effort.wal() && random.nextInt(LOOK_EVERY) == 0) {
            checkRecovered(ScriptedStore.look(files, paging), history);
        }
        final boolean wal = withWal();
        final ScriptedStore.Recovered recovered = ScriptedStore.recover(files, wal, paging);
        checkRecovered(recovered, history);
        if (recovered.report().checkpoint() < history.checkpoint()) {
            throw new AssertionError("opened from checkpoint " + recovered.report().checkpoint() + " where " +
                history.checkpoint() + " was durable: " + recovered.report());
        }
        if (recovered.report().checkpoint() >= 0) {
            fromCheckpoint++;
        }
        if (history.isClosed() && !recovered.report().clean()) {
            throw new AssertionError("the store was closed, and does not look so: " + recovered.report());
        }
        if (random.nextInt(4) == 0) {
            final ScriptedStore.Recovered again = ScriptedStore.recover(files, withWal(), paging);
            if (again.lastSequence() != recovered.lastSequence()) {
                throw new AssertionError(
                    "recovered " + recovered.lastSequence() + " records, and then " + again.lastSequence());
            }
            checkRecovered(again, history);
        }
        if (recovered.report().checkpoint() >= 0) {
            checkFigures(recovered, ScriptedStore.recover(files, wal, Paging.NONE));
        }
        return recovered;
    }

    private static void checkFigures(
        final ScriptedStore.Recovered recovered, final ScriptedStore.Recovered fromLog) {
        if (!recovered.figures().equals(fromLog.figures())) {
            throw new AssertionError("figures " + recovered.figures() + " where the log alone gives " +
                fromLog.figures() + ": " + recovered.report());
        }
    }

    private boolean withWal() {
        return effort.wal() && random.nextBoolean();
    }

    private static void checkRecovered(final ScriptedStore.Recovered recovered, final History history) {
        final int records = (int)recovered.lastSequence();
        if (records < history.durable() || records > history.begun()) {
            throw new AssertionError("recovered " + records + " records where " + history.durable() +
                " were durable and " + history.begun() + " had begun: " + recovered.report());
        }
        checkContents(recovered.contents(), history.contents(records));
    }

    /**
     * A sector of a header that was written back while it was stored to may look like one that rotted, and verify tells
     * of it. Not in a store that was closed: there it was written again.
     */
    private boolean isSectorCutShort(final Damage damage, final History history) {
        return effort.wordTears() && !history.isClosed() && damage.kind() == Damage.Kind.HEADER &&
            damage.detail().endsWith("sector has a wrong checksum");
    }

    private static void checkContents(final Map<String, byte[]> found, final Map<String, byte[]> expected) {
        if (!found.keySet().equals(expected.keySet())) {
            throw new AssertionError("keys " + found.keySet() + " where " + expected.keySet() + " were written");
        }
        found.forEach((key, value) -> {
            if (!Arrays.equals(value, expected.get(key))) {
                throw new AssertionError("wrong value of " + key + ": " + value.length + " bytes");
            }
        });
    }

    private static Map<String, byte[]> copy(final Map<String, byte[]> image) {
        final Map<String, byte[]> copy = new TreeMap<>();
        image.forEach((name, bytes) -> copy.put(name, bytes.clone()));
        return copy;
    }

    /** What may be recovered from a state depends on it, too. */
    private static long number(final History history) {
        return history.durable() * 1021L + history.begun() + (history.isClosed() ? 1L << 40 : 0);
    }

    @Override
    public String toString() {
        return states + " states " + Arrays.toString(statesByDepth) + " at " + moments + " moments, " +
            recoveriesThatCut + " with a torn tail, seed " + effort.seed() + ", violations " + violations.size();
    }
}
