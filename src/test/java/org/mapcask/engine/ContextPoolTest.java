package org.mapcask.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.mapcask.segment.SegmentTable;

class ContextPoolTest {
    private static final int MANY = 200;

    private final ContextPool pool = new ContextPool(new SegmentTable(), true, System::currentTimeMillis);

    @Test
    void shouldGiveEachCallAContextOfItsOwn() {
        final Set<ReadContext> contexts = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int i = 0; i < MANY; i++) {
            assertTrue(contexts.add(pool.enter()), "context " + i + " is in use");
        }
        contexts.forEach(ReadContext::exit);
        for (int i = 0; i < MANY; i++) {
            assertFalse(contexts.add(pool.enter()), "context " + i + " is new where an old one is free");
        }
        contexts.forEach(ReadContext::exit);
        pool.awaitQuiescence();
    }

    @Test
    void shouldNeverLetTwoThreadsIntoOneContext() throws Exception {
        final int rounds = 60;
        final AtomicInteger shared = new AtomicInteger();
        final Set<ReadContext> inside = Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));
        final List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            threads.add(new Thread(() -> {
                for (int round = 0; round < rounds; round++) {
                    final ReadContext context = pool.enter();
                    shared.addAndGet(inside.add(context) ? 0 : 1);
                    Thread.yield();
                    inside.remove(context);
                    context.exit();
                }
            }));
        }
        threads.forEach(Thread::start);
        for (final Thread thread : threads) {
            thread.join();
        }
        assertEquals(0, shared.get());
    }

    @Test
    void shouldWaitForEveryCallUnderWay() throws Exception {
        final List<ReadContext> inside = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            inside.add(pool.enter());
        }
        final ReadContext reserved = pool.reserve();
        assertTrue(reserved.tryEnter());
        inside.add(reserved);
        final AtomicBoolean over = new AtomicBoolean();
        final Thread waiter = new Thread(() -> {
            pool.awaitQuiescence();
            over.set(true);
        });
        waiter.start();
        for (final ReadContext context : inside) {
            Thread.yield();
            assertFalse(over.get(), "over before the last call had ended");
            context.exit();
        }
        waiter.join();
        assertTrue(over.get());
        pool.release(reserved);
    }

    @Test
    void shouldNotWaitForCallsThatBeganLater() throws Exception {
        final List<ReadContext> early = new ArrayList<>();
        for (int i = 0; i < MANY; i += 2) {
            early.add(pool.enter());
        }
        final Thread waiter = new Thread(pool::awaitQuiescence);
        waiter.start();
        EngineRig.await(() -> waiter.getState() == Thread.State.TIMED_WAITING);
        final List<ReadContext> late = new ArrayList<>();
        for (int i = 1; i < MANY; i += 2) {
            late.add(pool.enter());
        }
        for (final ReadContext context : early) {
            context.exit();
            late.add(pool.enter());
        }
        EngineRig.await(() -> !waiter.isAlive());
        late.forEach(ReadContext::exit);
    }

    @Test
    void shouldBeWaitedForOrSeeWhatHappenedBefore() throws Exception {
        final int rounds = 20_000;
        final AtomicInteger used = new AtomicInteger();
        for (int round = 0; round < rounds; round += 1000) {
            final int until = round + 1000;
            final AtomicBoolean gone = new AtomicBoolean();
            final AtomicInteger touching = new AtomicInteger();
            final CountDownLatch ready = new CountDownLatch(1);
            final Thread reader = new Thread(() -> {
                ready.countDown();
                for (int i = until - 1000; i < until || !gone.get(); i++) {
                    final ReadContext context = pool.enter();
                    if (!gone.get()) {
                        touching.incrementAndGet();
                        used.incrementAndGet();
                        touching.decrementAndGet();
                    }
                    context.exit();
                }
            });
            reader.start();
            ready.await();
            gone.set(true);
            pool.awaitQuiescence();
            assertEquals(0, touching.get(), "a call uses what is gone");
            final int usedThen = used.get();
            reader.join();
            assertEquals(usedThen, used.get(), "a call used what was gone");
        }
    }
}
