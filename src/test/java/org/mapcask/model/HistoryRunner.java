package org.mapcask.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.mapcask.model.Operation.Kind;

/**
 * Lets threads loose on few keys in short rounds that begin together, records what each operation was told and when,
 * and has each key's history checked. Every round has keys of its own, so they have no value at first.
 */
final class HistoryRunner {
    /** Keys of a round. */
    static final int KEYS = 2;
    /** Values are 1 up to this. */
    static final int VALUES = 3;

    private static final int CHUNK = 500;
    private static final int OPERATIONS = 5;
    private static final Kind[] KINDS = {
        Kind.GET, Kind.GET, Kind.GET, Kind.PUT, Kind.PUT, Kind.CONTAINS, Kind.PUT_IF_ABSENT, Kind.REPLACE,
        Kind.COMPARE_AND_SET, Kind.COMPARE_AND_SET, Kind.DELETE, Kind.DELETE
    };

    private final RegisterMap map;
    private final int threads;
    private final long seed;
    private final AtomicLong clock = new AtomicLong();
    private final AtomicInteger arrived = new AtomicInteger();
    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final LinearizabilityChecker checker = new LinearizabilityChecker();
    private long overlaps;
    private int next;

    HistoryRunner(final RegisterMap map, final int threads, final long seed) {
        this.map = map;
        this.threads = threads;
        this.seed = seed;
    }

    /** Runs some more rounds, and throws at the first history that no order explains, with its shortest form. */
    void run(final int rounds) throws InterruptedException {
        final int end = next + rounds;
        while (next < end) {
            final int count = Math.min(CHUNK, end - next);
            final Operation[][][] recorded = record(next, count);
            for (int round = 0; round < count; round++) {
                for (int key = 0; key < KEYS; key++) {
                    check(next + round, key, recorded[round]);
                }
            }
            next += count;
        }
    }

    /** Pairs of operations of different threads on one key that overlapped: what the test was about. */
    long overlaps() {
        return overlaps;
    }

    private Operation[][][] record(final int firstRound, final int rounds) throws InterruptedException {
        final Operation[][][] recorded = new Operation[rounds][threads][OPERATIONS];
        final List<Thread> running = new ArrayList<>();
        arrived.set(0);
        for (int i = 0; i < threads; i++) {
            final int thread = i;
            running.add(new Thread(() -> play(thread, firstRound, recorded), "player-" + i));
        }
        running.forEach(Thread::start);
        for (final Thread thread : running) {
            thread.join();
        }
        if (!failures.isEmpty()) {
            throw new AssertionError("seed " + seed + ": " + failures.peek(), failures.peek());
        }
        return recorded;
    }

    private void play(final int thread, final int firstRound, final Operation[][][] recorded) {
        try {
            for (int round = 0; round < recorded.length && failures.isEmpty(); round++) {
                final Random random = new Random(seed * 1_000_003 + (firstRound + round) * 31L + thread);
                random.nextInt();
                meet((round + 1) * threads);
                for (int i = 0; i < OPERATIONS; i++) {
                    recorded[round][thread][i] = operate(random, thread, firstRound + round);
                }
            }
        } catch (final RuntimeException | Error ex) {
            failures.add(ex);
        }
    }

    private void meet(final int all) {
        arrived.incrementAndGet();
        for (int spins = 0; arrived.get() < all && failures.isEmpty(); spins++) {
            if (spins < 100) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
    }

    private Operation operate(final Random random, final int thread, final int round) {
        final Kind kind = KINDS[random.nextInt(KINDS.length)];
        final int key = random.nextInt(KEYS);
        final int expected = 1 + random.nextInt(VALUES);
        final int value = 1 + random.nextInt(VALUES);
        final long invoked = clock.incrementAndGet();
        final int result = map.apply(kind, (long)round * KEYS + key, expected, value);
        final long responded = clock.incrementAndGet();
        return new Operation(thread, key, kind, expected, value, result, invoked, responded);
    }

    private void check(final int round, final int key, final Operation[][] byThread) {
        final List<Operation> history = new ArrayList<>();
        for (final Operation[] operations : byThread) {
            for (final Operation operation : operations) {
                if (operation.key == key) {
                    history.add(operation);
                }
            }
        }
        history.sort((a, b) -> Long.compare(a.invoked, b.invoked));
        for (int i = 1; i < history.size(); i++) {
            overlaps += history.get(i).invoked < history.get(i - 1).responded ? 1 : 0;
        }
        if (!checker.isLinearizable(history)) {
            final StringBuilder text = new StringBuilder("no order explains it; seed " + seed + ", round " + round);
            checker.shortened(history).forEach(operation -> text.append("\n  ").append(operation));
            throw new AssertionError(text.toString());
        }
    }
}
