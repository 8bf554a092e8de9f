package org.mapcask.crashstates;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.Set;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A test of the test. A crash test that finds nothing may look at a sound store, or may look away. So each place that
 * makes something durable is switched off in turn, as if somebody had deleted the line, and the enumeration must go
 * red. A place whose loss nobody notices would be useless, or untested.
 */
class SyncSiteMutantsTest {
    private static final long SEED = 100;
    private static final long STATES_MAX = Long.getLong("mapcask.crashstates.mutant", 200_000);
    private static final int SEEDS_DENSE = 60;
    /** More operations than a merge has. */
    private static final int KILLS_MAX = 40;
    private static final long STATES_GREEN = 2_000;
    private static final int VIOLATIONS_MAX = Integer.getInteger("mapcask.crashstates.violations", 1);

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.MATCH_NONE, names = {
        "STALE_MARK", "HANDOVER_OTHERS", "MERGE_.*", "CHECKPOINT_.*", "RECOVERY_CONFIRM_TAIL",
        "RECOVERY_CONFIRM_SEAL", "RING_CONFIRM_HEADER", "HANDOVER_DIRECTORY", "WAL_WAIT"})
    void shouldGoRedWithoutTheSyncOf(final SyncSite site) {
        goRedWithout(site);
    }

    /** Those that take a random search thousands of states. */
    @ParameterizedTest
    @Tag("slow")
    @EnumSource(names = {"RECOVERY_CONFIRM_SEAL", "RING_CONFIRM_HEADER", "HANDOVER_DIRECTORY", "WAL_WAIT"})
    void shouldGoRedAfterALongerSearchWithoutTheSyncOf(final SyncSite site) {
        goRedWithout(site);
    }

    private static void goRedWithout(final SyncSite site) {
        final CrashCampaign campaign = campaign(firstScript(site), site.isOfWal(), Set.of(site), STATES_MAX);
        System.out.println("without " + site + ": " + campaign);
        assertFalse(campaign.violations().isEmpty(),
            () -> "nobody noticed that " + site + " made nothing durable: " + campaign);
    }

    /** The script that shows soonest what is lost; from any other on the search takes longer. */
    private static int firstScript(final SyncSite site) {
        switch (site) {
            case REPLAY_CREATE_FILE, REPLAY_CREATE_DIRECTORY, WAL_PASSED, DISCARD_DIRECTORY:
                return 1;
            default:
                return 0;
        }
    }

    /**
     * These two matter when one crash follows another at one place only, so a short script is followed densely, from a
     * seed on that shows it soon.
     */
    @ParameterizedTest
    @Tag("slow")
    @EnumSource(names = {"STALE_MARK", "HANDOVER_OTHERS"})
    void shouldGoRedWithoutTheMarkWithdrawnByTheSyncOf(final SyncSite site) {
        long states = 0;
        final int first = site == SyncSite.HANDOVER_OTHERS ? 18 : 1;
        for (int seed = first; seed < first + SEEDS_DENSE; seed++) {
            final CrashExplorer explorer =
                new CrashExplorer(new CrashExplorer.Effort(seed, Set.of(site), true, false, 16, 3, 16, 1));
            explorer.explore(WalScripts.leave());
            states += explorer.states();
            if (!explorer.violations().isEmpty()) {
                System.out.println("without " + site + ": " + states + " states, seed " + seed);
                return;
            }
        }
        fail("nobody noticed in " + states + " states that " + site + " made nothing durable");
    }

    /**
     * MERGE_CLEAN_DIRECTORY is not here: that a commit goes only after what it names needs two merges that are left
     * over, which no engine leaves; MergeRecoveryTest makes them by hand.
     * <p>
     * The process is killed around the commit of a merge, and the power is cut while the next one opens the store.
     */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldGoRedIfARecoveryTrustsACommitThatIsInThePageCacheAlone(final boolean dropped) {
        goRedOfKills(SyncSite.MERGE_CONFIRM, dropped, dropped ? 1 : 3, (sites, operations) -> {
            final CrashExplorer explorer =
                new CrashExplorer(new CrashExplorer.Effort(SEED, sites, false, false, 0, 1, 100, 1));
            explorer.explore(Scripts.killedInMerge(operations));
            return explorer;
        });
    }

    /** A kill after each so many operations: one of them is noticed if the sync of a site is dropped, else none. */
    private static void goRedOfKills(final SyncSite site, final boolean dropped, final int step,
        final BiFunction<Set<SyncSite>, Integer, CrashExplorer> kill) {
        int noticed = 0;
        long states = 0;
        for (int operations = 1; operations <= KILLS_MAX && noticed == 0; operations += step) {
            final CrashExplorer explorer = kill.apply(dropped ? Set.of(site) : Set.of(), operations);
            states += explorer.states();
            noticed += explorer.violations().size();
            assertTrue(dropped || explorer.violations().isEmpty(), explorer.violations()::toString);
        }
        System.out.println("kills, without " + site + " " + dropped + ": " + states + " states");
        assertEquals(dropped, noticed > 0, "kills that were noticed: " + noticed);
    }

    /**
     * The power is cut in a write, the process is killed while it opens the store: after it stored the last zeros over
     * the torn tail, and before their sync. It opens the store once more, and closes it properly, with nothing to write
     * where they stand. The power is cut again, and the page with what was there before comes back behind the end of a
     * log that looks clean.
     */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldGoRedIfARecoveryTrustsZerosThatAreInThePageCacheAlone(final boolean dropped) {
        goRedOfKills(SyncSite.RECOVERY_CONFIRM_TAIL, dropped, 1, (sites, operations) -> {
            final CrashExplorer explorer =
                new CrashExplorer(new CrashExplorer.Effort(SEED, sites, false, false, 8, 2, 8, 1));
            explorer.followWith(Scripts.killedInOpen(operations));
            explorer.explore(Scripts.tail());
            return explorer;
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"MERGE_DATA", "MERGE_SEAL", "MERGE_STAMP", "MERGE_COMMIT"})
    void shouldGoRedInMergesWithoutTheSyncOf(final SyncSite site) {
        long states = 0;
        boolean noticed = false;
        int scripts = 0;
        for (; states < STATES_MAX && !noticed; scripts++) {
            final CrashExplorer explorer = new CrashExplorer(
                new CrashExplorer.Effort(SEED + scripts, Set.of(site), false, false, 16, 1, 100, 1));
            explorer.explore(RandomScripts.withMerges(explorer.random(), false));
            states += explorer.states();
            noticed = !explorer.violations().isEmpty();
        }
        System.out.println("without " + site + ", with merges: " + states + " states, script " + scripts);
        assertTrue(noticed, "nobody noticed that " + site + " made nothing durable");
    }

    /** {@link CrashStatesTest} explores the same scripts with every sync, and more of them, each less densely. */
    @ParameterizedTest
    @Tag("slow")
    @ValueSource(booleans = {false, true})
    void shouldStayGreenWithEverySync(final boolean wal) {
        final CrashCampaign campaign = campaign(0, wal, Set.of(), STATES_GREEN);
        assertEquals(0, campaign.violations().size(), campaign::toString);
    }

    private static CrashCampaign campaign(
        final int firstScript, final boolean wal, final Set<SyncSite> dropped, final long states) {
        return new CrashCampaign(
            new CrashCampaign.Plan(SEED, firstScript, wal, dropped, false, true, states, VIOLATIONS_MAX), text -> {
            }).run();
    }
}
