package org.mapcask.crashstates;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.agrona.collections.LongHashSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mapcask.crashstates.Step.Action;
import org.mapcask.crashstates.Step.Entry;
import org.mapcask.support.MemoryFileOps;

/** A test of {@link CheckpointCrashStatesTest}: each thing that makes checkpoints safe is left out in turn. */
class CheckpointMutantsTest {
    private static final long SEED = 1700;
    private static final long STATES_MAX = Long.getLong("mapcask.crashstates.mutant", 20_000);

    /** So many that a recovery with few frames uses slots anew. */
    private static final int WRITES_BETWEEN = 1_600;

    private static final int STORES_MAX = 100;
    private static final int STORES_GREEN = 10;
    private static final Step OPEN = Step.open(StoreMode.UNSYNCED);

    /** All keys, so that every page changes. */
    private static void addPuts(final List<Step> steps, final int length) {
        final Entry[] entries = new Entry[RandomScripts.KEYS];
        for (int i = 0; i < entries.length; i++) {
            entries[i] = Entry.put(i, length + i);
        }
        steps.add(Step.batch(entries));
    }

    /** Checkpoints one after the other, with writes before and in the middle of each, and opens from them. */
    private static List<Step> checkpoints(final boolean syncBefore) {
        final List<Step> steps = new ArrayList<>();
        steps.add(OPEN);
        for (int round = 0; round < 4; round++) {
            addPuts(steps, 30 + 100 * round);
            if (syncBefore) {
                steps.add(Step.of(Action.SYNC));
            }
            steps.add(Step.checkpoint(round, Entry.put(round, 70), Entry.delete(8)));
        }
        steps.addAll(List.of(Step.put(8, 40), Step.put(7, 40), Step.of(Action.KILL), OPEN, Step.put(6, 40),
            Step.checkpoint(0)));
        return steps;
    }

    private static boolean isNoticed(final SyncSite site, final List<Step> script, final int depth) {
        long states = 0;
        for (int seed = 0; states < STATES_MAX; seed++) {
            final CrashExplorer explorer = new CrashExplorer(new CrashExplorer.Effort(
                SEED + seed, site == null ? Set.of() : Set.of(site), false, false, 8, depth, 100, 1, true));
            explorer.explore(script);
            states += explorer.states();
            if (!explorer.violations().isEmpty()) {
                System.out.println("without " + site + ": " + states + " states: " + explorer.violations().get(0));
                return true;
            }
        }
        return false;
    }

    @ParameterizedTest
    @EnumSource(names = {"CHECKPOINT_LOG", "CHECKPOINT_PAGES", "CHECKPOINT_FILE", "CHECKPOINT_DIRECTORY"})
    void shouldGoRedWithoutTheSyncOf(final SyncSite site) {
        assertTrue(isNoticed(site, checkpoints(false), 1), "nobody noticed that " + site + " made nothing durable");
    }

    /** The log goes on in a segment in which nothing is yet, behind a value that has a segment of its own. */
    @Test
    void shouldOpenFromACheckpointWithAnEmptySegmentBehindIt() {
        final List<Step> steps = List.of(OPEN, Step.put(1, 300), Step.of(Action.SYNC), Step.put(7, 2500),
            Step.checkpoint(7, Entry.put(1, 508)), Step.put(6, 13_000), Step.of(Action.SYNC), Step.checkpoint(7),
            Step.delete(5));
        assertFalse(isNoticed(null, steps, 1));
        assertTrue(isNoticed(SyncSite.CHECKPOINT_USE, steps, 1), "nobody noticed that the use was not durable");
    }

    /**
     * The process ends between the name of a checkpoint and its sync, and the next one writes pages when it opens. It
     * depends on the hash seed, which each store draws, whether it writes over one that matters: so again and again.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldGoRedWhenAnOpenTrustsANameThatIsNotDurable(final boolean dropped) {
        final List<String> noticed = new ArrayList<>();
        for (int i = 0; i < (dropped ? STORES_MAX : STORES_GREEN) && noticed.isEmpty(); i++) {
            openBehindANameThatIsNotDurable(dropped, noticed);
        }
        assertEquals(dropped, !noticed.isEmpty(), noticed::toString);
    }

    private static void openBehindANameThatIsNotDurable(final boolean dropped, final List<String> noticed) {
        final CrashFileOps files =
            new CrashFileOps(Map.of(), dropped ? Set.of(SyncSite.CHECKPOINT_CONFIRM) : Set.of());
        final ScriptRunner runner = new ScriptRunner(files, new History(), true);
        final List<Step> steps = new ArrayList<>(List.of(OPEN));
        addPuts(steps, 30);
        steps.add(Step.checkpoint(0));
        addPuts(steps, 130);
        steps.forEach(runner::perform);
        final boolean[] killed = new boolean[1];
        final LongHashSet seen = new LongHashSet();
        files.observer((before, operation) -> {
            if (killed[0]) {
                new StateBuilder(files.directory(), new Random(SEED), false).extremes(new StateBuilder.Sink() {
                    @Override
                    public boolean wants(final long print) {
                        return seen.add(print);
                    }

                    @Override
                    public void accept(final Map<String, byte[]> state, final String description) {
                        addIfRefused(noticed, state, operation + ", " + description);
                    }
                });
            } else if (!before && operation.startsWith("rename") && SyncSite.isOfCheckpoint(operation)) {
                killed[0] = true;
                files.killAfter(0);
            }
        });
        runner.perform(Step.checkpoint(5, IntStream.range(0, WRITES_BETWEEN)
            .mapToObj(i -> Entry.put(i * 5 % RandomScripts.KEYS, 20)).toArray(Entry[]::new)));
        assertTrue(killed[0]);
    }

    private static void addIfRefused(
        final List<String> noticed, final Map<String, byte[]> state, final String description) {
        final MemoryFileOps disk = new MemoryFileOps();
        state.forEach(disk::put);
        try {
            ScriptedStore.recover(disk, false, Paging.numbered(0));
        } catch (final RuntimeException ex) {
            noticed.add(description + ": " + ex);
        }
    }

    /** What a merge emptied stays until a checkpoint is durable that does not lead to it. */
    @Test
    void shouldGoRedWhenWhatAMergeEmptiedGoesBeforeTheNextCheckpoint() {
        final List<Step> steps = new ArrayList<>(List.of(OPEN));
        addPuts(steps, 1500);
        addPuts(steps, 1400);
        steps.addAll(List.of(Step.of(Action.HOUSEKEEP), Step.checkpoint(0), Step.of(Action.FORGET_CHECKPOINT),
            Step.merge(-1), Step.put(0, 30)));
        assertTrue(isNoticed(null, steps, 1), "nobody noticed that a checkpoint led to segments that are gone");
    }
}
