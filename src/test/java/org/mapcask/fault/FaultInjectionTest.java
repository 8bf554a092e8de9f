package org.mapcask.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.MapcaskException;
import org.mapcask.errors.StorageSpaceException;
import org.mapcask.errors.StoreFailedException;
import org.mapcask.fault.FaultingFileOps.Operation;
import org.mapcask.recovery.VerifyReport;
import org.mapcask.support.EngineStore;
import org.mapcask.support.MemoryFileOps;

/**
 * The story: the disk fails in the middle of the work, at any operation of any kind. Whatever was acknowledged must
 * be there after the next opening, what fails must be told, and a sync that failed must not be tried again.
 */
class FaultInjectionTest {
    private static final Path DIRECTORY = Path.of("store");
    private static final int LENGTH = 8192;
    private static final int WRITES = 24;
    private static final long STEPS_MAX = 200;

    /** The background thread reports every fault that is injected here; a strong reference keeps it quiet. */
    private static final Logger BACKGROUND = Logger.getLogger("org.mapcask.engine.BackgroundLoop");

    private final MemoryFileOps disk = new MemoryFileOps();
    private final FaultingFileOps files = new FaultingFileOps(disk);
    private final Map<String, String> acknowledged = new TreeMap<>();
    private String failedKey;
    private String failedValue;
    private MapcaskException failure;

    @BeforeAll
    static void beQuiet() {
        BACKGROUND.setLevel(Level.OFF);
    }

    @AfterAll
    static void speakAgain() {
        BACKGROUND.setLevel(null);
    }

    private static MapcaskException noSpace(final String what) {
        return new StorageSpaceException(ErrorText.what(what + " failed: ENOSPC (injected)").todo("look at the test"));
    }

    /** Writes until something fails; syncs and long values in between. */
    private void write(final EngineStore store) {
        try {
            for (int i = 0; i < WRITES; i++) {
                failedKey = "key" + i % 9;
                failedValue = "value " + i + "*".repeat(i % 7 == 3 ? 10_000 : 1_200);
                store.put(failedKey, failedValue);
                acknowledged.put(failedKey, failedValue);
                if (i % 5 == 4) {
                    failedKey = null;
                    store.sync();
                }
            }
            failedKey = null;
        } catch (final MapcaskException ex) {
            failure = ex;
        }
    }

    private static void closeAnyhow(final EngineStore store) {
        try {
            store.close();
        } catch (final MapcaskException ignored) {
            // a close that cannot make data durable says so; what it leaves is looked at afterwards
        }
    }

    private void checkReopens(final String what) {
        files.heal();
        assertEquals(0, disk.openFiles(), what + ": files left open");
        assertEquals(0, disk.liveMappings(), what + ": mappings left behind");
        final VerifyReport report = EngineStore.verify(disk, DIRECTORY);
        assertTrue(report.sound(), what + ": " + report);
        try (EngineStore store = EngineStore.open(disk, DIRECTORY, LENGTH)) {
            final Map<String, String> contents = store.contents();
            if (failedKey != null && failedValue.equals(contents.get(failedKey))) {
                acknowledged.put(failedKey, failedValue);
            }
            assertEquals(acknowledged, contents, what);
            store.put("after", "the failure");
            acknowledged.put("after", "the failure");
        }
        try (EngineStore store = EngineStore.open(disk, DIRECTORY, LENGTH)) {
            assertTrue(store.report().clean(), what);
            assertEquals(acknowledged, store.contents(), what);
        }
    }

    /** Runs a store in which one operation, or all from it on, fails; returns whether it came to that. */
    private static boolean failOnce(final Set<Operation> kinds, final long k, final boolean forEver) {
        final FaultInjectionTest run = new FaultInjectionTest();
        final String what = kinds + " " + k + (forEver ? " and all after" : "");
        run.files.failAt(kinds, k, forEver, FaultingFileOps::ioError);
        EngineStore store = null;
        try {
            store = EngineStore.open(run.files, DIRECTORY, LENGTH);
        } catch (final MapcaskException ex) {
            assertTrue(ex.getMessage().contains("injected"), ex.getMessage());
        }
        if (store != null) {
            run.write(store);
            assertTrue(run.failure == null || run.failure.getMessage().contains("injected"),
                () -> what + ": " + run.failure);
            if (run.failure == null || !kinds.contains(Operation.READ)) {
                run.checkReads(store, what);
            }
            closeAnyhow(store);
        }
        final boolean failed = run.files.failures() > 0;
        assertEquals(List.of(), run.files.repeatedSyncs(), what + ": a sync was repeated after it failed");
        run.checkReopens(what);
        return failed;
    }

    private void checkReads(final EngineStore store, final String what) {
        acknowledged.forEach((key, value) -> {
            if (!key.equals(failedKey)) {
                assertEquals(value, store.get(key), what);
            }
        });
    }

    private static void failAtEvery(final Set<Operation> kinds) {
        for (final boolean forEver : new boolean[] {false, true}) {
            long k = 1;
            while (k <= STEPS_MAX && failOnce(kinds, k, forEver)) {
                k++;
            }
            assertTrue(k > 1, "no " + kinds + " ever happened");
        }
    }

    @Test
    void shouldRecoverEveryAcknowledgedWriteWhicheverSyncFails() {
        failAtEvery(EnumSet.of(Operation.SYNC_FILE));
        failAtEvery(EnumSet.of(Operation.SYNC_MAPPING));
        failAtEvery(EnumSet.of(Operation.SYNC_DIRECTORY));
    }

    @Test
    void shouldRecoverEveryAcknowledgedWriteWhicheverOtherOperationFails() {
        for (final Operation operation : EnumSet.of(Operation.CREATE, Operation.RENAME, Operation.MAP, Operation.WRITE,
            Operation.ALLOCATE)) {
            failAtEvery(EnumSet.of(operation));
        }
    }

    @Test
    void shouldSurviveTheEndOfTheDiskAtEveryChange() {
        failAtEvery(Operation.CHANGING);
    }

    /** Each kind of sync that makes records durable: the first cause is named from then on, and reading goes on. */
    @Test
    void shouldTakeNoWritesAfterAFailedSyncOfRecords() {
        for (final int writes : new int[] {2, 10}) {
            final FaultInjectionTest run = new FaultInjectionTest();
            final EngineStore store = EngineStore.open(run.files, DIRECTORY, LENGTH);
            run.files.failAt(EnumSet.of(Operation.SYNC_MAPPING), 1, false, FaultingFileOps::ioError);
            try {
                for (int i = 0; i < writes; i++) {
                    store.put("key" + i, "v".repeat(1_500));
                    run.acknowledged.put("key" + i, "v".repeat(1_500));
                }
                store.sync();
            } catch (final MapcaskException ex) {
                run.failure = ex;
            }
            assertTrue(run.failure.getMessage().contains("injected"), run.failure.getMessage());
            assertTrue(store.stats().latched());
            for (int i = 0; i < 3; i++) {
                final StoreFailedException again =
                    assertThrows(StoreFailedException.class, () -> store.put("more", "x"));
                assertTrue(again.getMessage().contains("SYNC_MAPPING") && again.getMessage().contains("injected"),
                    again.getMessage());
                assertTrue(assertThrows(MapcaskException.class, store::sync).getMessage().contains("injected"));
            }
            run.checkReads(store, "latched");
            closeAnyhow(store);
            assertEquals(List.of(), run.files.repeatedSyncs());
            assertEquals(1, run.files.failures());
            run.checkReopens("latched");
        }
    }

    /** A full disk is told at the write that needs room; reading goes on, and writing when there is room again. */
    @Test
    void shouldResumeAfterTheDiskWasFull() {
        final Map<String, String> expected = new TreeMap<>();
        try (EngineStore store = EngineStore.open(files, DIRECTORY, LENGTH)) {
            files.failAt(EnumSet.of(Operation.ALLOCATE), 1, true, FaultInjectionTest::noSpace);
            int refused = 0;
            for (int i = 0; i < 60; i++) {
                try {
                    store.put("key" + i % 20, "value " + i + "_".repeat(1_000));
                    expected.put("key" + i % 20, "value " + i + "_".repeat(1_000));
                } catch (final StorageSpaceException ex) {
                    refused++;
                    assertTrue(ex.getMessage().contains("ENOSPC"), ex.getMessage());
                }
            }
            assertTrue(refused > 20, "refused writes: " + refused);
            assertThrows(StorageSpaceException.class, () -> store.put("long", "x".repeat(50_000)));
            assertFalse(store.stats().latched());
            assertEquals(expected, store.contents());
            store.sync();
            files.heal();
            for (int i = 0; i < 20; i++) {
                store.put("key" + i, "room again");
                expected.put("key" + i, "room again");
            }
            store.put("long", "x".repeat(50_000));
            expected.put("long", "x".repeat(50_000));
            assertEquals(expected, store.contents());
        }
        assertTrue(EngineStore.verify(disk, DIRECTORY).sound());
        try (EngineStore store = EngineStore.open(disk, DIRECTORY, LENGTH)) {
            assertEquals(expected, store.contents());
        }
    }

    /** A store that fails while it is made leaves nothing that keeps it from being made later. */
    @Test
    void shouldMakeAStoreAfterEveryWayOfFailingToMakeIt() {
        for (final Operation operation : Operation.values()) {
            final MemoryFileOps fresh = new MemoryFileOps();
            final FaultingFileOps faulty = new FaultingFileOps(fresh);
            faulty.failAt(EnumSet.of(operation), 1, true, FaultingFileOps::ioError);
            boolean opened = true;
            try (EngineStore store = EngineStore.open(faulty, DIRECTORY, LENGTH)) {
                store.put("a", "b");
            } catch (final MapcaskException ex) {
                opened = false;
                assertTrue(ex.getMessage().contains("injected"), ex.getMessage());
            }
            assertEquals(faulty.failures() == 0, opened, operation.toString());
            assertEquals(0, fresh.openFiles(), operation.toString());
            assertEquals(0, fresh.liveMappings(), operation.toString());
            try (EngineStore store = EngineStore.open(fresh, DIRECTORY, LENGTH)) {
                store.put("c", "d");
                assertEquals("d", store.get("c"), operation.toString());
            }
            assertTrue(EngineStore.verify(fresh, DIRECTORY).sound(), operation.toString());
        }
    }
}
