package org.mapcask.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mapcask.errors.MapcaskException;
import org.mapcask.fault.FaultingFileOps;
import org.mapcask.fault.FaultingFileOps.Operation;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.format.MergeDescriptor;
import org.mapcask.io.FileOps;
import org.mapcask.io.StoreFile;
import org.mapcask.segment.Segment;
import org.mapcask.segment.SegmentFileNames;
import org.mapcask.segment.SegmentImage;
import org.mapcask.support.EngineStore;
import org.mapcask.support.MemoryFileOps;
import org.mapcask.sync.SyncPolicy;

/**
 * The story: merges take segments of a growing store in any combination, and the process dies after any of their steps,
 * and again while the next open clears that away. Whoever opens the store finds what was written.
 */
class MergeRecoveryTest {
    private static final int LENGTH = 8192;
    private static final int KEYS = 25;
    private static final int ROUNDS = 5;

    private final Map<String, String> model = new TreeMap<>();
    private final Map<String, byte[]> lateInputs = new TreeMap<>();
    private MemoryFileOps files = new MemoryFileOps();
    private int written;
    private int moments;
    private int merges;
    private int droppedTombstones;
    private int keptTombstones;

    private void write(final Random random) {
        try (EngineStore store = EngineStore.open(files, StoreDamage.DIRECTORY, LENGTH)) {
            check("before round", store);
            for (int i = 0; i < 40; i++) {
                final String key = "key" + random.nextInt(KEYS);
                switch (random.nextInt(8)) {
                    case 0, 1, 2 -> {
                        store.delete(key);
                        model.remove(key);
                    }
                    case 3 -> {
                        final Map<String, String> batch = new LinkedHashMap<>();
                        for (int k = 0; k < 1 + random.nextInt(12); k++) {
                            batch.put("key" + random.nextInt(KEYS), random.nextInt(4) == 0 ? null : value(random));
                        }
                        store.writeBatch(batch);
                        batch.forEach((name, value) -> {
                            if (value == null) {
                                model.remove(name);
                            } else {
                                model.put(name, value);
                            }
                        });
                    }
                    default -> {
                        final String value = value(random);
                        store.put(key, value);
                        model.put(key, value);
                    }
                }
            }
        }
    }

    private String value(final Random random) {
        return "value " + written++ + "-".repeat(random.nextInt(1_000));
    }

    private void check(final String what, final EngineStore store) {
        final Map<String, String> found = store.contents();
        if (!found.equals(model)) {
            model.forEach((key, value) -> assertEquals(value, found.get(key), what + ": " + key));
            found.keySet().forEach(key -> assertTrue(model.containsKey(key), what + " brings back " + key));
        }
        assertEquals(model.size(), store.stats().keys(), what);
    }

    /** Verify, read only, for writing, and once more: all the same, and in the end nothing is left over. */
    private void checkState(final String what, final Map<String, byte[]> image) {
        final MemoryFileOps copy = new MemoryFileOps(image);
        final VerifyReport before = EngineStore.verify(copy, StoreDamage.DIRECTORY);
        assertTrue(before.sound(), what + ": " + before);
        assertEquals(model.size(), before.keys(), what);
        try (EngineStore store = EngineStore.openReadOnly(copy, StoreDamage.DIRECTORY, false)) {
            check(what + ", read only", store);
        }
        assertEquals(image.keySet(), copy.image().keySet(), what);
        long live = 0;
        for (int i = 0; i < 2; i++) {
            try (EngineStore store = EngineStore.openWithoutThreads(
                EngineStore.settings(copy, StoreDamage.DIRECTORY, true, false), LENGTH, SyncPolicy.NONE, 0)) {
                check(what + ", opening " + i, store);
                assertTrue(i == 0 || store.report().removed().isEmpty() || store.report().removed().size() == 1,
                    what + " leaves something over: " + store.report());
                assertTrue(i == 0 || live == store.stats().liveBytes(), what);
                live = store.stats().liveBytes();
            }
        }
        final VerifyReport after = EngineStore.verify(copy, StoreDamage.DIRECTORY);
        assertTrue(after.sound() && after.notes().stream().noneMatch(note -> note.contains("merge")),
            what + ": " + after);
    }

    private void checkSecondCrash(final String what, final Map<String, byte[]> image) {
        long steps = 0;
        boolean more = true;
        while (more) {
            final MemoryFileOps copy = new MemoryFileOps(image);
            final FaultingFileOps faulty = new FaultingFileOps(copy);
            faulty.failAt(Operation.CHANGING, steps + 1, true, FaultingFileOps::ioError);
            try (Recovery recovery = new Recovery(EngineStore.settings(faulty, StoreDamage.DIRECTORY, true, false))) {
                recovery.run();
            } catch (final MapcaskException ex) {
                assertTrue(ex.getMessage().contains("injected"), ex.getMessage());
            }
            more = faulty.failures() > 0;
            steps++;
            checkState(what + ", then a crash at step " + steps, copy.image());
        }
    }

    private void runMerge(final long seed, final Random random) {
        final List<Map<String, byte[]>> images = new ArrayList<>();
        final List<String> steps = new ArrayList<>();
        final HandMerge merge = new HandMerge(files, random, LENGTH, step -> {
            steps.add("seed " + seed + ", after " + step);
            images.add(files.image());
        });
        if (!merge.run(random.nextDouble())) {
            return;
        }
        merges++;
        droppedTombstones += merge.droppedTombstones();
        keptTombstones += merge.keptTombstones();
        moments += images.size();
        for (int i = 0; i < images.size(); i++) {
            checkState(steps.get(i), images.get(i));
        }
        checkLateRetirement(steps, images);
        final int chosen = random.nextInt(images.size());
        checkSecondCrash(steps.get(chosen), images.get(chosen));
        if (random.nextInt(3) == 0) {
            // The story goes on from a crash: after the commit the same contents are reached.
            files = new MemoryFileOps(images.get(chosen));
            lateInputs.clear();
        }
    }

    /** The inputs of the merge before this one may still be there, as long as the commit that names them is. */
    private void checkLateRetirement(final List<String> steps, final List<Map<String, byte[]>> images) {
        final Map<String, byte[]> inputs = new TreeMap<>(images.get(0));
        inputs.keySet().removeAll(files.image().keySet());
        for (int i = 0; i < images.size(); i++) {
            if (steps.get(i).contains("after commit") || steps.get(i).contains("after create")) {
                final Map<String, byte[]> image = new TreeMap<>(images.get(i));
                image.putAll(lateInputs);
                checkSecondCrash(steps.get(i) + ", late " + lateInputs.keySet(), image);
            }
        }
        lateInputs.clear();
        lateInputs.putAll(inputs);
    }

    private void runHistories(final long firstSeed, final int count) {
        for (long seed = firstSeed; seed < firstSeed + count; seed++) {
            System.out.println("merge histories, seed " + seed);
            final Random random = new Random(seed);
            files = new MemoryFileOps();
            model.clear();
            lateInputs.clear();
            for (int round = 0; round < ROUNDS; round++) {
                write(random);
                runMerge(seed, random);
                checkState("seed " + seed + ", end of round " + round, files.image());
            }
        }
        assertTrue(merges > count && moments > 5 * count, merges + " merges, " + moments + " moments");
        assertTrue(droppedTombstones > count && keptTombstones > count,
            droppedTombstones + " dropped, " + keptTombstones + " kept tombstones");
    }

    @Test
    void shouldFindWhatWasWrittenAfterACrashAtEachStepOfEachMerge() {
        runHistories(1, 4);
    }

    @Test
    @Tag("slow")
    void shouldFindWhatWasWrittenInManyHistories() {
        runHistories(1_000, 200);
    }

    /** A power cut in the sync of the commit: each sector of the page is the old one or the new one. */
    @Test
    void shouldTakeACommitOfWhichOnlySomeSectorsWereWrittenForNone() {
        final Random random = new Random(3);
        write(random);
        final Map<String, Map<String, byte[]>> images = new LinkedHashMap<>();
        final String[] carrier = new String[1];
        final HandMerge merge = new HandMerge(files, random, LENGTH, step -> {
            images.put(step.split(" ")[0], files.image());
            if (step.startsWith("commit of ")) {
                carrier[0] = step.substring("commit of ".length());
            }
        });
        assertTrue(merge.run(1));
        final byte[] before = images.get("seals").get(carrier[0]);
        final byte[] after = images.get("commit").get(carrier[0]);
        for (int mask = 0; mask < 1 << MergeDescriptor.SECTOR_COUNT; mask++) {
            final byte[] torn = before.clone();
            for (int sector = 0; sector < MergeDescriptor.SECTOR_COUNT; sector++) {
                if ((mask & 1 << sector) != 0) {
                    System.arraycopy(after, MergeDescriptor.sectorOffset(sector), torn,
                        MergeDescriptor.sectorOffset(sector), HeaderDescriptor.SECTOR_LENGTH);
                }
            }
            final Map<String, byte[]> image = images.get("commit");
            image.put(carrier[0], torn);
            checkState("sectors " + mask, image);
            checkSecondCrash("sectors " + mask, image);
        }
        final byte[] killed = before.clone();
        for (int at = MergeDescriptor.REGION_OFFSET; at < HeaderDescriptor.PAGE_LENGTH; at += 8) {
            System.arraycopy(after, at, killed, at, 4);
            final Map<String, byte[]> image = images.get("commit");
            image.put(carrier[0], killed.clone());
            System.arraycopy(after, at, killed, at, 8);
            if (at % HeaderDescriptor.SECTOR_LENGTH == HeaderDescriptor.SECTOR_LENGTH - 16 || at % 512 < 16) {
                checkState("killed at " + at, image);
            }
        }
    }

    /** The engine appends behind a batch whose beginning was merged away, and one that never ended. */
    @Test
    void shouldKeepABatchWhoseBeginningWasMerged() {
        final Map<String, String> batch = new LinkedHashMap<>();
        try (EngineStore store = EngineStore.open(files, StoreDamage.DIRECTORY, LENGTH)) {
            for (int i = 0; i < 8; i++) {
                store.put("before" + i, "b".repeat(600));
                model.put("before" + i, "b".repeat(600));
            }
            for (int i = 0; i < 9; i++) {
                batch.put("batch" + i, i + "c".repeat(900));
            }
            store.writeBatch(batch);
            model.putAll(batch);
        }
        final HandMerge merge =
            new HandMerge(files, new Random(9), LENGTH, step -> checkState(step, files.image()));
        assertTrue(merge.run(segment -> segment.lowestSequence() < 10));
        checkState("merged", files.image());
        try (EngineStore store = EngineStore.open(files, StoreDamage.DIRECTORY, LENGTH)) {
            assertTrue(store.report().merged() > 0, store.report().toString());
            assertTrue(store.report().toString().contains("of them merged"), store.report().toString());
        }
    }

    /** The power cut came before the first sync of the segment behind all that was merged: it looks unused. */
    @Test
    void shouldGoOnBehindTheCoveredSequencesWhenNothingElseIsLeftOfTheLog() {
        final SegmentImage stamped = SegmentImage.merged(3, LENGTH).at(7).put("b", "7").at(3).put("a", "3")
            .sealed(3, 7).stamped();
        final SegmentImage empty = SegmentImage.merged(4, LENGTH).sealed(0, 0)
            .commit(List.of(3L, 4L), List.of(1L, 2L), new MergeDescriptor.Range(1, 9));
        final SegmentImage spare = new SegmentImage(new SegmentImage(5, LENGTH, 1).identity(), 0);
        for (final SegmentImage image : List.of(stamped, empty, spare)) {
            files.put(image.name(), image.bytes());
        }
        model.putAll(Map.of("a", "3", "b", "7"));
        checkState("no log", files.image());
        try (EngineStore store = EngineStore.open(files, StoreDamage.DIRECTORY, LENGTH)) {
            assertEquals(9, store.report().lastSequence());
            store.put("a", "10");
            model.put("a", "10");
        }
        try (EngineStore store = EngineStore.open(files, StoreDamage.DIRECTORY, LENGTH)) {
            assertEquals(10, store.report().lastSequence());
            assertEquals(2, store.report().merged());
        }
        checkState("log goes on", files.image());
    }

    /** An open that finds the leftovers of two merges, of which the second took in the commit of the first. */
    @Test
    void shouldMakeCommitsDurableAndThenRemoveTheOldestMergesInputsDurablyFirst() {
        final Random random = new Random(31);
        write(random);
        final List<Map<String, byte[]>> committed = new ArrayList<>();
        for (int merge = 0; merge < 2; merge++) {
            assertTrue(new HandMerge(files, random, LENGTH, step -> {
                if (step.startsWith("commit")) {
                    committed.add(files.image());
                }
            }).run(1));
            write(random);
        }
        final Map<String, byte[]> image = new TreeMap<>(committed.get(0));
        image.keySet().removeAll(committed.get(1).keySet());
        final Set<String> older = Set.copyOf(image.keySet());
        image.putAll(committed.get(1));
        final List<String> calls = new ArrayList<>();
        final FileOps recording = recording(FileOps.class, new MemoryFileOps(image), "", calls);
        try (Recovery recovery = new Recovery(EngineStore.settings(recording, StoreDamage.DIRECTORY, true, false))) {
            recovery.run();
            assertTrue(recovery.report().removed().containsAll(older), recovery.report().toString());
        }
        final int firstDelete = calls.indexOf(calls.stream().filter(call -> call.startsWith("unlink")).findFirst()
            .orElseThrow());
        assertTrue(calls.subList(0, firstDelete).stream().anyMatch(call -> call.startsWith("sync ")), calls.toString());
        final List<String> groups = calls.stream().filter(call -> call.startsWith("unlink") ||
            call.startsWith("syncDirectory")).toList();
        assertEquals(older, Set.copyOf(groups.subList(0, older.size()).stream()
            .map(call -> call.substring("unlink ".length())).toList()));
        assertTrue(groups.get(older.size()).startsWith("syncDirectory"), groups.toString());
        assertTrue(groups.get(older.size() + 1).startsWith("unlink"), groups.toString());
    }

    private static <T> T recording(
        final Class<T> type, final Object target, final String name, final List<String> calls) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, args) -> {
            final String file =
                args != null && args[0] instanceof Path path ? path.getFileName().toString() : name;
            calls.add(method.getName() + " " + file);
            final Object result = method.invoke(target, args);
            return result instanceof StoreFile ? recording(StoreFile.class, result, file, calls) : result;
        }));
    }

    /** The commit is the only one to tell that the other outputs count, until it goes with the next merge. */
    @Test
    void shouldKeepOutputsWhoseCommitIsMergedAfterACrashBeforeTheyWereStamped() {
        final Random random = new Random(21);
        write(random);
        write(random);
        final Map<String, Map<String, byte[]>> images = new LinkedHashMap<>();
        final String[] carrier = new String[1];
        assertTrue(new HandMerge(files, random, LENGTH, step -> {
            images.put(step.split(" ")[0], files.image());
            if (step.startsWith("commit of ")) {
                carrier[0] = step.substring("commit of ".length());
            }
        }).run(1));
        files = new MemoryFileOps(images.get("commit"));
        write(random);
        final HandMerge second =
            new HandMerge(files, random, LENGTH, step -> checkState("second merge: " + step, files.image()));
        assertTrue(second.run(segment -> segment.name().equals(carrier[0])));
        assertFalse(files.image().containsKey(carrier[0]));
        checkState("second merge", files.image());
    }

    /** Positions of what was merged away are dealt out again, and the ids of segments are not. */
    @Test
    void shouldGoOnWithFreshIdsAndUsePositionsAgain() {
        final Random random = new Random(5);
        long highest = 0;
        for (int round = 0; round < 40; round++) {
            write(random);
            new HandMerge(files, random, LENGTH, step -> {
            }).run(1);
            final long id = files.image().keySet().stream().filter(SegmentFileNames::isSegment)
                .mapToLong(SegmentFileNames::id).max().orElseThrow();
            assertTrue(id > highest, "id " + id + " after " + highest);
            highest = id;
        }
        try (Recovery recovery = new Recovery(EngineStore.settings(files, StoreDamage.DIRECTORY, true, false))) {
            for (final Segment segment : recovery.run().table().segments()) {
                assertTrue(segment.basePosition() < 60L << 20, segment + " at " + segment.basePosition());
                assertFalse(segment.isMerged() && !segment.isSealed(), segment.toString());
                assertTrue(!segment.isSealed() || segment.firstSequence() == segment.lowestSequence() &&
                    segment.lowestSequence() <= segment.highestSequence(), segment.toString());
            }
        }
        checkState("end", files.image());
    }
}
