package org.mapcask.keydir;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Changes to pages that are not in memory: for each slot a list of nodes, the newest first. Off heap.
 *
 * <pre>
 *  node       63                    42   41       40   39                              0
 *            +------------------------------------------------------------------------+
 *            | hash of the key                                                        |   0
 *            +------------------------+---------+------+------------------------------+
 *            | zeros                  | settled | gone | position / 8                 |   8
 *            +------------------------+---------+--+---+------------------------------+
 *            | zeros                               | next node, 0 = none             |  16
 *            +-------------------------------------+----------------------------------+
 * </pre>
 *
 * Gone: the record at the position is a deletion. Settled: the figures of the store have counted the change already.
 *
 * <p>Threads: one writer; readers walk through a list without a lock. A node is used again only after the table entry
 * that led to its list has changed, so whoever finds that entry unchanged after a walk has seen nodes of that list
 * alone ({@link Keydir} has the argument for frames; it is the same).
 */
final class PendingChanges {
    private static final int NODE_LENGTH = 24;
    private static final int CHUNK_SHIFT = 16;
    private static final int CHUNK_NODES = 1 << CHUNK_SHIFT;
    private static final int CHUNK_LENGTH = CHUNK_NODES * NODE_LENGTH;
    private static final int WORD_OFFSET = Long.BYTES;
    private static final int NEXT_OFFSET = 2 * Long.BYTES;
    private static final long LOCATION_MASK = (1L << 40) - 1;
    private static final long GONE = 1L << 40;
    private static final long SETTLED = 1L << 41;
    private static final VarHandle HEAD = MethodHandles.arrayElementVarHandle(int[].class);
    private static final VarHandle COUNT;

    static {
        try {
            COUNT = MethodHandles.lookup().findVarHandle(PendingChanges.class, "count", int.class);
        } catch (final ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private final ChunkAllocator allocator;
    private volatile UnsafeBuffer[] chunks = new UnsafeBuffer[0];
    private volatile int[] heads = new int[0];
    private int made = 1;
    private int free;
    private int count;

    PendingChanges(final ChunkAllocator allocator) {
        this.allocator = allocator;
    }

    /** The newest node of a slot, or 0. Any thread. */
    int head(final int slot) {
        final int[] all = heads;
        return slot < all.length ? (int)HEAD.getAcquire(all, slot) : 0;
    }

    long hash(final int node) {
        return chunk(node).getLong(offset(node));
    }

    long position(final int node) {
        return (word(node) & LOCATION_MASK) << 3;
    }

    boolean isGone(final int node) {
        return (word(node) & GONE) != 0;
    }

    boolean isSettled(final int node) {
        return (word(node) & SETTLED) != 0;
    }

    int next(final int node) {
        return chunk(node).getInt(offset(node) + NEXT_OFFSET);
    }

    /** Puts a change before all others of a slot. */
    void push(final int slot, final long hash, final long position, final boolean gone, final boolean settled) {
        final int node = take();
        final int[] all = headsWith(slot);
        final UnsafeBuffer chunk = chunk(node);
        final int at = offset(node);
        chunk.putLong(at, hash);
        chunk.putLong(at + WORD_OFFSET, position >>> 3 | (gone ? GONE : 0) | (settled ? SETTLED : 0));
        chunk.putInt(at + NEXT_OFFSET, all[slot]);
        HEAD.setRelease(all, slot, node);
        COUNT.setRelease(this, count + 1);
    }

    /** Lets go of all changes of a slot, to which no table entry leads any more. */
    void clear(final int slot) {
        final int[] all = heads;
        int node = slot < all.length ? all[slot] : 0;
        if (node == 0) {
            return;
        }
        HEAD.setRelease(all, slot, 0);
        int cleared = 0;
        while (node != 0) {
            final int next = next(node);
            chunk(node).putInt(offset(node) + NEXT_OFFSET, free);
            free = node;
            node = next;
            cleared++;
        }
        COUNT.setRelease(this, count - cleared);
    }

    /** Positions of all changes that wait. */
    long[] positions() {
        final long[] positions = new long[count];
        int next = 0;
        final int[] all = heads;
        for (int slot = 0; slot < all.length && next < positions.length; slot++) {
            for (int node = all[slot]; node != 0; node = next(node)) {
                positions[next++] = position(node);
            }
        }
        return positions;
    }

    /** How many changes wait. Any thread. */
    int count() {
        return (int)COUNT.getAcquire(this);
    }

    /** Bytes of memory. Any thread. */
    long length() {
        return (long)chunks.length * CHUNK_LENGTH + (long)heads.length * Integer.BYTES;
    }

    /** Bytes that one more change may take. */
    static int nodeLength() {
        return NODE_LENGTH;
    }

    void close() {
        final UnsafeBuffer[] all = chunks;
        chunks = new UnsafeBuffer[0];
        for (final UnsafeBuffer chunk : all) {
            allocator.free(chunk);
        }
    }

    private int take() {
        if (free != 0) {
            final int node = free;
            free = next(node);
            return node;
        }
        if (made >>> CHUNK_SHIFT == chunks.length) {
            final UnsafeBuffer[] more = Arrays.copyOf(chunks, chunks.length + 1);
            more[chunks.length] = allocator.allocate(CHUNK_LENGTH);
            chunks = more;
        }
        return made++;
    }

    private int[] headsWith(final int slot) {
        int[] all = heads;
        if (slot >= all.length) {
            all = Arrays.copyOf(all, Math.max(slot + 1, all.length + (all.length >> 1)));
            heads = all;
        }
        return all;
    }

    private long word(final int node) {
        return chunk(node).getLong(offset(node) + WORD_OFFSET);
    }

    private UnsafeBuffer chunk(final int node) {
        return chunks[node >>> CHUNK_SHIFT];
    }

    private static int offset(final int node) {
        return (node & CHUNK_NODES - 1) * NODE_LENGTH;
    }
}
