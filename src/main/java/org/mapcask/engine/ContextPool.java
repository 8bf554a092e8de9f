package org.mapcask.engine;

import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.mapcask.segment.SegmentTable;

/**
 * The contexts of all calls under way. A thread tries the context of its own number first, so threads rarely meet;
 * with more calls at a time than contexts, more are made, up to a limit; beyond it a call waits for another to end.
 * Entering is one compare-and-set of a cache line that no other thread uses, leaving one store.
 * <p>
 * Entering is a full fence: a call that entered either sees that the store was closed, or is seen by {@link
 * #awaitQuiescence()}. Thread-safe.
 */
final class ContextPool {
    private static final int COUNT = 64;
    private static final int MASK = COUNT - 1;
    /** Contexts beyond the first ones, at the most: the heap they need is bounded, whatever the number of threads. */
    private static final int EXTRA_MAX = 1024;
    private static final long WAIT_NS = TimeUnit.MICROSECONDS.toNanos(50);
    private static final int SPINS = 100;

    private final SegmentTable table;
    private final boolean verify;
    private final LongSupplier clock;
    private final ReadContext[] contexts = new ReadContext[COUNT];
    private final AtomicInteger extraCount = new AtomicInteger();
    private final Queue<ReadContext> extra = new ConcurrentLinkedQueue<>();
    private final Queue<ReadContext> reserved = new ConcurrentLinkedQueue<>();

    ContextPool(final SegmentTable table, final boolean verify, final LongSupplier clock) {
        this.table = table;
        this.verify = verify;
        this.clock = clock;
        for (int i = 0; i < COUNT; i++) {
            contexts[i] = new ReadContext(table, verify, clock);
        }
    }

    /** A context that the calling thread has entered. */
    ReadContext enter() {
        final ReadContext context = contexts[(int)Thread.currentThread().getId() & MASK];
        return context.tryEnter() ? context : enterSlow();
    }

    private ReadContext enterSlow() {
        final int start = (int)Thread.currentThread().getId();
        while (true) {
            for (int i = 0; i < COUNT; i++) {
                final ReadContext context = contexts[start + i & MASK];
                if (context.tryEnter()) {
                    return context;
                }
            }
            for (final ReadContext context : extra) {
                if (context.tryEnter()) {
                    return context;
                }
            }
            if (extraCount.incrementAndGet() <= EXTRA_MAX) {
                return enterNew();
            }
            extraCount.decrementAndGet();
            // A call holds one context and waits for no other call's, so one comes free.
            LockSupport.parkNanos(WAIT_NS);
        }
    }

    /** A context that is in no other call's reach, for one that enters and leaves many times, such as an iteration. */
    ReadContext reserve() {
        final ReadContext context = new ReadContext(table, verify, clock);
        reserved.add(context);
        return context;
    }

    /** Ends the use of a context from {@link #reserve()}. */
    void release(final ReadContext context) {
        reserved.remove(context);
    }

    private ReadContext enterNew() {
        final ReadContext context = new ReadContext(table, verify, clock);
        context.tryEnter();
        extra.add(context);
        VarHandle.fullFence();
        return context;
    }

    /** Waits until every call that was under way has ended; calls that begin meanwhile do not count. */
    void awaitQuiescence() {
        underWay().forEach(ContextPool::await);
    }

    /** The calls that are under way; of each, whether it has ended by then. */
    List<BooleanSupplier> underWay() {
        VarHandle.fullFence();
        final List<BooleanSupplier> calls = new ArrayList<>();
        for (final ReadContext context : contexts) {
            addUnderWay(calls, context);
        }
        extra.forEach(context -> addUnderWay(calls, context));
        reserved.forEach(context -> addUnderWay(calls, context));
        return calls;
    }

    private static void addUnderWay(final List<BooleanSupplier> calls, final ReadContext context) {
        final long phase = context.phaseVolatile();
        if ((phase & 1) != 0) {
            calls.add(() -> context.phaseVolatile() != phase);
        }
    }

    private static void await(final BooleanSupplier call) {
        for (int spins = 0; !call.getAsBoolean(); spins++) {
            if (spins < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(WAIT_NS);
            }
        }
    }

    /** Pages of the keydir that all calls so far have read; exact once they have ended. */
    long pageReads() {
        long sum = 0;
        for (final ReadContext context : contexts) {
            sum += context.pageReads().reads();
        }
        for (final ReadContext context : extra) {
            sum += context.pageReads().reads();
        }
        return sum;
    }

    /** Gets made by all calls so far; exact once they have ended. */
    long gets() {
        long sum = 0;
        for (final ReadContext context : contexts) {
            sum += context.gets();
        }
        for (final ReadContext context : extra) {
            sum += context.gets();
        }
        return sum;
    }
}
