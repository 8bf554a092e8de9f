package org.mapcask.keydir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PendingChangesTest {
    private static final long SEED = 4;

    private final KeydirMemory memory = new KeydirMemory(new DirectChunkAllocator());
    private final PendingChanges pending = new PendingChanges(memory);

    private record Change(long hash, long position, boolean gone, boolean settled) {
    }

    @AfterEach
    void close() {
        memory.close();
    }

    private void push(final int slot, final Change change) {
        if (!pending.hasRoom()) {
            pending.addFrame(memory.take());
        }
        pending.push(slot, change.hash(), change.position(), change.gone(), change.settled());
    }

    private Change change(final int node) {
        return new Change(pending.hash(node), pending.position(node), pending.isGone(node), pending.isSettled(node));
    }

    @Test
    void shouldKeepAPositionOfFortyBitsBesideItsMarks() {
        push(5, new Change(-1L, KeydirPage.POSITION_MAX, true, false));
        push(5, new Change(1L, 8, false, true));
        final int newest = pending.head(5);
        assertEquals(new Change(1, 8, false, true), change(newest));
        assertEquals(new Change(-1, KeydirPage.POSITION_MAX, true, false), change(pending.next(newest)));
        assertEquals(0, pending.next(pending.next(newest)));
        assertEquals(0, pending.head(4));
        assertEquals(0, pending.head(1_000_000));
    }

    @Test
    void shouldHoldTheSameListsAsAMapWhateverComesAndGoes() {
        final Random random = new Random(SEED);
        final Map<Integer, Deque<Change>> model = new HashMap<>();
        int count = 0;
        for (int i = 0; i < 200_000; i++) {
            final int slot = random.nextInt(300);
            if (random.nextInt(40) == 0) {
                pending.clear(slot);
                count -= model.containsKey(slot) ? model.remove(slot).size() : 0;
            } else {
                final Change change = new Change(
                    random.nextLong(), 8L * (1 + random.nextInt()  & 0xFFFFFFFL), random.nextBoolean(),
                    random.nextBoolean());
                push(slot, change);
                model.computeIfAbsent(slot, any -> new ArrayDeque<>()).push(change);
                count++;
            }
            assertEquals(count, pending.count());
        }
        model.forEach((slot, changes) -> {
            int node = pending.head(slot);
            for (final Change change : changes) {
                assertEquals(change, change(node), "seed " + SEED);
                node = pending.next(node);
            }
            assertEquals(0, node);
        });
        assertEquals(
            LongStream.of(pending.positions()).sorted().boxed().toList(),
            model.values().stream().flatMap(Deque::stream).map(Change::position).sorted().toList());
        assertFalse(model.isEmpty());
        assertTrue(pending.frames() * PendingChanges.FRAME_NODES >= count, pending.frames() + " frames");
    }

    /** Frames of which no node is used are for pages again; the others lend their free nodes first. */
    @Test
    void shouldHoldNoMoreFramesThanItNeedsAndGiveBackTheEmptyOnes() {
        final int lists = 50;
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 20 * PendingChanges.FRAME_NODES; i++) {
                push(i % lists, new Change(i, 8, false, false));
            }
            assertEquals(20, pending.frames());
            for (int slot = 0; slot < lists / 2; slot++) {
                pending.clear(slot);
            }
            for (int i = 0; i < 10 * PendingChanges.FRAME_NODES; i++) {
                push(lists + i % lists, new Change(i, 8, false, false));
            }
            assertEquals(20, pending.frames(), "nodes that were free were used");
            assertFalse(pending.hasRoom());
            for (int slot = 0; slot < 2 * lists; slot++) {
                pending.clear(slot);
            }
            assertEquals(0, pending.count());
            assertEquals(0, pending.frames());
            assertFalse(pending.hasRoom());
        }
        try (KeydirMemory untouched = new KeydirMemory(new DirectChunkAllocator())) {
            assertEquals(take(untouched), take(memory), "no frame was lost, and none came back twice");
        }
    }

    private static Set<Integer> take(final KeydirMemory from) {
        final Set<Integer> frames = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            frames.add(from.take());
        }
        return frames;
    }
}
