package org.mapcask.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mapcask.errors.MapcaskException;
import org.mapcask.errors.StoreFailedException;
import org.mapcask.io.FileOps;
import org.mapcask.recovery.VerifyReport;
import org.mapcask.support.EngineStore;
import org.mapcask.support.MemoryFileOps;

/**
 * One life of a store, by one thread, so that every run meets the same operations until the first fault: it is made,
 * written, closed, opened, written, killed, recovered, written, closed. Whatever fails on the way, the next step is
 * tried; after each failure the store is held against what was acknowledged.
 */
final class FaultRun {
    private static final Path DIRECTORY = Path.of("store");
    private static final int KEYS = 9;
    private static final Pattern NUMBER = Pattern.compile("[A-Z_]+ \\S+ \\(number \\d+\\)");

    private final FaultSetup setup;
    private final String what;
    private final MemoryFileOps disk = new MemoryFileOps();
    private final PowerCutFiles cut = new PowerCutFiles(disk);
    private final FaultingFileOps files = new FaultingFileOps(cut);
    private final Expectation expected = new Expectation();
    private EngineStore store;
    private String cause;
    private boolean batchCutOff;
    private long refused;
    private long failed;
    private long syncFailuresBefore;
    private int left;

    /** A run that describes itself so when something is wrong. */
    FaultRun(final FaultSetup setup, final String what) {
        this.setup = setup;
        this.what = setup + ", " + what;
    }

    FaultingFileOps files() {
        return files;
    }

    /** Writes that were acknowledged. */
    long acknowledged() {
        return expected.acknowledged();
    }

    /** Writes that a latched store refused. */
    long refused() {
        return refused;
    }

    /** Calls that failed with the injected fault. */
    long failed() {
        return failed;
    }

    void run() {
        if (open()) {
            write(0, 26);
            close();
        }
        if (open()) {
            write(100, 9);
            store.abandon();
            left = disk.openFiles() + disk.liveMappings();
        }
        if (open()) {
            write(200, 9);
            close();
        }
        files.heal();
        assertEquals(List.of(), files.repeatedSyncs(), what + ": a sync was repeated after it had failed");
        assertEquals(
            List.of(), files.repeatedDirectorySyncs(), what + ": a directory was synced after that had failed");
        checkReopens(new MemoryFileOps(disk.image()), false);
        checkReopens(new MemoryFileOps(cut.image()), true);
    }

    /** A second attempt, as a user makes it; what fails leaves nothing open. */
    private boolean open() {
        cause = null;
        files.forgetFailedDirectories();
        for (int attempt = 0; attempt < 2; attempt++) {
            try {
                store = setup.open(files, DIRECTORY);
            } catch (final MapcaskException ex) {
                checkInjected("open", ex);
                assertEquals(left, disk.openFiles() + disk.liveMappings(), what + ": left open by an open that failed");
                files.forgetFailedDirectories();
                continue;
            }
            final Map<String, String> contents = contents();
            assertNull(expected.fault(contents), () -> what + ", opened: " + expected.fault(contents));
            expected.settle(contents);
            syncFailuresBefore = files.syncFailures();
            return true;
        }
        assertTrue(files.failures() > 1, what + ": an open failed without a fault");
        return false;
    }

    /**
     * A get. It is the first to open the file of a sealed segment that a checkpoint knew, and may meet the fault there:
     * then it fails, nothing else has changed, and the next one finds the value.
     */
    private String get(final String key) {
        try {
            return store.get(key);
        } catch (final MapcaskException ex) {
            checkInjected("get", ex);
            assertTrue(setup.mayEvict(), () -> what + ": a get failed: " + ex);
            files.heal();
            return store.get(key);
        }
    }

    /** An iteration may have to write pages of the keydir, and fails if it cannot; gets never do. */
    private Map<String, String> contents() {
        if (setup.isRepeatable()) {
            return store.contents();
        }
        final Map<String, String> contents = new TreeMap<>();
        for (final String key : expected.keys()) {
            final String value = get(key);
            if (value != null) {
                contents.put(key, value);
            }
        }
        return contents;
    }

    private void close() {
        attempt("close", () -> {
            store.close();
            expected.makeDurable();
        });
        assertEquals(left, disk.openFiles() + disk.liveMappings(), what + ": left open by close");
    }

    private void write(final int start, final int count) {
        for (int i = start; i < start + count; i++) {
            if (i % 10 == 4) {
                writeBatch(i);
            } else {
                writeOne(i);
            }
            if (i % 8 == 6) {
                attempt("sync", () -> {
                    store.sync();
                    expected.makeDurable();
                });
                checkLatch("sync");
            }
            if (i % 3 == 1) {
                attempt("housekeep", store::housekeep);
                checkLatch("housekeep");
            }
        }
    }

    /** Segments take five of the shorter values; a longer one has a segment of its own. */
    private void writeOne(final int number) {
        final String key = "key" + number % KEYS;
        final boolean delete = number % 7 == 5 && expected.acknowledgedValue(key) != null;
        final String value = delete ? null : "value " + number + "*".repeat(number % 11 == 9 ? 9_000 : 700);
        expected.begin(key, value);
        attempt("write " + number, () -> {
            if (delete) {
                // The one before may have failed, and be there or not.
                store.delete(key);
            } else {
                store.put(key, value);
            }
            expected.acknowledge(key);
            acknowledged(1);
        });
        checkLatch("write " + number);
    }

    private void writeBatch(final int number) {
        final Map<String, String> batch = new LinkedHashMap<>();
        for (int i = 0; i < 3; i++) {
            batch.put("batch" + i, "batch " + number);
        }
        batch.forEach(expected::begin);
        attempt("batch " + number, () -> {
            store.writeBatch(batch);
            batch.keySet().forEach(expected::acknowledge);
            acknowledged(batch.size());
        });
        checkLatch("batch " + number);
    }

    private void acknowledged(final int writes) {
        assertTrue(writes > 0 && cause == null, what + ": a latched store has taken a write");
        if (setup.everyWrite()) {
            expected.makeDurable();
        }
    }

    private void attempt(final String step, final Runnable work) {
        try {
            work.run();
        } catch (final MapcaskException ex) {
            checkInjected(step, ex);
            if (cause != null && !step.equals("close")) {
                refused++;
                assertTrue(ex instanceof StoreFailedException, () -> what + ", " + step + ": " + ex);
                assertEquals(cause, number(ex), () -> what + ", " + step + ": another cause");
            }
        }
    }

    private void checkInjected(final String step, final MapcaskException ex) {
        failed++;
        if (!ex.getMessage().contains("(injected)")) {
            throw new AssertionError(what + ", " + step + ": fails, and not with the fault", ex);
        }
    }

    /** After a failed sync nothing is written any more, and everything can be read. */
    private void checkLatch(final String step) {
        if (files.failures() == 0) {
            return;
        }
        final boolean latched = store.stats().latched();
        final boolean syncFailed = files.syncFailures() > syncFailuresBefore;
        // A batch that is in the log by then, and whose pages of the keydir cannot be had, cannot be taken back.
        batchCutOff |= latched && setup.mayEvict() && step.startsWith("batch");
        assertTrue(latched == syncFailed || latched && batchCutOff, () -> what + ", " + step + ": latched");
        if (latched && cause == null) {
            try {
                store.put("refused", "refused");
                throw new AssertionError(what + ", " + step + ": a latched store has taken a write");
            } catch (final StoreFailedException ex) {
                cause = number(ex);
                expected.begin("refused", "refused");
            }
        }
        for (final String key : expected.keys()) {
            final String fault = expected.fault(key, get(key));
            assertNull(fault, () -> what + ", read after " + step + ": " + fault);
        }
    }

    private static String number(final MapcaskException ex) {
        final Matcher matcher = NUMBER.matcher(ex.getMessage());
        assertTrue(matcher.find(), () -> "no cause in: " + ex.getMessage());
        return matcher.group();
    }

    /** The cause that the store names while it is latched, or null. */
    String cause() {
        return cause;
    }

    private void checkReopens(final FileOps healthy, final boolean powerCut) {
        final String where = what + (powerCut ? ", after a power cut" : ", after the end of the process");
        final VerifyReport report = setup.verify(healthy, DIRECTORY);
        assertTrue(report.sound(), () -> where + ": " + report);
        final Map<String, String> contents;
        try (EngineStore reopened = setup.open(healthy, DIRECTORY)) {
            contents = reopened.contents();
            final String fault = powerCut ? expected.faultAfterPowerCut(contents) : expected.fault(contents);
            assertNull(fault, () -> where + ": " + fault);
            assertEquals(contents.get("batch0"), contents.get("batch1"), where);
            assertEquals(contents.get("batch0"), contents.get("batch2"), where);
            reopened.put("after", "the failure");
            contents.put("after", "the failure");
        }
        try (EngineStore reopened = setup.open(healthy, DIRECTORY)) {
            assertTrue(reopened.report().clean(), where);
            assertEquals(contents, reopened.contents(), where);
        }
    }
}
