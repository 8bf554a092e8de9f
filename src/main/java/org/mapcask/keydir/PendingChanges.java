package org.mapcask.keydir;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Changes to pages that are not in memory: for each slot a list of nodes, the newest first. The nodes lie in frames of
 * the {@link KeydirMemory}, from which they come one frame at a time, and to which a frame goes back as soon as none of
 * its nodes is in use: so pages have the memory that no change needs.
 *
 * <pre>
 *  frame      63                 32   31     16   15      0
 *            +----------------------+-----------+----------+
 *            | zeros     first free |   used    | in use   |   0   places that were ever used; nodes in use
 *            +----------------------+-----------+----------+
 *            | frame before         | frame behind         |   8   of those with room
 *            +----------------------+----------------------+
 *            | nodes, at places from 1 on                  |  16
 *
 *  node       63                    42   41       40   39                              0
 *            +------------------------------------------------------------------------+
 *            | hash of the key                                                        |   0
 *            +------------------------+---------+------+------------------------------+
 *            | zeros                  | settled | gone | position / 8                 |   8
 *            +------------------------+---------+--+---+------------------------------+
 *            | anything                            | next node, 0 = none             |  16
 *            +-------------------------------------+----------------------------------+
 * </pre>
 *
 * The number of a node is (frame &lt;&lt; 8 | place). Gone: the record at the position is a deletion. Settled: the
 * figures of the store have counted the change already.
 *
 * <p>Threads: one writer; readers walk through a list without a lock. A node is used again, or its frame for a page,
 * only after the table entry that led to its list has changed: so what was read of a node counts, and leads on, if that
 * entry is found unchanged afterwards ({@link Keydir} has the argument).
 */
final class PendingChanges {
    /** Nodes of a frame. */
    static final int FRAME_NODES = 170;

    private static final int PLACE_BITS = 8;
    private static final int PLACE_MASK = (1 << PLACE_BITS) - 1;
    /** Frames from this number on have no nodes: 64 GiB. */
    private static final int FRAME_END = 1 << Integer.SIZE - PLACE_BITS;
    private static final int BLOCK_SHIFT = 12;
    private static final int BLOCK_SLOTS = 1 << BLOCK_SHIFT;
    private static final int BLOCK_MASK = BLOCK_SLOTS - 1;
    private static final int NONE = -1;

    private static final int IN_USE_OFFSET = 0;
    private static final int USED_OFFSET = Short.BYTES;
    private static final int FREE_OFFSET = Integer.BYTES;
    private static final int BEHIND_OFFSET = Long.BYTES;
    private static final int BEFORE_OFFSET = Long.BYTES + Integer.BYTES;
    private static final int NODES_OFFSET = 2 * Long.BYTES;

    private static final int NODE_LENGTH = 24;
    private static final int WORD_OFFSET = Long.BYTES;
    private static final int NEXT_OFFSET = 2 * Long.BYTES;
    private static final long LOCATION_MASK = (1L << 40) - 1;
    private static final long GONE = 1L << 40;
    private static final long SETTLED = 1L << 41;
    private static final VarHandle HEAD = MethodHandles.arrayElementVarHandle(int[].class);
    private static final VarHandle COUNT;

    static {
        if (NODES_OFFSET + FRAME_NODES * NODE_LENGTH > KeydirPage.LENGTH || FRAME_NODES > PLACE_MASK) {
            throw new AssertionError("the nodes of a frame must fit into it");
        }
        try {
            COUNT = MethodHandles.lookup().findVarHandle(PendingChanges.class, "count", int.class);
        } catch (final ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private final KeydirMemory memory;
    /** The newest node of each slot; in blocks, made as they are needed, since a copy of all would take some time. */
    private volatile int[][] heads = new int[0][];
    /** First of the frames with room. */
    private int open = NONE;
    private int frames;
    private int count;
    private volatile int blocks;

    PendingChanges(final KeydirMemory memory) {
        this.memory = memory;
    }

    /** The newest node of a slot, or 0. Any thread. */
    int head(final int slot) {
        final int[][] all = heads;
        final int index = slot >>> BLOCK_SHIFT;
        final int[] block = index < all.length ? all[index] : null;
        return block == null ? 0 : (int)HEAD.getAcquire(block, slot & BLOCK_MASK);
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

    /** Whether there is a node for one more change. */
    boolean hasRoom() {
        return open != NONE;
    }

    /** Whether a frame with this number can hold nodes. */
    static boolean canUse(final int frame) {
        return frame < FRAME_END;
    }

    /** Takes a frame for more nodes, which goes back to the memory by itself. */
    void addFrame(final int frame) {
        final UnsafeBuffer chunk = memory.chunk(frame);
        final int at = KeydirMemory.offset(frame);
        chunk.putShort(at + IN_USE_OFFSET, (short)0);
        chunk.putShort(at + USED_OFFSET, (short)0);
        chunk.putInt(at + FREE_OFFSET, 0);
        link(frame);
        frames++;
    }

    /** Puts a change before all others of a slot; there must be {@link #hasRoom() room}. */
    void push(final int slot, final long hash, final long position, final boolean gone, final boolean settled) {
        final int node = take();
        final int[] block = headsOf(slot);
        final UnsafeBuffer chunk = chunk(node);
        final int at = offset(node);
        chunk.putLong(at, hash);
        chunk.putLong(at + WORD_OFFSET, position >>> 3 | (gone ? GONE : 0) | (settled ? SETTLED : 0));
        chunk.putInt(at + NEXT_OFFSET, block[slot & BLOCK_MASK]);
        HEAD.setRelease(block, slot & BLOCK_MASK, node);
        COUNT.setRelease(this, count + 1);
    }

    /** Lets go of all changes of a slot, to which no table entry leads any more. */
    void clear(final int slot) {
        int node = head(slot);
        if (node == 0) {
            return;
        }
        HEAD.setRelease(heads[slot >>> BLOCK_SHIFT], slot & BLOCK_MASK, 0);
        int cleared = 0;
        while (node != 0) {
            final int next = next(node);
            giveBack(node);
            node = next;
            cleared++;
        }
        COUNT.setRelease(this, count - cleared);
    }

    /** Positions of all changes that wait. */
    long[] positions() {
        final long[] positions = new long[count];
        int next = 0;
        for (int slot = 0; next < positions.length; slot++) {
            for (int node = head(slot); node != 0; node = next(node)) {
                positions[next++] = position(node);
            }
        }
        return positions;
    }

    /** How many changes wait. Any thread. */
    int count() {
        return (int)COUNT.getAcquire(this);
    }

    /** How many frames hold nodes. */
    int frames() {
        return frames;
    }

    /** Bytes of memory beside the frames. Any thread. */
    long length() {
        return (long)blocks * BLOCK_SLOTS * Integer.BYTES;
    }

    private int take() {
        final int frame = open;
        final UnsafeBuffer chunk = memory.chunk(frame);
        final int at = KeydirMemory.offset(frame);
        final int free = chunk.getInt(at + FREE_OFFSET);
        final int node;
        if (free != 0) {
            node = free;
            chunk.putInt(at + FREE_OFFSET, next(free));
        } else {
            final int used = chunk.getShort(at + USED_OFFSET) + 1;
            chunk.putShort(at + USED_OFFSET, (short)used);
            node = frame << PLACE_BITS | used;
        }
        chunk.putShort(at + IN_USE_OFFSET, (short)(chunk.getShort(at + IN_USE_OFFSET) + 1));
        if (isFull(chunk, at)) {
            unlink(frame);
        }
        return node;
    }

    private void giveBack(final int node) {
        final int frame = node >>> PLACE_BITS;
        final UnsafeBuffer chunk = memory.chunk(frame);
        final int at = KeydirMemory.offset(frame);
        if (isFull(chunk, at)) {
            link(frame);
        }
        final int inUse = chunk.getShort(at + IN_USE_OFFSET) - 1;
        if (inUse == 0) {
            unlink(frame);
            frames--;
            memory.give(frame);
            return;
        }
        chunk.putShort(at + IN_USE_OFFSET, (short)inUse);
        chunk.putInt(offset(node) + NEXT_OFFSET, chunk.getInt(at + FREE_OFFSET));
        chunk.putInt(at + FREE_OFFSET, node);
    }

    private static boolean isFull(final UnsafeBuffer chunk, final int at) {
        return chunk.getShort(at + IN_USE_OFFSET) == FRAME_NODES;
    }

    private void link(final int frame) {
        setNeighbour(frame, BEFORE_OFFSET, NONE);
        setNeighbour(frame, BEHIND_OFFSET, open);
        if (open != NONE) {
            setNeighbour(open, BEFORE_OFFSET, frame);
        }
        open = frame;
    }

    private void unlink(final int frame) {
        final int before = neighbour(frame, BEFORE_OFFSET);
        final int behind = neighbour(frame, BEHIND_OFFSET);
        if (before == NONE) {
            open = behind;
        } else {
            setNeighbour(before, BEHIND_OFFSET, behind);
        }
        if (behind != NONE) {
            setNeighbour(behind, BEFORE_OFFSET, before);
        }
    }

    private int neighbour(final int frame, final int side) {
        return memory.chunk(frame).getInt(KeydirMemory.offset(frame) + side);
    }

    private void setNeighbour(final int frame, final int side, final int other) {
        memory.chunk(frame).putInt(KeydirMemory.offset(frame) + side, other);
    }

    private int[] headsOf(final int slot) {
        final int[][] all = heads;
        final int index = slot >>> BLOCK_SHIFT;
        final int[] block = index < all.length ? all[index] : null;
        return block == null ? addBlock(all, index) : block;
    }

    private int[] addBlock(final int[][] all, final int index) {
        final int[][] more = Arrays.copyOf(all, Math.max(all.length, index + 1));
        more[index] = new int[BLOCK_SLOTS];
        blocks = blocks + 1;
        heads = more;
        return more[index];
    }

    private long word(final int node) {
        return chunk(node).getLong(offset(node) + WORD_OFFSET);
    }

    private UnsafeBuffer chunk(final int node) {
        return memory.chunk(node >>> PLACE_BITS);
    }

    private static int offset(final int node) {
        return KeydirMemory.offset(node >>> PLACE_BITS) + NODES_OFFSET + ((node & PLACE_MASK) - 1) * NODE_LENGTH;
    }
}
