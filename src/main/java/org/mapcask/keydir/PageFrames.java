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

    private byte[] states = new byte[16];
    private int[] slots = new int[16];
    private int[] coming = new int[16];
    private volatile byte[] looked = new byte[16];
    private int hand;
    private int used;
    private int changed;

    /** A frame holds a page that is nowhere else. */
    void fresh(final int frame) {
        enter(frame, PageStore.NONE);
        states[frame] |= CHANGED;
        changed++;
    }

    /** A frame holds what stands in a slot. */
    void loaded(final int frame, final int slot) {
        enter(frame, slot);
    }

    private void enter(final int frame, final int slot) {
        grow(frame);
        states[frame] = USED;
        slots[frame] = slot;
        coming[frame] = PageStore.NONE;
        looked[frame] = 1;
        used++;
    }

    /** The page of a frame is about to change. */
    void change(final int frame) {
        if ((states[frame] & CHANGED) == 0) {
            states[frame] |= CHANGED;
            changed++;
        }
    }

    /**
     * A frame holds no page any more. If a copy is under way, it keeps its bytes until {@link #letGo}. Returns the slot
     * that was its own, or {@link PageStore#NONE}.
     */
    int leave(final int frame) {
        changed -= isChanged(frame) ? 1 : 0;
        used--;
        states[frame] = coming[frame] == PageStore.NONE ? 0 : LEFT;
        coming[frame] = PageStore.NONE;
        return slots[frame];
    }

    /** Whether a frame keeps the bytes of a page that has left. */
    boolean isLeft(final int frame) {
        return states[frame] == LEFT;
    }

    /** Such a frame is free from now on. */
    void letGo(final int frame) {
        states[frame] = 0;
    }

    /** Whether the page differs from what stands in its slot, or has none. */
    boolean isChanged(final int frame) {
        return (states[frame] & CHANGED) != 0;
    }

    /** Whether the page stands in its slot as it is, with nothing under way. */
    boolean isClean(final int frame) {
        return states[frame] == USED && coming[frame] == PageStore.NONE;
    }

    boolean isUsed(final int frame) {
        return frame < states.length && (states[frame] & USED) != 0;
    }

    int slot(final int frame) {
        return slots[frame];
    }

    /** A copy of the page was taken, which is going to be written to a slot; what changes now changes it anew. */
    void captured(final int frame, final int slot) {
        if (isChanged(frame)) {
            states[frame] &= ~CHANGED;
            changed--;
        }
        coming[frame] = slot;
    }

    /**
     * The copy was written.
     *
     * @return the slot that nobody needs now: the one before, or, if the page has left the frame meanwhile, this one.
     */
    int written(final int frame, final int slot) {
        if (!isUsed(frame) || coming[frame] != slot) {
            return slot;
        }
        coming[frame] = PageStore.NONE;
        final int before = slots[frame];
        slots[frame] = slot;
        return before;
    }

    /** The copy could not be written: the page counts as changed. Returns the slot that nobody needs now. */
    int notWritten(final int frame, final int slot) {
        if (isUsed(frame) && coming[frame] == slot) {
            coming[frame] = PageStore.NONE;
            change(frame);
        }
        return slot;
    }

    /** Remembers that somebody looked at the page in a frame. Any thread. */
    void refer(final int frame) {
        final byte[] marks = looked;
        if (frame < marks.length && marks[frame] == 0) {
            marks[frame] = 1;
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
        final byte[] marks = looked;
        for (int i = 0; i < steps; i++) {
            final int frame = hand;
            hand = hand + 1 == states.length ? 0 : hand + 1;
            if ((states[frame] & USED) == 0 || frame == pinned) {
                continue;
            }
            if (marks[frame] != 0) {
                marks[frame] = 0;
            } else if (clean ? isClean(frame) : isChanged(frame) && coming[frame] == PageStore.NONE) {
                return frame;
            }
        }
        return -1;
    }

    /** How many frames there may be. */
    int capacity() {
        return states.length;
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
        return (long)states.length * (2 + 2 * Integer.BYTES);
    }

    private void grow(final int frame) {
        if (frame >= states.length) {
            final int length = Math.max(frame + 1, states.length + (states.length >> 1));
            states = Arrays.copyOf(states, length);
            slots = Arrays.copyOf(slots, length);
            coming = Arrays.copyOf(coming, length);
            looked = Arrays.copyOf(looked, length);
        }
    }
}
