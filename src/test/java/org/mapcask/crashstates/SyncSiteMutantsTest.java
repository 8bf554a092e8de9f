package org.mapcask.crashstates;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A test of the test. A crash test that finds nothing may look at a sound store, or may look away. So each place that
 * makes something durable is switched off in turn, as if somebody had deleted the line, and the enumeration must go
 * red. A place whose loss nobody notices would be useless, or untested.
 */
class SyncSiteMutantsTest {
    private static final long SEED = 100;
    private static final long STATES_MAX = Long.getLong("mapcask.crashstates.mutant", 60_000);
    private static final long STATES_GREEN = 2_000;
    private static final int VIOLATIONS_MAX = Integer.getInteger("mapcask.crashstates.violations", 1);

    /**
     * Without RECOVERY_MEND: what is mended reaches the disk all the same before anybody may ask for it, with the sync
     * of the header at the end of recovery, with the seal, or with the mark of a clean close; and until then a power
     * cut leaves a sector that is mended once more.
     */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.MATCH_NONE, names = {"RECOVERY_MEND", "MERGE_.*", "RETIRE_.*"})
    void shouldGoRedWithoutTheSyncOf(final SyncSite site) {
        final CrashCampaign campaign = campaign(Set.of(site), STATES_MAX);
        System.out.println("without " + site + ": " + campaign);
        assertFalse(campaign.violations().isEmpty(),
            () -> "nobody noticed that " + site + " made nothing durable: " + campaign);
    }

    /**
     * Without RETIRE_DIRECTORY: a later merge that takes the commit makes an output before, and syncs the directory for
     * its name. MERGE_CONFIRM and MERGE_CLEAN_DIRECTORY belong to recovery after a second crash.
     */
    @ParameterizedTest
    @EnumSource(names = {"MERGE_DATA", "MERGE_SEAL", "MERGE_STAMP", "MERGE_COMMIT"})
    void shouldGoRedInMergesWithoutTheSyncOf(final SyncSite site) {
        long states = 0;
        boolean noticed = false;
        for (int i = 0; states < STATES_MAX && !noticed; i++) {
            final CrashExplorer explorer = new CrashExplorer(
                new CrashExplorer.Effort(SEED + i, Set.of(site), false, 16, 1, 100, 1));
            explorer.explore(Scripts.withMerges(explorer.random(), 40));
            states += explorer.states();
            noticed = !explorer.violations().isEmpty();
        }
        System.out.println("without " + site + ", with merges: " + states + " states");
        assertTrue(noticed, "nobody noticed that " + site + " made nothing durable");
    }

    @Test
    void shouldStayGreenWithEverySync() {
        final CrashCampaign campaign = campaign(Set.of(), STATES_GREEN);
        assertEquals(0, campaign.violations().size(), campaign::toString);
    }

    private static CrashCampaign campaign(final Set<SyncSite> dropped, final long states) {
        return new CrashCampaign(SEED, dropped, false, states, VIOLATIONS_MAX, text -> {
        }).run();
    }
}
