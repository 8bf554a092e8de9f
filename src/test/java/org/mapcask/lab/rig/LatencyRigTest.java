package org.mapcask.lab.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/**
 * The story behind the rig: a store stalls once for 50 ms. A loop that waits for each answer before it asks again
 * sees one slow operation among a thousand. Callers who come at a fixed rate would have seen a hundred.
 */
class LatencyRigTest {
    private static final long STALL_NS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long SLOW_NS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int STALL_AT = 200;
    private static final int RATE = 2000;
    private static final long DURATION_NS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final int OPERATIONS = 1000;

    @Test
    void shouldShowAStallAtItsSizeInTheOpenLoopToEachOperationThatItHeldUp() {
        final Measurement open = LatencyRig.open("stall", stallingAt(STALL_AT), 1, RATE, DURATION_NS);

        final Histogram response = open.responseTotal();
        assertEquals(OPERATIONS, response.getTotalCount());
        assertTrue(response.getMaxValue() >= STALL_NS, "maximum " + response.getMaxValue());
        // 50 ms at 2000/s are 100 operations, of which 80 wait for 10 ms or more.
        assertTrue(slow(response) > 40, slow(response) + " slow of 100 that were held up");
        assertTrue(slow(open.serviceTotal()) * 4 < slow(response), "service time must not show the wait in the queue");
    }

    @Test
    void shouldShowAStallOnceInTheClosedLoop() {
        final Measurement closed = LatencyRig.closed("stall", stallingAt(STALL_AT), 1, OPERATIONS, DURATION_NS * 20);

        final Histogram service = closed.serviceTotal();
        assertEquals(OPERATIONS, service.getTotalCount());
        assertTrue(service.getMaxValue() >= STALL_NS, "maximum " + service.getMaxValue());
        assertTrue(slow(service) >= 1 && slow(service) <= 3, slow(service) + " slow operations, one is the stall");
        assertSame(closed.service(), closed.response());
    }

    @Test
    void shouldRecordKindsOfAClosedLoopApart() {
        final Workload turns = (thread, threads) -> new Step(false) {
            private int count;

            @Override
            public void prepare() {
                count++;
            }

            @Override
            public int kind() {
                return count % 4 == 0 ? 1 : 0;
            }

            @Override
            public void perform() {
                if (kind() == 1) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
                }
            }
        };

        final List<Measurement> kinds =
            LatencyRig.closedByKind(List.of("often", "rare"), turns, 2, 100, DURATION_NS * 20);

        assertEquals(List.of("often", "rare"), kinds.stream().map(Measurement::tag).toList());
        assertEquals(2 * 75, kinds.get(0).operations());
        assertEquals(2 * 25, kinds.get(1).operations());
        assertEquals(2 * 75, kinds.get(0).responseTotal().getTotalCount());
        final Histogram rare = kinds.get(1).responseTotal();
        assertEquals(2 * 25, rare.getTotalCount());
        assertTrue(rare.getMinValue() >= TimeUnit.MICROSECONDS.toNanos(900), "fastest " + rare.getMinValue());
    }

    @Test
    void shouldCallARateMissedThatTheOperationCannotReach() {
        final Workload slow = (thread, threads) -> new Step(false) {
            @Override
            public void perform() {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }
        };

        final Measurement missed = LatencyRig.open("slow", slow, 1, RATE, DURATION_NS);

        assertTrue(missed.missedRate(), "achieved " + missed.achievedRate());
        assertTrue(missed.operations() < OPERATIONS, "given up after " + missed.operations());
    }

    @Test
    void shouldCountEachWrongAnswerOfEachThread() {
        final Workload wrong = (thread, threads) -> new Step(true);

        final Measurement measurement = LatencyRig.closed("wrong", wrong, 2, 100, DURATION_NS * 20);

        assertEquals(100, measurement.operations());
        assertEquals(100, measurement.wrong());
        assertEquals(100, measurement.serviceTotal().getTotalCount());
        assertFalse(measurement.missedRate(), "a closed loop has no rate");
    }

    @Test
    void shouldEndAMeasurementWithTheExceptionOfItsOperation() {
        final Workload broken = (thread, threads) -> new Step(false) {
            @Override
            public void perform() {
                throw new UnsupportedOperationException("planted");
            }
        };

        final IllegalStateException failure = assertThrows(
            IllegalStateException.class, () -> LatencyRig.closed("broken", broken, 1, 10, DURATION_NS));
        assertTrue(failure.getMessage().contains("planted"), failure.getMessage());
    }

    @Test
    void shouldRecordTheHiccupsOfTheSameTime() {
        final Workload idle = (thread, threads) -> new Step(false);

        final Measurement measurement = LatencyRig.open("hiccup", idle, 1, RATE, DURATION_NS);

        assertTrue(IntervalRecorder.total(measurement.hiccups()).getTotalCount() > 0);
    }

    private static Workload stallingAt(final int operation) {
        return (thread, threads) -> new Step(false) {
            private int count;

            @Override
            public void perform() {
                if (++count == operation) {
                    final long endNs = System.nanoTime() + STALL_NS;
                    for (long leftNs = STALL_NS; leftNs > 0; leftNs = endNs - System.nanoTime()) {
                        LockSupport.parkNanos(leftNs);
                    }
                }
            }
        };
    }

    private static long slow(final Histogram histogram) {
        return histogram.getCountBetweenValues(SLOW_NS, IntervalRecorder.HIGHEST_NS);
    }

    /** An operation that does nothing. */
    private static class Step implements Operation {
        private final boolean wrong;

        Step(final boolean wrong) {
            this.wrong = wrong;
        }

        @Override
        public void prepare() {
        }

        @Override
        public void perform() {
        }

        @Override
        public boolean verify() {
            return !wrong;
        }
    }
}
