package org.mapcask.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mapcask.nativeaccess.Uninterruptible;

/** A lock like any other, for those who wait for a moment and for those who wait for long. */
@Timeout(60)
class WriteLockTest {
    private static final int THREADS = 4;
    private static final int TURNS = 100_000;

    private final WriteLock lock = new WriteLock();
    private long count;

    @Test
    void shouldLetOneInAtATime() throws InterruptedException {
        final Thread[] threads = new Thread[THREADS];
        for (int i = 0; i < THREADS; i++) {
            threads[i] = new Thread(() -> {
                for (int turn = 0; turn < TURNS; turn++) {
                    lock.lock();
                    count++;
                    lock.unlock();
                }
            });
            threads[i].start();
        }
        for (final Thread thread : threads) {
            thread.join();
        }
        assertEquals(THREADS * TURNS, count);
        assertFalse(lock.isLocked());
    }

    @Test
    void shouldBeTakenOnceMoreByItsHolder() {
        lock.lock();
        lock.lock();
        assertEquals(2, lock.getHoldCount());
        lock.unlock();
        assertTrue(lock.isHeldByCurrentThread());
        lock.unlock();
        assertFalse(lock.isLocked());
    }

    @Test
    void shouldPutThoseToSleepWhoWaitForLongAndWakeThem() throws InterruptedException {
        final CountDownLatch got = new CountDownLatch(2);
        lock.lock();
        final Thread[] waiting = new Thread[2];
        for (int i = 0; i < waiting.length; i++) {
            waiting[i] = new Thread(() -> {
                lock.lock();
                got.countDown();
                lock.unlock();
            });
            waiting[i].start();
        }
        while (lock.getQueueLength() < 2 || waiting[0].getState() != Thread.State.WAITING
            || waiting[1].getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        assertEquals(2, got.getCount());
        lock.unlock();
        got.await();
    }

    @Test
    void shouldHaveDoneWhatComesFirstBeforeAnybodyIsLetIn() throws InterruptedException {
        final AtomicInteger done = new AtomicInteger();
        final CountDownLatch begun = new CountDownLatch(1);
        final CountDownLatch go = new CountDownLatch(1);
        lock.beforeFirst(() -> {
            assertTrue(lock.isHeldByCurrentThread());
            begun.countDown();
            Uninterruptible.await(go::await);
            done.incrementAndGet();
        });
        assertTrue(lock.tryLock());
        lock.unlock();
        assertEquals(0, done.get(), "a reader leaves it alone");
        final Thread first = new Thread(lock::doFirst);
        first.start();
        begun.await();
        final AtomicInteger seen = new AtomicInteger(-1);
        final Thread second = new Thread(() -> {
            lock.doFirst();
            seen.set(done.get());
        });
        second.start();
        while (!lock.hasQueuedThreads()) {
            Thread.onSpinWait();
        }
        go.countDown();
        first.join();
        second.join();
        assertEquals(1, seen.get());
        lock.lock();
        lock.unlock();
        lock.doFirst();
        assertEquals(1, done.get(), "once");
    }

    @Test
    void shouldNotStayLockedWhenWhatComesFirstFails() {
        lock.beforeFirst(() -> {
            throw new IllegalStateException("planted");
        });
        assertThrows(IllegalStateException.class, lock::lock);
        assertFalse(lock.isLocked());
        lock.lock();
        assertEquals(1, lock.getHoldCount());
        lock.unlock();
    }
}
