package org.mapcask.lab.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.Mapcask;
import org.mapcask.MapcaskOptions;
import org.mapcask.lab.rig.LatencyRig;
import org.mapcask.lab.rig.Measurement;

class OverwriteWorkloadTest {
    private static final int KEYS = 200;
    private static final int VALUE_LENGTH = 30;
    private static final long SEED = 11;

    @TempDir
    Path directory;
    private MapcaskOptions options;

    @BeforeEach
    void small() {
        options = MapcaskOptions.builder().segmentLength(64 * 1024).build();
    }

    @Test
    void shouldFindEveryValueThatWasPutLast() {
        try (Mapcask store = Mapcask.open(directory, options)) {
            final OverwriteWorkload workload = new OverwriteWorkload(store, KEYS, VALUE_LENGTH, SEED);
            workload.load();
            for (int i = 0; i < 10 * KEYS; i++) {
                workload.overwrite();
            }

            assertEquals(0, workload.wrong(), "seed " + SEED);
            assertEquals(11 * KEYS, store.stats().lastSequence());
        }
    }

    @Test
    void shouldNoticeAnOlderValueAndAMissingKey() {
        try (Mapcask store = Mapcask.open(directory, options)) {
            final OverwriteWorkload workload = new OverwriteWorkload(store, KEYS, VALUE_LENGTH, SEED);
            workload.load();
            final OverwriteWorkload old = new OverwriteWorkload(store, KEYS, VALUE_LENGTH, SEED);
            workload.overwrite();
            assertEquals(1, old.wrong(), "one key has a value that this one did not put");
            assertEquals(0, workload.wrong());

            final UnsafeBuffer key = new UnsafeBuffer(new byte[SyntheticRecords.KEY_LENGTH]);
            SyntheticRecords.key(3, key);
            assertTrue(store.delete(key, 0, SyntheticRecords.KEY_LENGTH));
            assertEquals(2, workload.wrong(), "the key, and the size");
        }
    }

    @Test
    void shouldRecordGetsAndPutsApartAndThoseWhileAMergeRuns() {
        try (Mapcask store = Mapcask.open(directory, options)) {
            final AtomicInteger looks = new AtomicInteger();
            final OverwriteWorkload workload = new OverwriteWorkload(store, KEYS, VALUE_LENGTH, SEED)
                .mergingIf(() -> looks.incrementAndGet() > 1000);
            workload.load();

            final List<Measurement> kinds = LatencyRig.openByKind(
                List.of("get", "put", "get-merging", "put-merging"), workload, 4000,
                TimeUnit.MILLISECONDS.toNanos(500));

            assertEquals(OverwriteWorkload.KINDS, kinds.size());
            final long all = kinds.stream().mapToLong(Measurement::operations).sum();
            final long first = kinds.get(OverwriteWorkload.GET).operations()
                + kinds.get(OverwriteWorkload.PUT).operations();
            assertEquals(Math.min(1000, all), first, "the rig gives up on a host that is too slow");
            assertEquals(looks.get(), all);
            long puts = KEYS;
            for (final Measurement kind : kinds) {
                assertEquals(0, kind.wrong(), kind.tag() + ", seed " + SEED);
                assertEquals(kind.operations(), kind.responseTotal().getTotalCount(), kind.tag());
                assertEquals(kind.operations(), kind.serviceTotal().getTotalCount(), kind.tag());
                puts += kind.tag().startsWith("put") ? kind.operations() : 0;
            }
            assertEquals(puts, store.stats().lastSequence());
        }
    }

    @Test
    void shouldMixKindsWhereOnlyOneIsAskedFor() {
        try (Mapcask store = Mapcask.open(directory, options)) {
            final OverwriteWorkload workload =
                new OverwriteWorkload(store, KEYS, VALUE_LENGTH, SEED).mergingIf(() -> true);
            workload.load();

            final Measurement all = LatencyRig.closed("all", workload, 1, 500, TimeUnit.MINUTES.toNanos(1));

            assertEquals(500, all.operations());
            assertEquals(0, all.wrong());
            assertThrows(IllegalArgumentException.class, () -> workload.newOperation(0, 2));
        }
    }
}
