package org.mapcask.model;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.Mapcask;
import org.mapcask.MapcaskOptions;
import org.mapcask.SealedRead;
import org.mapcask.model.Operation.Kind;
import org.mapcask.support.OpenMappingsExtension;

/**
 * Each operation takes effect at one moment between its call and its return, for all threads in the same order. Many
 * short histories of few threads on few keys are searched for one that contradicts this.
 */
@ExtendWith(OpenMappingsExtension.class)
class LinearizabilityTest {
    private static final int VALUE_LENGTH = 40;

    @TempDir
    private Path directory;

    @Test
    void shouldBeLinearizableWithMappedSegments() throws Exception {
        runOnStore(SealedRead.MAPPED, 1000, 4, 1, 5_000);
    }

    @Test
    void shouldBeLinearizableWithSegmentsReadThroughTheirFiles() throws Exception {
        runOnStore(SealedRead.PREAD, 2, 3, 2, 5_000);
    }

    @Test
    @Tag("core")
    void shouldBeLinearizableInAShortRun() throws Exception {
        runOnStore(SealedRead.PREAD, 1, 3, 3, 1000);
    }

    @Test
    @Tag("slow")
    void shouldBeLinearizableInALongRun() throws Exception {
        runOnStore(SealedRead.MAPPED, 3, 4, 4, 400_000);
    }

    @Test
    void shouldFindNothingWrongWithTheMapOfTheJdk() throws Exception {
        new HistoryRunner(mapOfTheJdk(new ConcurrentHashMap<>(), 0), 4, 5).run(1000);
    }

    @Test
    void shouldFindAMapThatGivesStaleValuesNowAndThen() {
        final HistoryRunner runner = new HistoryRunner(mapOfTheJdk(new ConcurrentHashMap<>(), 50), 4, 6);
        final AssertionError error = assertThrows(AssertionError.class, () -> runner.run(20_000));
        assertTrue(error.getMessage().startsWith("no order explains it; seed 6"), error::getMessage);
    }

    private void runOnStore(
        final SealedRead sealedRead, final int mappedSegmentsMax, final int threads, final long seed,
        final int rounds) throws Exception {
        final MapcaskOptions options = MapcaskOptions.builder().segmentLength(256 << 10).sealedRead(sealedRead)
            .mappedSegmentsMax(mappedSegmentsMax).prefaultWindow(64 << 10).build();
        try (Mapcask store = Mapcask.open(directory, options)) {
            final HistoryRunner runner = new HistoryRunner(new StoreRegisters(store), threads, seed);
            runner.run(rounds);
            // A host that has one processor for all threads shows nothing: another time slice may.
            for (int more = 0; more < 20 && rounds >= 5000 && runner.overlaps() == 0; more++) {
                runner.run(rounds);
            }
            System.out.println(rounds + " rounds, " + runner.overlaps() + " pairs of operations that overlapped");
            assertTrue(runner.overlaps() > 0 || rounds < 5000, "no operations overlapped");
        }
    }

    /** @param staleOneIn one read in so many gives the value before; 0 gives none. */
    private static RegisterMap mapOfTheJdk(final ConcurrentMap<Long, Integer> map, final int staleOneIn) {
        final ConcurrentMap<Long, Integer> before = new ConcurrentHashMap<>();
        final AtomicLong reads = new AtomicLong();
        return (kind, key, expected, value) -> {
            final Integer now = map.get(key);
            if (staleOneIn > 0 && now != null) {
                before.put(key, now);
            }
            switch (kind) {
                case GET:
                    final boolean stale = staleOneIn > 0 && reads.incrementAndGet() % staleOneIn == 0;
                    return (stale ? before : map).getOrDefault(key, 0);
                case CONTAINS:
                    return map.containsKey(key) ? 1 : 0;
                case PUT:
                    map.put(key, value);
                    return 1;
                case PUT_IF_ABSENT:
                    return map.putIfAbsent(key, value) == null ? 1 : 0;
                case REPLACE:
                    return map.replace(key, value) != null ? 1 : 0;
                case COMPARE_AND_SET:
                    return map.replace(key, expected, value) ? 1 : 0;
                default:
                    return map.remove(key) != null ? 1 : 0;
            }
        };
    }

    /** The store, with values whose every byte and whose length tell the number. */
    private static final class StoreRegisters implements RegisterMap {
        private final Mapcask store;
        private final ThreadLocal<UnsafeBuffer> keys = ThreadLocal.withInitial(() -> new UnsafeBuffer(new byte[8]));
        private final ThreadLocal<UnsafeBuffer> places =
            ThreadLocal.withInitial(() -> new UnsafeBuffer(new byte[HistoryRunner.VALUES * VALUE_LENGTH]));

        private final UnsafeBuffer[] values = new UnsafeBuffer[HistoryRunner.VALUES + 1];

        StoreRegisters(final Mapcask store) {
            this.store = store;
            for (int i = 1; i < values.length; i++) {
                values[i] = new UnsafeBuffer(new byte[i * VALUE_LENGTH]);
                values[i].setMemory(0, i * VALUE_LENGTH, (byte)i);
            }
        }

        @Override
        public int apply(final Kind kind, final long key, final int expected, final int value) {
            final UnsafeBuffer k = keys.get();
            k.putLong(0, key);
            final UnsafeBuffer v = values[value];
            switch (kind) {
                case GET:
                    return read(k);
                case CONTAINS:
                    return store.contains(k, 0, 8) ? 1 : 0;
                case PUT:
                    store.put(k, 0, 8, v, 0, v.capacity());
                    return 1;
                case PUT_IF_ABSENT:
                    return store.putIfAbsent(k, 0, 8, v, 0, v.capacity()) ? 1 : 0;
                case REPLACE:
                    return store.replace(k, 0, 8, v, 0, v.capacity()) ? 1 : 0;
                case COMPARE_AND_SET:
                    final UnsafeBuffer e = values[expected];
                    return store.compareAndSet(k, 0, 8, e, 0, e.capacity(), v, 0, v.capacity()) ? 1 : 0;
                default:
                    return store.delete(k, 0, 8) ? 1 : 0;
            }
        }

        private int read(final UnsafeBuffer key) {
            final UnsafeBuffer place = places.get();
            final int length = store.get(key, 0, 8, place, 0, place.capacity());
            if (length == Mapcask.NOT_FOUND) {
                return 0;
            }
            final int value = place.getByte(0);
            for (int i = 0; i < length; i++) {
                if (length != value * VALUE_LENGTH || place.getByte(i) != value) {
                    throw new AssertionError("torn value, length " + length + ", byte " + i + " is " +
                        place.getByte(i));
                }
            }
            return value;
        }
    }
}
