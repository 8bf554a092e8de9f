package org.mapcask.keydir;

import java.util.Arrays;

/**
 * What is known of the frames in memory: which slot of the {@link PageStore} holds the same page, whether the page was
 * changed since, and whether somebody looked at it lately. Belongs to the writer, but for {@link #refer}, which any
 * thread may call: a mark that gets lost only lets a page go a little early.
 */
final class PageFrames {
    private static final byte USED = 1;
    private static final byte CHANGED = 2;
    /** The page has left, but a copy of it is under way. */
    private static final byte LEFT = 4;

    /** So many frames share arrays: none of them is ever copied, since writers would wait for that. */
    private static final int BLOCK_SHIFT = 9;
    private static final int BLOCK_FRAMES = 1 << BLOCK_SHIFT;
    private static final int BLOCK_MASK = BLOCK_FRAMES - 1;

    private volatile Block[] blocks = new Block[0];
    private int hand;
    private int used;
    private int changed;

    private static final class Block {
        private final byte[] states = new byte[BLOCK_FRAMES];
        private final int[] slots = new int[BLOCK_FRAMES];
        private final int[] coming = new int[BLOCK_FRAMES];
        private final byte[] looked = new byte[BLOCK_FRAMES];
    }

    /** A frame holds a page that is nowhere else. */
    void fresh(final int frame) {
        enter(frame, PageStore.NONE);
        block(frame).states[frame & BLOCK_MASK] |= CHANGED;
        changed++;
    }

    /** A frame holds what stands in a slot. */
    void loaded(final int frame, final int slot) {
        enter(frame, slot);
    }

    private void enter(final int frame, final int slot) {
        grow(frame);
        final Block block = block(frame);
        final int i = frame & BLOCK_MASK;
        block.states[i] = USED;
        block.slots[i] = slot;
        block.coming[i] = PageStore.NONE;
        block.looked[i] = 1;
        used++;
    }

    /** The page of a frame is about to change. */
    void change(final int frame) {
        if (!isChanged(frame)) {
            block(frame).states[frame & BLOCK_MASK] |= CHANGED;
            changed++;
        }
    }

    /**
     * A frame holds no page any more. If a copy is under way, it keeps its bytes until {@link #letGo}. Returns the slot
     * that was its own, or {@link PageStore#NONE}.
     */
    int leave(final int frame) {
        final Block block = block(frame);
        final int i = frame & BLOCK_MASK;
        changed -= isChanged(frame) ? 1 : 0;
        used--;
        block.states[i] = block.coming[i] == PageStore.NONE ? 0 : LEFT;
        block.coming[i] = PageStore.NONE;
        return block.slots[i];
    }

    /** Whether a frame keeps the bytes of a page that has left. */
    boolean isLeft(final int frame) {
        return state(frame) == LEFT;
    }

    /** Such a frame is free from now on. */
    void letGo(final int frame) {
        block(frame).states[frame & BLOCK_MASK] = 0;
    }

    /** Whether the page differs from what stands in its slot, or has none. */
    boolean isChanged(final int frame) {
        return (state(frame) & CHANGED) != 0;
    }

    /** Whether the page stands in its slot as it is, with nothing under way. */
    boolean isClean(final int frame) {
        return state(frame) == USED && coming(frame) == PageStore.NONE;
    }

    boolean isUsed(final int frame) {
        return frame < capacity() && (state(frame) & USED) != 0;
    }

    int slot(final int frame) {
        return block(frame).slots[frame & BLOCK_MASK];
    }

    private byte state(final int frame) {
        return block(frame).states[frame & BLOCK_MASK];
    }

    private int coming(final int frame) {
        return block(frame).coming[frame & BLOCK_MASK];
    }

    /** A copy of the page was taken, which is going to be written to a slot; what changes now changes it anew. */
    void captured(final int frame, final int slot) {
        final Block block = block(frame);
        if (isChanged(frame)) {
            block.states[frame & BLOCK_MASK] &= ~CHANGED;
            changed--;
        }
        block.coming[frame & BLOCK_MASK] = slot;
    }

    /**
     * The copy was written.
     *
     * @return the slot that nobody needs now: the one before, or, if the page has left the frame meanwhile, this one.
     */
    int written(final int frame, final int slot) {
        if (!isUsed(frame) || coming(frame) != slot) {
            return slot;
        }
        final Block block = block(frame);
        final int i = frame & BLOCK_MASK;
        final int before = block.slots[i];
        block.coming[i] = PageStore.NONE;
        block.slots[i] = slot;
        return before;
    }

    /** The copy could not be written: the page counts as changed. Returns the slot that nobody needs now. */
    int notWritten(final int frame, final int slot) {
        if (isUsed(frame) && coming(frame) == slot) {
            block(frame).coming[frame & BLOCK_MASK] = PageStore.NONE;
            change(frame);
        }
        return slot;
    }

    /** Remembers that somebody looked at the page in a frame. Any thread. */
    void refer(final int frame) {
        final Block[] all = blocks;
        final int block = frame >>> BLOCK_SHIFT;
        if (block < all.length) {
            final byte[] marks = all[block].looked;
            if (marks[frame & BLOCK_MASK] == 0) {
                marks[frame & BLOCK_MASK] = 1;
            }
        }
    }

    /**
     * Goes on round the frames, as the hand of a clock, to one that was not looked at since the last time round.
     *
     * @param pinned a frame that stays.
     * @param clean  whether the page has to stand in its slot; otherwise it has to be changed, with nothing under way.
     * @param steps  how many frames to look at.
     * @return the frame, or -1.
     */
    int findCold(final int pinned, final boolean clean, final int steps) {
        final int end = capacity();
        for (int i = 0; i < steps; i++) {
            final int frame = hand;
            hand = hand + 1 >= end ? 0 : hand + 1;
            if ((state(frame) & USED) == 0 || frame == pinned) {
                continue;
            }
            final byte[] marks = block(frame).looked;
            if (marks[frame & BLOCK_MASK] != 0) {
                marks[frame & BLOCK_MASK] = 0;
            } else if (clean ? isClean(frame) : isChanged(frame) && coming(frame) == PageStore.NONE) {
                return frame;
            }
        }
        return -1;
    }

    /** How many frames there may be. */
    int capacity() {
        return blocks.length << BLOCK_SHIFT;
    }

    /** Pages in frames. */
    int used() {
        return used;
    }

    /** Of them, changed. */
    int changed() {
        return changed;
    }

    /** Bytes of memory. */
    long length() {
        return (long)capacity() * (2 + 2 * Integer.BYTES);
    }

    private Block block(final int frame) {
        return blocks[frame >>> BLOCK_SHIFT];
    }

    private void grow(final int frame) {
        final Block[] all = blocks;
        if (frame >>> BLOCK_SHIFT >= all.length) {
            final Block[] more = Arrays.copyOf(all, (frame >>> BLOCK_SHIFT) + 1);
            Arrays.setAll(more, i -> i < all.length ? all[i] : new Block());
            blocks = more;
        }
    }
}
