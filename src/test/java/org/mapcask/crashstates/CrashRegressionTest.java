package org.mapcask.crashstates;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mapcask.crashstates.Step.Action;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.support.MemoryFileOps;

/** What the enumeration found once, each with the shortest script that showed it. */
class CrashRegressionTest {
    private static final long SEED = 1;
    private static final int RANDOM_STATES = 100;
    /** Of a test that goes on from its states. */
    private static final int RANDOM_STATES_FOLLOWED = 40;
    private static final int FOLLOW_EVERY = 40;
    /** A page is torn in so many places that one seed may miss the one that matters. */
    private static final int SEEDS_OF_TEARS = 4;

    /** A page of a rolled segment was lost, the first record of the next one not: verify called the rest damage. */
    @Test
    void shouldNotCallALostPageOfARolledSegmentDamage() {
        explore(1, false, Step.open(StoreMode.UNSYNCED), Step.put(1, 5000), Step.put(2, 5000), Step.put(3, 5000));
    }

    /**
     * A value in a segment of its own came before an empty segment that was in use already. The header of that one kept
     * the first sequence from before on the disk: two segments claimed the same sequence, and open refused.
     */
    @Test
    void shouldOrderSegmentsWhoseHeadersClaimTheSameSequence() {
        explore(1, false, Step.open(StoreMode.UNSYNCED), Step.put(1, Scripts.OVERSIZE), Step.put(2, Scripts.OVERSIZE),
            Step.of(Action.SYNC), Step.put(3, 40), Step.put(4, 5000));
    }

    /** Two watermarks were written without a sync between, and the later one alone reached the disk. */
    @Test
    void shouldKeepOneWatermarkDurableWhileTheOtherIsWritten() {
        explore(1, false, Step.open(StoreMode.UNSYNCED), Step.put(1, 5), Step.of(Action.SYNC), Step.put(2, 5),
            Step.of(Action.SYNC), Step.of(Action.CLOSE));
    }

    /** The first watermark was written back half stored; the records behind it, later, were whole. Open refused. */
    @Test
    void shouldOpenASegmentWhoseFirstWatermarkWasWrittenBackHalfStored() {
        explore(2, true, Step.open(StoreMode.UNSYNCED), Step.put(1, 100), Step.put(2, 2500));
    }

    /**
     * The other side of it: the same sector rots in a segment whose records are durable. What a crash may leave is no
     * reason to throw them away.
     */
    @Test
    void shouldKeepDurableRecordsBehindAFirstWatermarkThatRots() {
        final CrashFileOps files = new CrashFileOps(Map.of(), Set.of());
        final ScriptRunner runner = new ScriptRunner(files, new History(), false);
        List.of(Step.open(StoreMode.UNSYNCED), Step.put(1, 100), Step.put(2, 2500), Step.of(Action.SYNC))
            .forEach(runner::perform);
        final Map<String, byte[]> durable = new TreeMap<>();
        new StateBuilder(files.directory(), new Random(SEED), false).extremes((image, description) -> {
            if (description.startsWith("nothing")) {
                durable.putAll(image);
            }
        });
        assertEquals(1, durable.size());
        final MemoryFileOps disk = new MemoryFileOps();
        durable.forEach((name, bytes) -> {
            bytes[HeaderDescriptor.watermarkOffset(1)] ^= 1;
            disk.put(name, bytes);
        });
        final ScriptedStore.Recovered recovered = ScriptedStore.recover(disk, false, Paging.NONE);
        assertEquals(2, recovered.lastSequence());
        assertEquals(Set.of("k1", "k2"), recovered.contents().keySet());
    }

    /**
     * Recovery removed segments, or wrote zeros over a torn tail, and its process was killed before the sync. The next
     * recovery saw nothing to do, new records were written and synced, and a power cut brought the old ones back.
     */
    @Test
    void shouldMakeDurableWhatAKilledRecoveryDid() {
        final CrashExplorer explorer = new CrashExplorer(
            new CrashExplorer.Effort(SEED, Set.of(), false, false, RANDOM_STATES_FOLLOWED, 2, 8, 1));
        explorer.explore(Scripts.halfPages());
        check(explorer);
    }

    /**
     * The process was killed after it had stored a seal and before it had synced it. The next open took the segment for
     * sealed, nobody synced it any more, and the store was closed; a power cut left a clean store with a segment that
     * has no seal, which verify called damage.
     */
    @Test
    void shouldMakeASealDurableThatAKilledProcessHadStored() {
        explore(1, false, Scripts.killedSeal().toArray(Step[]::new));
    }

    /**
     * A store with a write-ahead log was opened without one, and a power cut left the header of its last segment, and
     * not that of the one before it. Recovery removed the last one, and with it the only mark that there is no
     * write-ahead log: the next recovery missed it.
     */
    @Test
    void shouldNotMissAWalWhoseEndWasToldInASegmentThatIsRemoved() {
        exploreWal(Step.open(StoreMode.WAL), Step.put(1, 40), Step.put(2, Scripts.OVERSIZE), Step.of(Action.KILL),
            Step.open(StoreMode.UNSYNCED), Step.put(3, Scripts.OVERSIZE), Step.of(Action.SYNC));
    }

    /**
     * A store with a write-ahead log was opened without one, which its newest watermark tells. The power was cut, and
     * the next open found a torn tail: it wrote its own watermark over the newest, and a second cut left half of that,
     * beside the one of the time of the write-ahead log. The open after it missed the files, and refused.
     */
    @Test
    void shouldNotMissAWalWhenTheWatermarkBehindATornTailIsWrittenBackHalfStored() {
        for (long seed = SEED; seed < SEED + SEEDS_OF_TEARS; seed++) {
            final CrashExplorer explorer = new CrashExplorer(
                new CrashExplorer.Effort(seed, Set.of(), true, true, RANDOM_STATES_FOLLOWED, 2, 8, 1));
            explorer.followWith(List.of(Step.open(StoreMode.EVERY_WRITE)));
            explorer.explore(List.of(Step.open(StoreMode.WAL), Step.put(1, 40), Step.of(Action.KILL),
                Step.open(StoreMode.UNSYNCED), Step.put(2, 2500), Step.put(3, 2500)));
            check(explorer);
        }
    }

    /**
     * A checkpoint began while the active segment was empty, which then stays the active one behind a value in a
     * segment of its own. If that value came behind the checkpoint, the checkpoint did not fit any more; if in the
     * middle of it, its segment was taken for one of which all is in the checkpoint.
     */
    @ParameterizedTest
    @EnumSource(names = {"UNSYNCED", "EVERY_WRITE"})
    void shouldGoOnWithAValueOfItsOwnBehindACheckpointOfAnEmptySegment(final StoreMode mode) {
        final Step.Entry[] long3 = {Step.Entry.put(3, Scripts.OVERSIZE)};
        final Step.Entry[] longAndShort = {Step.Entry.put(3, Scripts.OVERSIZE), Step.Entry.put(4, 40)};
        for (int operations = 0; operations < 12; operations++) {
            for (final Step.Entry[] meanwhile : List.of(new Step.Entry[0], long3, longAndShort)) {
                performAll(new ScriptRunner(new CrashFileOps(Map.of(), Set.of()), new History(), true),
                    Step.open(mode), Step.put(1, 40), Step.put(2, Scripts.OVERSIZE),
                    Step.checkpoint(operations, meanwhile), Step.put(5, Scripts.OVERSIZE), Step.put(6, 40),
                    Step.of(Action.KILL), Step.open(mode));
            }
        }
    }

    /**
     * Somebody read a segment for long that a merge had put out and a later one had taken in. A checkpoint came, one
     * more merge, and a kill. The segment looked like the output of a merge behind the checkpoint, one that cannot be
     * undone, since what it had taken in was gone: the checkpoint was not used, and the whole log was read.
     */
    @Test
    void shouldUndoAMergeAlthoughTheOutputOfAnEarlierOneIsStillThere() {
        final CrashFileOps files = new CrashFileOps(Map.of(), Set.of());
        final History history = new History();
        final ScriptRunner runner = new ScriptRunner(files, history, true);
        // Deletions, since a put may wait, and what it replaces is not dead yet.
        performAll(runner, Step.open(StoreMode.UNSYNCED), Step.put(1, 40), Step.put(2, 40), Step.put(3, 40),
            Step.put(4, 40), Step.delete(4), Step.merge(-1), Step.checkpoint(0), Step.of(Action.HOUSEKEEP));
        final List<Map<String, byte[]>> kills = new ArrayList<>();
        final long[] checkpoint = {-1};
        runner.whileIterating(() -> {
            performAll(runner, Step.delete(2), Step.merge(-1), Step.checkpoint(0), Step.of(Action.HOUSEKEEP),
                Step.delete(3));
            checkpoint[0] = history.checkpoint();
            files.observer((before, operation) -> kills.add(image(files)));
            runner.perform(Step.merge(-1));
        });
        assertTrue(kills.size() > 20);
        for (final Map<String, byte[]> kill : kills) {
            final ScriptedStore store =
                ScriptedStore.open(new CrashFileOps(kill, Set.of()), StoreMode.UNSYNCED, Paging.numbered(0));
            assertTrue(store.openedFrom() >= checkpoint[0], "opened from " + store.openedFrom());
            store.check(history.contents(history.acknowledged()));
            store.abandon();
        }
    }

    private static void performAll(final ScriptRunner runner, final Step... steps) {
        List.of(steps).forEach(runner::perform);
    }

    private static Map<String, byte[]> image(final CrashFileOps files) {
        final Map<String, byte[]> image = new TreeMap<>();
        files.directory().names().forEach(
            name -> image.put(name, files.directory().find(name).bytes().clone()));
        return image;
    }

    private static void exploreWal(final Step... steps) {
        explore(true, 1, false, steps);
    }

    private static void explore(final int depth, final boolean wordTears, final Step... steps) {
        explore(false, depth, wordTears, steps);
    }

    private static void explore(
        final boolean wal, final int depth, final boolean wordTears, final Step... steps) {
        final CrashExplorer explorer = new CrashExplorer(
            new CrashExplorer.Effort(SEED, Set.of(), wal, wordTears, RANDOM_STATES, depth, FOLLOW_EVERY, 1));
        explorer.explore(List.of(steps));
        check(explorer);
    }

    private static void check(final CrashExplorer explorer) {
        assertTrue(explorer.states() > 100, explorer::toString);
        assertEquals(0, explorer.violations().size(), () -> explorer.violations().stream()
            .map(CrashExplorer.Violation::text).collect(Collectors.joining("\n\n")));
    }
}
