package org.mapcask.crashstates;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The power is cut. Which pages the kernel had written back, which sectors the disk had taken from its cache, which
 * names had reached the directory: nobody knows, and a test that kills a process never finds out, since the page cache
 * survives the process. So every moment of a script is a power cut here, and every state that it may leave is opened;
 * what recovers may be cut off again, in the middle of recovery or later.
 * <p>
 * The slow test takes {@code -Dmapcask.crashstates=N} for the number of states and {@code -Dmapcask.crashstates.seed=N}
 * for the first seed.
 */
class CrashStatesTest {
    private static final long SEED = 100;
    private static final long STATES = 3_000;
    private static final long STATES_WAL = 3_000;
    private static final long STATES_WORD_TEARS = 1_000;
    private static final long STATES_SLOW = 1_000_000;
    private static final int VIOLATIONS_MAX = 3;

    @Test
    void shouldRecoverAPrefixWithEverythingDurableFromEveryStateOfAPowerCut() {
        explore(SEED, false, false, false, STATES);
    }

    /** Every write that was acknowledged is in a frame of the ring, or in the segments. */
    @Test
    void shouldRecoverEveryAcknowledgedWriteFromEveryStateOfAPowerCut() {
        explore(SEED, true, false, false, STATES_WAL);
    }

    /** The stores of a writer are not atomic: write-back may take a page between two of them. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldRecoverFromPagesThatWereWrittenBackWhileTheyWereStoredTo(final boolean wal) {
        explore(SEED, wal, true, false, STATES_WORD_TEARS);
    }

    /**
     * A store is created, and the power is cut before it is used. The next open removes its segments, and is killed
     * before that is durable. The one after it finds nothing, and creates another store; a second power cut must not
     * bring segments of the first one back beside its own.
     */
    @Test
    void shouldMakeSureThatADirectoryIsEmptyBeforeTheFirstSegmentIsMade() {
        final CrashFileOps files = new CrashFileOps(Map.of(), Set.of());
        final List<String> operations = new ArrayList<>();
        files.observer((before, operation) -> {
            if (!before) {
                operations.add(operation);
            }
        });
        new ScriptRunner(files, new History(), false).perform(Step.open(StoreMode.UNSYNCED));
        assertTrue(operations.get(0).startsWith(SyncSite.RECOVERY_DIRECTORY.name()), operations::toString);
        assertTrue(operations.get(1).startsWith("create"), operations::toString);
    }

    @Test
    @Tag("slow")
    @Timeout(value = 60, unit = TimeUnit.MINUTES)
    void shouldRecoverFromAMillionStates() {
        final long seed = Long.getLong("mapcask.crashstates.seed", SEED);
        final long states = Long.getLong("mapcask.crashstates", STATES_SLOW);
        explore(seed, false, false, true, states * 3 / 10);
        explore(seed, false, true, true, states / 10);
        explore(seed, true, false, true, states - states * 3 / 10 - states / 10 - states * 15 / 100);
        explore(seed, true, true, true, states * 15 / 100);
    }

    private static void explore(
        final long seed, final boolean wal, final boolean wordTears, final boolean thorough, final long states) {
        final long start = System.nanoTime();
        final CrashCampaign campaign = new CrashCampaign(
            new CrashCampaign.Plan(seed, wal, Set.of(), wordTears, thorough, states, VIOLATIONS_MAX),
            System.out::println).run();
        System.out.println(campaign + (wordTears ? "; torn words" : "") + "; " +
            (System.nanoTime() - start) / 1_000_000 + " ms");
        assertTrue(campaign.violations().isEmpty(), () -> describe(campaign.violations()));
        assertTrue(campaign.states() >= states, campaign::toString);
    }

    private static String describe(final List<CrashExplorer.Violation> violations) {
        return violations.stream().map(CrashExplorer.Violation::text).collect(Collectors.joining("\n\n"));
    }
}
