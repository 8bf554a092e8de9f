package org.mapcask.wal;

/**
 * Two frames: one is gathered while the other waits to be written or is written. Plain state; the caller guards it.
 */
final class FramePair {
    private FrameBuffer gathering;
    private FrameBuffer other;
    /** Whether {@link #other} holds a frame: one that was full before anybody took it, or the one being written. */
    private boolean otherInUse;

    FramePair(final int frameLengthMax) {
        gathering = new FrameBuffer(frameLengthMax);
        other = new FrameBuffer(frameLengthMax);
    }

    /** Where records go now. */
    FrameBuffer gathering() {
        return gathering;
    }

    /** Whether the full frame can be put aside and another one begun. */
    boolean canPutAside() {
        return !otherInUse;
    }

    /** Puts the gathered frame aside, and begins another one. */
    void putAside() {
        final FrameBuffer full = gathering;
        gathering = other;
        other = full;
        otherInUse = true;
    }

    /** Takes the oldest frame, to write it; at least one holds records, and none is being written. */
    FrameBuffer take() {
        if (!otherInUse) {
            putAside();
        }
        return other;
    }

    /** The frame that was taken is written. */
    void release() {
        other.clear();
        otherInUse = false;
    }

    /** Gives the memory of both back. */
    void free() {
        gathering.free();
        other.free();
    }
}
