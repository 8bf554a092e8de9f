package org.mapcask.crashstates;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The power is cut while a keydir that does not fit into its memory writes pages to a file, while a checkpoint is made,
 * and while a store is opened from one. What recovers are the contents after some number of writes; an open from a
 * checkpoint finds every key, and the very figures that the log alone gives; and a checkpoint that was durable is used.
 */
class CheckpointCrashStatesTest {
    private static final long SEED = 1300;

    @ParameterizedTest
    @CsvSource({"false,false", "false,true", "true,false", "true,true"})
    void shouldRecoverFromEveryStateOfAPowerCutWithCheckpoints(final boolean wal, final boolean merges) {
        explore(SEED, 1_200, 2, 1, wal, merges);
    }

    @ParameterizedTest
    @CsvSource({"false,false", "false,true", "true,false", "true,true"})
    @Tag("slow")
    @Timeout(value = 60, unit = TimeUnit.MINUTES)
    void shouldRecoverFromManyStatesWithCheckpoints(final boolean wal, final boolean merges) {
        explore(Long.getLong("mapcask.crashstates.seed", SEED) + 2000,
            Long.getLong("mapcask.crashstates.checkpoints", 100_000), 4, 2, wal, merges);
    }

    private static void explore(
        final long seed, final long wanted, final int randomStates, final int depth, final boolean wal,
        final boolean merges) {
        final long start = System.nanoTime();
        long states = 0;
        long fromCheckpoint = 0;
        for (int i = 0; states < wanted; i++) {
            final CrashExplorer explorer = new CrashExplorer(
                new CrashExplorer.Effort(seed + i, Set.of(), wal, false, randomStates, depth, 100, 3, true));
            explorer.explore(RandomScripts.withCheckpoints(explorer.random(), wal, merges));
            states += explorer.states();
            fromCheckpoint += explorer.fromCheckpoint();
            final String text = explorer.violations().stream().map(CrashExplorer.Violation::text)
                .collect(Collectors.joining("\n\n"));
            assertTrue(explorer.violations().isEmpty(), "seed " + (seed + i) + "\n" + text);
        }
        System.out.println(states + " states with checkpoints, " + fromCheckpoint + " opened from one; merges " +
            merges + ", write-ahead log " + wal + ", seeds from " + seed + "; " +
            (System.nanoTime() - start) / 1_000_000 + " ms");
        assertTrue(fromCheckpoint > wanted / 40, fromCheckpoint + " of " + states);
    }
}
