package org.mapcask.lab.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.Mapcask;
import org.mapcask.MapcaskOptions;
import org.mapcask.lab.rig.LatencyRig;
import org.mapcask.lab.rig.Measurement;
import org.mapcask.lab.rig.Workload;

/** What a workload must not let pass: each kind of wrong answer is planted, and has to be counted. */
class WorkloadTest {
    private static final SyntheticSet RECORDS = new SyntheticSet(300, 16, 40);

    @TempDir
    Path directory;
    private Mapcask store;
    private Contents contents;

    @BeforeEach
    void load() {
        store = Mapcask.open(directory, MapcaskOptions.builder().segmentLength(64 * 1024).build());
        contents = new Contents(store, RECORDS);
        contents.load(1);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void shouldCountReadsOfAValueThatIsNotTheOnePut() {
        plant(7, 9);

        final Measurement measurement = run(ReadWorkload.uniform(store, RECORDS, 300, 5), 1, 3000);

        assertTrue(measurement.wrong() > 0 && measurement.wrong() < 100, "wrong " + measurement.wrong());
        assertEquals(1, contents.wrong());
    }

    @Test
    void shouldCountReadsOfAKeyThatIsGone() {
        final UnsafeBuffer key = RECORDS.newKeyBuffer();
        store.delete(key, 0, RECORDS.key(0, key));

        assertTrue(run(ReadWorkload.popular(store, RECORDS, 5), 1, 100).wrong() > 0);
        assertEquals(2, contents.wrong(), "the key, and the number of keys");
    }

    @Test
    void shouldNotTakeAnOldVersionForTheNewOneOnceItWasPut() {
        final UnsafeBuffer value = RECORDS.newValueBuffer();
        for (int i = 0; i < 5; i++) {
            contents.next(3);
        }
        for (int version = 0; version <= 6; version++) {
            final int length = RECORDS.value(3, version, value);
            assertEquals(version == 4 || version == 5, contents.matches(3, 5, 5, value, length), "version " + version);
        }
    }

    @Test
    void shouldLeaveEachKeyWithTheLastVersionOfTwoWriters() {
        final Measurement measurement = run(new UpdateWorkload(contents, 3), 2, 5000);

        assertEquals(5000, measurement.operations());
        assertEquals(0, contents.wrong());
        plant(8, contents.version(8) + 1);
        assertEquals(1, contents.wrong());
    }

    @Test
    void shouldCountAScanThatMissesARecordOrFindsAnotherValue() {
        final ScanWorkload scan = new ScanWorkload(store, RECORDS);
        assertEquals(0, run(scan, 1, 2).wrong());
        assertEquals(0, scan.wrong());

        plant(4, 1);
        assertEquals(1, scan.wrong());
        final UnsafeBuffer key = RECORDS.newKeyBuffer();
        store.delete(key, 0, RECORDS.key(4, key));
        assertTrue(scan.wrong() > 0);
        assertEquals(2, run(scan, 1, 2).wrong());
    }

    @Test
    void shouldFindAFilledRecordThatWasWrittenOver() {
        final SyntheticSet more = new SyntheticSet(100_000, 8, 20);
        final FillWorkload fill = new FillWorkload(store, more, 0, new Permutation(100_000, 2)::at);
        run(fill, 2, 500);

        assertEquals(500, fill.count());
        assertEquals(800, store.size());
        assertEquals(0, fill.wrong());
        final UnsafeBuffer key = more.newKeyBuffer();
        store.put(key, 0, more.key(new Permutation(100_000, 2).at(6), key), key, 0, 8);
        assertEquals(1, fill.wrong());
    }

    @Test
    void shouldWriteBesideWhatIsMeasuredAndCallNoRightAnswerWrong() {
        final Disturbance disturbance = Disturbance.start(contents, 20_000, true, 9);
        final Measurement measurement;
        try (disturbance) {
            measurement = LatencyRig.closed("disturbed", ReadWorkload.disturbed(contents, 4), 2, Long.MAX_VALUE,
                TimeUnit.MILLISECONDS.toNanos(400));
        }

        assertEquals(0, measurement.wrong());
        assertTrue(disturbance.writes() > 0);
        assertFalse(store.merging().stats().runs() == 0, "merges came to their end");
        assertEquals(0, contents.wrong());
    }

    private static Measurement run(final Workload workload, final int threads, final long operations) {
        return LatencyRig.closed("tried", workload, threads, operations, TimeUnit.MINUTES.toNanos(1));
    }

    private void plant(final long index, final int version) {
        final UnsafeBuffer key = RECORDS.newKeyBuffer();
        final UnsafeBuffer value = RECORDS.newValueBuffer();
        store.put(key, 0, RECORDS.key(index, key), value, 0, RECORDS.value(index, version, value));
    }
}
