package org.mapcask.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.lab.rig.IntervalRecorder;
import org.mapcask.lab.rig.LatencyRig;
import org.mapcask.lab.rig.Measurement;
import org.mapcask.lab.rig.Operation;
import org.mapcask.sync.SyncPolicy;

/**
 * Coordinated omission: once, deep in the engine, a read of a file takes 50 ms. Callers who come 2,000 times a second
 * find 100 gets held up, the first for 50 ms and the last for half a millisecond, and the open loop has to say so. The
 * closed loop waits politely, asks nothing meanwhile, and sees one slow get.
 */
class InjectedStallTest {
    private static final int KEYS = 50;
    private static final int RATE = 2000;
    private static final int OPERATIONS = 1000;
    private static final int STALL_AT = 300;
    private static final long STALL_NS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long SLOW_NS = TimeUnit.MILLISECONDS.toNanos(10);

    @TempDir
    Path directory;
    private EngineRig rig;

    @BeforeEach
    void fill() throws InterruptedException {
        rig = new EngineRig(directory, new EngineSettings(EngineRig.SEGMENT_LENGTH, true, 0, false, 1000,
            SyncPolicy.NONE, true, String.valueOf(directory.getFileName())), 0);
        for (int i = 0; i < KEYS; i++) {
            rig.put("key-" + i, 1000);
        }
        final AtomicInteger reads = new AtomicInteger();
        rig.files.before(event -> reads.addAndGet(event.startsWith("read") ? 1 : 0));
        EngineRig.await(() -> rig.get("key-0") > 0 && reads.get() > 0);
        final AtomicInteger count = new AtomicInteger();
        rig.files.before(event -> {
            if (event.startsWith("read") && count.incrementAndGet() == STALL_AT) {
                final long endNs = System.nanoTime() + STALL_NS;
                for (long leftNs = STALL_NS; leftNs > 0; leftNs = endNs - System.nanoTime()) {
                    LockSupport.parkNanos(leftNs);
                }
            }
        });
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void shouldShowAStallOfTheEngineAtItsTrueSizeInTheOpenLoop() {
        final Measurement open = LatencyRig.open("get", (thread, threads) -> new Get(), 1, RATE,
            TimeUnit.SECONDS.toNanos(1) * OPERATIONS / RATE);

        final Histogram response = open.responseTotal();
        assertEquals(OPERATIONS, response.getTotalCount());
        assertEquals(0, open.wrong());
        assertTrue(response.getMaxValue() >= STALL_NS, "longest " + response.getMaxValue());
        // 100 gets fall into the stall, of which 80 wait for 10 ms or more.
        assertTrue(slow(response) >= 70, slow(response) + " slow gets of 80");
        assertTrue(slow(open.serviceTotal()) < slow(response) / 4, "service time does not know of those who waited");
    }

    @Test
    void shouldHideTheSameStallInTheClosedLoop() {
        final Measurement closed = LatencyRig.closed(
            "get", (thread, threads) -> new Get(), 1, OPERATIONS, TimeUnit.MINUTES.toNanos(1));

        final Histogram service = closed.serviceTotal();
        assertEquals(OPERATIONS, service.getTotalCount());
        assertTrue(service.getMaxValue() >= STALL_NS, "the one get that met it: " + service.getMaxValue());
        assertTrue(slow(service) <= 5, slow(service) + " slow gets: the stall, and hiccups of the host");
    }

    private static long slow(final Histogram histogram) {
        return histogram.getCountBetweenValues(SLOW_NS, IntervalRecorder.HIGHEST_NS);
    }

    /** Gets one of the first keys, which lies in a sealed segment that is read through its file. */
    private final class Get implements Operation {
        private int length;

        @Override
        public void prepare() {
            length = -1;
        }

        @Override
        public void perform() {
            length = rig.get("key-0");
        }

        @Override
        public boolean verify() {
            return length == 1000;
        }
    }
}
