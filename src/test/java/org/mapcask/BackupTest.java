package org.mapcask;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mapcask.errors.ForeignFileException;
import org.mapcask.errors.InvalidArgumentException;
import org.mapcask.errors.MapcaskException;
import org.mapcask.errors.ReadOnlyStoreException;
import org.mapcask.errors.StorageSpaceException;
import org.mapcask.errors.StoreClosedException;
import org.mapcask.fault.FaultingFileOps;
import org.mapcask.io.SystemFileOps;
import org.mapcask.io.TmpfsMount;
import org.mapcask.segment.SegmentFileNames;
import org.mapcask.support.OpenMappingsExtension;

/**
 * A backup is the store as it was at one sequence, whatever goes on meanwhile and afterwards; and a part of a backup is
 * never taken for one.
 */
@Tag("core")
@ExtendWith(OpenMappingsExtension.class)
class BackupTest {
    private static final int SEGMENT_LENGTH = 64 << 10;

    @TempDir
    private Path directory;

    static MapcaskOptions.Builder options() {
        return MapcaskOptions.builder().segmentLength(SEGMENT_LENGTH).prefaultWindow(0).mergeIntervalMs(0);
    }

    private Path home() {
        return directory.resolve("store");
    }

    private Path destination() {
        return directory.resolve("backup");
    }

    static void putAll(final Mapcask store, final int keys, final String version) {
        for (int i = 0; i < keys; i++) {
            store.put("key-" + i, value(i, version));
        }
    }

    private static String value(final int key, final String version) {
        return ("value-" + key + '-' + version + '-').repeat(8);
    }

    /** It is whole, was closed cleanly, and holds these keys and no others; looking at it changes nothing. */
    static void check(final Path backup, final Map<String, String> model) {
        assertTrue(Mapcask.verify(backup, StoreBackup.SILENT).sound(), () ->
            Mapcask.verify(backup, StoreBackup.SILENT).toString());
        try (Mapcask copy = Mapcask.open(backup, options().readOnly(true).build())) {
            assertTrue(copy.recoveryReport().clean());
            assertEquals(List.of(), copy.recoveryReport().damages());
            final Map<String, String> found = new HashMap<>();
            copy.forEach((key, keyOffset, keyLength, value, valueOffset, valueLength) -> found.put(
                key.getStringWithoutLengthUtf8(keyOffset, keyLength),
                value.getStringWithoutLengthUtf8(valueOffset, valueLength)));
            assertEquals(model.size(), copy.size());
            assertTrue(model.equals(found), () -> differences(model, found));
        }
    }

    private static String differences(final Map<String, String> model, final Map<String, String> found) {
        final Map<String, String> missing = new TreeMap<>(model);
        missing.entrySet().removeAll(found.entrySet());
        final Map<String, String> surplus = new TreeMap<>(found);
        surplus.entrySet().removeAll(model.entrySet());
        return "missing or other: " + missing.keySet() + ", should not be: " + surplus.keySet();
    }

    static Map<String, String> model(final int keys, final String version) {
        final Map<String, String> model = new HashMap<>();
        for (int i = 0; i < keys; i++) {
            model.put("key-" + i, value(i, version));
        }
        return model;
    }

    static Map<String, Integer> contents(final Path backup) throws IOException {
        final Map<String, Integer> contents = new TreeMap<>();
        try (Stream<Path> entries = Files.list(backup)) {
            for (final Path entry : (Iterable<Path>)entries::iterator) {
                if (SegmentFileNames.isSegment(entry.getFileName().toString())) {
                    contents.put(entry.getFileName().toString(), Arrays.hashCode(Files.readAllBytes(entry)));
                }
            }
        }
        return contents;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldEqualTheModelWhileWritesDeletesAndMergesGoOn(final boolean everyWrite) throws Exception {
        final long seed = 0x6261_636bL;
        final AtomicBoolean stopped = new AtomicBoolean();
        final List<BackupReport> reports = new ArrayList<>();
        try (Mapcask store = Mapcask.open(home(), options().syncEveryWrite(everyWrite).build())) {
            final BackupWriter writer = new BackupWriter(seed);
            final CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
                while (!stopped.get()) {
                    writer.step(store);
                }
            });
            final CompletableFuture<Void> merging = CompletableFuture.runAsync(() -> {
                while (!stopped.get()) {
                    store.compact();
                }
            });
            try {
                long next = 0;
                for (int i = 0; i < 6; i++) {
                    next += everyWrite ? 300 : 3000;
                    while (store.stats().lastSequence() < next && !writing.isDone() && !merging.isDone()) {
                        Thread.onSpinWait();
                    }
                    reports.add(store.backup(directory.resolve("backup-" + i)));
                    next = reports.get(i).sequence();
                }
            } finally {
                stopped.set(true);
                writing.join();
                merging.join();
            }
            assertEquals(writer.sequence(), store.stats().lastSequence());
        }
        final BackupWriter again = new BackupWriter(seed);
        for (final BackupReport report : reports) {
            while (again.sequence() < report.sequence()) {
                again.step(null);
            }
            assertEquals(again.sequence(), report.sequence(), "batches are whole; seed " + seed);
            assertEquals(again.model().size(), report.keys());
            assertEquals(report.segments(), report.linked());
            check(report.destination(), again.model());
        }
    }

    @Test
    void shouldStayAsItIsWhateverBecomesOfTheStore() throws Exception {
        try (Mapcask store = Mapcask.open(home(), options().build())) {
            putAll(store, 2000, "first");
            putAll(store, 1000, "second");
            final BackupReport report = store.backup(destination());
            final Map<String, Integer> before = contents(destination());
            assertEquals(3000, report.sequence());
            assertEquals(2000, report.keys());
            assertEquals(report.segments() + 1, before.size(), "and the one that says that it is clean");
            final Map<String, String> model = model(2000, "first");
            model.putAll(model(1000, "second"));
            check(destination(), model);

            putAll(store, 2000, "third");
            store.compact();
            for (int i = 0; i < 2000; i += 2) {
                store.delete("key-" + i);
            }
            store.compact();
            putAll(store, 500, "fourth");
            assertEquals(before, contents(destination()));
            check(destination(), model);
        }
        final Map<String, Integer> original = contents(home());
        try (Mapcask copy = Mapcask.open(destination(), options().build())) {
            putAll(copy, 2000, "another life");
            copy.compact();
            assertEquals(2000, copy.size());
        }
        assertEquals(original, contents(home()));
        assertTrue(Mapcask.verify(home(), StoreBackup.SILENT).sound());
    }

    @Test
    void shouldBackUpABackup() {
        try (Mapcask store = Mapcask.open(home(), options().build())) {
            putAll(store, 1000, "first");
            store.backup(destination());
        }
        try (Mapcask copy = Mapcask.open(destination(), options().build())) {
            assertTrue(copy.recoveryReport().clean());
            putAll(copy, 10, "second");
            assertEquals(1010, copy.backup(directory.resolve("second")).sequence());
        }
        final Map<String, String> model = model(1000, "first");
        model.putAll(model(10, "second"));
        check(directory.resolve("second"), model);
    }

    @Test
    void shouldBackUpNothing() throws Exception {
        Files.createDirectory(destination());
        try (Mapcask store = Mapcask.open(home(), options().build())) {
            final BackupReport report = store.backup(destination());
            assertEquals(0, report.sequence());
            assertEquals(0, report.segments());
            putAll(store, 1000, "first");
            for (int i = 0; i < 1000; i++) {
                store.delete("key-" + i);
            }
            store.compact();
            assertEquals(2000, store.backup(directory.resolve("deleted")).sequence());
            assertEquals(2000, store.backup(directory.resolve("again")).sequence(), "nothing to be rolled");
            assertEquals(store.stats().segments(), store.backup(directory.resolve("third")).segments() + 1);
        }
        check(directory.resolve("deleted"), Map.of());
        check(directory.resolve("again"), Map.of());
        check(destination(), Map.of());
        try (Mapcask copy = Mapcask.open(destination(), options().build())) {
            copy.put("key", "value");
        }
        check(destination(), Map.of("key", "value"));
    }

    @Test
    void shouldNeedNoWriteAheadLog() throws Exception {
        try (Mapcask store = Mapcask.open(home(), options().syncEveryWrite(true).build())) {
            putAll(store, 100, "first");
            store.backup(destination());
            putAll(store, 100, "second");
        }
        try (Stream<Path> entries = Files.list(destination())) {
            assertTrue(entries.allMatch(entry -> SegmentFileNames.isSegment(entry.getFileName().toString())));
        }
        check(destination(), model(100, "first"));
        try (Mapcask copy = Mapcask.open(destination(), options().syncEveryWrite(true).build())) {
            assertTrue(copy.recoveryReport().clean());
            copy.put("key-0", "new");
            assertEquals(100, copy.size());
        }
    }

    @Test
    void shouldKeepWhatAMergeReplacesUntilItIsCopied() {
        try (Mapcask store = Mapcask.open(home(), options().build())) {
            putAll(store, 2000, "first");
            final FaultingFileOps files = new FaultingFileOps(new SystemFileOps());
            files.refuseLinks();
            final AtomicBoolean merged = new AtomicBoolean();
            final BackupReport report =
                StoreBackup.make(store.engine(), files, home(), destination(), (phase, done, total) -> {
                    if (merged.compareAndSet(false, true)) {
                        putAll(store, 2000, "second");
                        assertTrue(store.compact().runs() > 0);
                        assertTrue(store.stats().merge().retiring() > 0);
                    }
                });
            assertTrue(merged.get());
            assertEquals(report.segments(), report.copied());
            assertTrue(report.copiedBytes() >= report.bytes());
            store.engine().merging().removeRetired();
            assertEquals(0, store.stats().merge().retiring(), "they go when they were copied");
        }
        check(destination(), model(2000, "first"));
        check(home(), model(2000, "second"));
    }

    @Test
    void shouldCopyToAnotherFileSystem() throws Exception {
        Files.createDirectory(destination());
        try (TmpfsMount mount = TmpfsMount.mount(destination(), 16 << 20);
            Mapcask store = Mapcask.open(home(), options().segmentLength(4 << 20).build())) {
            putAll(store, 2000, "first");
            store.put("long", "x".repeat(5 << 20));
            final List<String> progress = new ArrayList<>();
            final BackupReport report = store.backup(mount.directory(), (phase, done, total) ->
                progress.add(phase + ' ' + done + ' ' + total));
            assertEquals(0, report.linked());
            assertEquals(2, report.copied());
            assertEquals("backing up " + report.bytes() + ' ' + report.bytes(), progress.get(progress.size() - 1));
            store.put("key-0", "new");
            store.compact();
            final Map<String, String> model = model(2000, "first");
            model.put("long", "x".repeat(5 << 20));
            check(mount.directory(), model);
        }
    }

    @Test
    void shouldTellOfAFullDestinationAndGoOn() throws Exception {
        Files.createDirectory(destination());
        try (TmpfsMount mount = TmpfsMount.mount(destination(), 256 << 10);
            Mapcask store = Mapcask.open(home(), options().build())) {
            putAll(store, 3000, "first");
            final String text =
                assertThrows(StorageSpaceException.class, () -> store.backup(mount.directory())).getMessage();
            assertTrue(text.contains(mount.directory().toString()), text);
            try (Stream<Path> entries = Files.list(mount.directory())) {
                assertEquals(0, entries.count(), "what was begun is gone");
            }
            putAll(store, 100, "second");
            store.backup(directory.resolve("elsewhere"));
        }
        final Map<String, String> model = model(3000, "first");
        model.putAll(model(100, "second"));
        check(directory.resolve("elsewhere"), model);
        check(home(), model);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLeaveNoPartThatLooksWholeWhenAnyStepFails(final boolean linking) throws Exception {
        try (Mapcask store = Mapcask.open(home(), options().build())) {
            putAll(store, 1000, "first");
            int failures = 0;
            for (int k = 1; ; k++) {
                for (final boolean forEver : new boolean[] {false, true}) {
                    final Path place = directory.resolve("backup-" + k + forEver);
                    final FaultingFileOps files = new FaultingFileOps(new SystemFileOps());
                    if (!linking) {
                        files.refuseLinks();
                    }
                    files.failAt(FaultingFileOps.Operation.CHANGING, k, forEver, FaultingFileOps::ioError);
                    try {
                        StoreBackup.make(store.engine(), files, home(), place, StoreBackup.SILENT);
                        assertEquals(0, files.failures());
                        check(place, model(1000, "first"));
                    } catch (final MapcaskException ex) {
                        failures++;
                        assertTrue(ex.getMessage().contains("injected"), ex.getMessage());
                        checkAfterFailure(place, files, model(1000, "first"));
                    }
                    if (files.failures() == 0 && forEver) {
                        assertTrue(failures > 10, "failures: " + failures);
                        store.put("key-0", value(0, "first"));
                        return;
                    }
                }
            }
        }
    }

    /**
     * Nothing was left, or what was left says that it is no whole backup. Only if the very last step failed, and
     * nothing could be removed after it, a backup is there, and whole.
     */
    private static void checkAfterFailure(
        final Path place, final FaultingFileOps files, final Map<String, String> model) throws IOException {
        if (!Files.exists(place)) {
            return;
        }
        if (Files.exists(place.resolve(SegmentFileNames.UNFINISHED_BACKUP))) {
            final String text = assertThrows(ForeignFileException.class, () ->
                Mapcask.open(place, options().build()).close()).getMessage();
            assertTrue(text.contains("the backup in this directory was not finished"), text);
        } else if (contents(place).isEmpty()) {
            assertThrows(MapcaskException.class, () -> Mapcask.verify(place, StoreBackup.SILENT));
        } else {
            assertTrue(files.failures() > 1);
            check(place, model);
        }
    }

    @Test
    void shouldRefuseADestinationThatIsNotFree() throws Exception {
        try (Mapcask store = Mapcask.open(home(), options().build())) {
            store.put("key", "value");
            Files.createDirectory(destination());
            final Path stranger = Files.writeString(destination().resolve("letter"), "dear");
            final String text =
                assertThrows(ForeignFileException.class, () -> store.backup(destination())).getMessage();
            assertTrue(text.contains("the place of the backup is not empty"), text);
            assertTrue(text.contains(destination().toString()), text);
            assertThrows(ForeignFileException.class, () -> store.backup(stranger));
            assertEquals("dear", Files.readString(stranger));
            for (final Path inside : List.of(home(), home().resolve("inside"), home().resolve("../store/deep/er"))) {
                final MapcaskException ex =
                    assertThrows(InvalidArgumentException.class, () -> store.backup(inside));
                assertTrue(ex.getMessage().contains("the backup would lie in the store itself"), ex.getMessage());
            }
            assertThrows(InvalidArgumentException.class, () -> store.backup(null));
            assertThrows(InvalidArgumentException.class, () -> store.backup(directory.resolve("new"), null));
            assertFalse(Files.exists(directory.resolve("new")));
            assertThrows(ForeignFileException.class, () -> {
                store.backup(directory.resolve("twice"));
                store.backup(directory.resolve("twice"));
            });
        }
        check(directory.resolve("twice"), Map.of("key", "value"));
        check(home(), Map.of("key", "value"));
    }

    @Test
    void shouldRefuseWhereTheLogCannotBeEnded() {
        final Mapcask closed = Mapcask.open(home(), options().build());
        closed.put("key", "value");
        closed.close();
        assertThrows(StoreClosedException.class, () -> closed.backup(destination()));
        try (Mapcask store = Mapcask.open(home(), options().readOnly(true).build())) {
            final String text =
                assertThrows(ReadOnlyStoreException.class, () -> store.backup(destination())).getMessage();
            assertTrue(text.contains("a backup"), text);
        }
        assertFalse(Files.exists(destination()));
    }

    @Test
    void shouldEndWhenTheStoreIsClosedMeanwhile() {
        final Mapcask store = Mapcask.open(home(), options().build());
        putAll(store, 1000, "first");
        assertThrows(StoreClosedException.class, () ->
            store.backup(destination(), (phase, done, total) -> store.close()));
        assertFalse(Files.exists(destination()));
        check(home(), model(1000, "first"));
    }

    @Test
    void shouldRefuseAPartOfABackup() throws Exception {
        try (Mapcask store = Mapcask.open(home(), options().build())) {
            putAll(store, 1000, "first");
            store.backup(destination());
        }
        Files.createFile(destination().resolve(SegmentFileNames.UNFINISHED_BACKUP));
        final Map<String, Integer> before = contents(destination());
        for (final MapcaskOptions options : List.of(options().build(), options().readOnly(true).build(),
            options().salvageReadOnly(true).build())) {
            final String text = assertThrows(ForeignFileException.class, () ->
                Mapcask.open(destination(), options).close()).getMessage();
            assertTrue(text.contains("the backup in this directory was not finished"), text);
        }
        assertThrows(ForeignFileException.class, () -> Mapcask.verify(destination(), StoreBackup.SILENT));
        assertEquals(before, contents(destination()));
        try (Mapcask store = Mapcask.open(home(), options().build())) {
            assertThrows(ForeignFileException.class, () -> store.backup(destination()));
        }
    }
}
