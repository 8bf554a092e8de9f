package org.mapcask.merge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The limiter on a clock of its own. */
class RateLimiterTest {
    private long now = 1;
    private long slept;

    private RateLimiter limiter(final long rate) {
        return new RateLimiter(rate, () -> now, ns -> {
            slept += ns;
            now += ns;
        });
    }

    private void pass(final RateLimiter limiter, final long bytes) {
        final long wait = limiter.passed(bytes);
        if (wait > 0) {
            limiter.sleep(wait);
        }
    }

    @Test
    void shouldHoldTheRate() {
        final RateLimiter limiter = limiter(1_000_000);
        for (int i = 0; i < 1000; i++) {
            pass(limiter, 10_000);
        }
        final long expected = TimeUnit.SECONDS.toNanos(10);
        assertTrue(Math.abs(now - expected) < expected / 100, () -> "10 MB at 1 MB/s took " + now + " ns");
    }

    @Test
    void shouldNotSaveUpWhatWasNotUsed() {
        final RateLimiter limiter = limiter(1_000_000);
        now += TimeUnit.SECONDS.toNanos(100);
        final long before = now;
        pass(limiter, 1_000_000);
        assertTrue(now - before > TimeUnit.MILLISECONDS.toNanos(990), () -> "" + (now - before));
    }

    @Test
    void shouldNotWaitWithoutALimit() {
        final RateLimiter limiter = limiter(0);
        pass(limiter, Long.MAX_VALUE);
        assertEquals(0, slept);
        assertEquals(0, limiter.left());
    }
}
