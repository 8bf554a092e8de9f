package org.mapcask.keydir;

import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Memory from direct byte buffers of the JDK: needs no native call, is zeroed (so already touched), counts against
 * {@code -XX:MaxDirectMemorySize}, and is given back when the garbage collector finds the last reference gone. So
 * even a reader that comes after {@link Keydir#close()} finds its memory in place. Thread-safe.
 */
public final class DirectChunkAllocator implements ChunkAllocator {
    private static final int ALIGNMENT = 4096;

    /** An allocator without state of its own. */
    public DirectChunkAllocator() {
    }

    @Override
    public UnsafeBuffer allocate(final int length) {
        final ByteBuffer aligned = ByteBuffer.allocateDirect(length + ALIGNMENT).alignedSlice(ALIGNMENT);
        aligned.limit(length);
        return new UnsafeBuffer(aligned, 0, length);
    }

    @Override
    public void free(final UnsafeBuffer chunk) {
        // The collector frees a direct buffer once neither the keydir nor a reader holds it.
    }
}
