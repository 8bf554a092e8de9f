package org.mapcask.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A thread for background work: its rounds, and what it is asked to do once. */
@Tag("core")
class BackgroundLoopTest {
    private static final long LONG_NS = TimeUnit.MINUTES.toNanos(10);
    private static final long SHORT_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final AtomicInteger rounds = new AtomicInteger();
    private final List<BackgroundLoop> loops = new ArrayList<>();

    private BackgroundLoop loop(final long pauseNs, final Runnable work) {
        final BackgroundLoop loop = new BackgroundLoop("test", pauseNs, work);
        loops.add(loop);
        return loop;
    }

    @AfterEach
    void stop() {
        loops.forEach(BackgroundLoop::stop);
    }

    private static void await(final CountDownLatch latch) throws InterruptedException {
        assertTrue(latch.await(20, TimeUnit.SECONDS));
    }

    @Test
    void shouldDoErrandsInTheirOrderBeforeItsFirstRound() throws InterruptedException {
        final List<String> done = Collections.synchronizedList(new ArrayList<>());
        final CountDownLatch last = new CountDownLatch(1);
        final BackgroundLoop loop = loop(LONG_NS, rounds::incrementAndGet);
        loop.once(() -> done.add("first"));
        loop.once(() -> done.add("second"));
        loop.startAfter(LONG_NS);
        loop.once(() -> done.add("third"));
        loop.once(last::countDown);
        await(last);
        assertEquals(List.of("first", "second", "third"), done);
        assertEquals(0, rounds.get(), "the first pause goes on");
    }

    @Test
    void shouldDoAnErrandAgainThatFailed() throws InterruptedException {
        final AtomicInteger tries = new AtomicInteger();
        final CountDownLatch done = new CountDownLatch(1);
        final BackgroundLoop loop = loop(SHORT_NS, rounds::incrementAndGet);
        loop.once(() -> {
            if (tries.incrementAndGet() < 3) {
                throw new OutOfMemoryError("no thread, says the test");
            }
        });
        loop.once(done::countDown);
        loop.start();
        await(done);
        assertEquals(3, tries.get());
        assertTrue(rounds.get() > 0, "rounds go on meanwhile");
    }

    @Test
    void shouldStartAnotherUnlessThatWasStoppedBefore() throws InterruptedException {
        final CountDownLatch worked = new CountDownLatch(1);
        final CountDownLatch asked = new CountDownLatch(1);
        final BackgroundLoop other = loop(LONG_NS, worked::countDown);
        final BackgroundLoop stopped = loop(LONG_NS, rounds::incrementAndGet);
        stopped.stop();
        final BackgroundLoop loop = loop(LONG_NS, () -> {
        });
        loop.startAfter(LONG_NS);
        loop.once(stopped::start);
        loop.once(other::start);
        loop.once(asked::countDown);
        await(asked);
        await(worked);
        assertEquals(0, rounds.get());
    }

    @Test
    void shouldDoNothingMoreAfterItWasStopped() {
        final BackgroundLoop loop = loop(SHORT_NS, rounds::incrementAndGet);
        loop.start();
        loop.stop();
        final int before = rounds.get();
        final AtomicInteger errands = new AtomicInteger();
        loop.once(errands::incrementAndGet);
        loop.signal();
        loop.start();
        assertEquals(before, rounds.get());
        assertFalse(errands.get() > 0);
    }
}
