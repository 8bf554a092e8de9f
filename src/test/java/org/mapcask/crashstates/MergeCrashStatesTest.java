package org.mapcask.crashstates;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The power is cut in the middle of merges, before, between and after them: what recovers are the contents after some
 * number of writes, and nothing that was deleted comes back. Sectors are taken whole or not at all: a commit is one
 * write to a page that is not being written back, which no device sees halfway.
 */
class MergeCrashStatesTest {
    private static final long SEED = 900;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldRecoverFromEveryStateOfAPowerCutWithMerges(final boolean wal) {
        explore(SEED, 4_000, wal);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Tag("slow")
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void shouldRecoverFromManyStatesWithMerges(final boolean wal) {
        explore(Long.getLong("mapcask.crashstates.seed", SEED) + 2000, 200_000, wal);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Tag("slow")
    void shouldKnowWhetherAWriteAheadLogIsInUseWhateverWasMerged(final boolean dropped) {
        final CrashExplorer explorer = new CrashExplorer(new CrashExplorer.Effort(
            SEED, dropped ? Set.of(SyncSite.MERGE_USE) : Set.of(), true, false, 16, 2, 32, 1));
        explorer.explore(WalScripts.leaveAndMerge());
        assertEquals(dropped, !explorer.violations().isEmpty(), explorer.violations()::toString);
    }

    private static void explore(final long seed, final long wanted, final boolean wal) {
        long states = 0;
        for (int i = 0; states < wanted; i++) {
            final CrashExplorer explorer = new CrashExplorer(
                new CrashExplorer.Effort(seed + i, Set.of(), wal, false, 8, 2, 200, 3));
            explorer.explore(RandomScripts.withMerges(explorer.random(), wal));
            states += explorer.states();
            final String text = explorer.violations().stream().map(CrashExplorer.Violation::text)
                .collect(Collectors.joining("\n\n"));
            assertTrue(explorer.violations().isEmpty(), "seed " + (seed + i) + "\n" + text);
        }
        System.out.println(states + " states with merges, write-ahead log " + wal + ", seeds from " + seed);
    }
}
