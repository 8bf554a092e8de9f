package org.mapcask.keydir;

import org.agrona.concurrent.UnsafeBuffer;

/** Memory of which a keydir gets no more than a few frames, if its budget allows no second chunk. */
public final class FewFrames implements ChunkAllocator {
    private static final int FIRST_CHUNK_LENGTH = 64 << 10;

    private final ChunkAllocator memory = new DirectChunkAllocator();
    private final int frames;

    /** So many. */
    public FewFrames(final int frames) {
        this.frames = frames;
    }

    @Override
    public UnsafeBuffer allocate(final int length) {
        return memory.allocate(length == FIRST_CHUNK_LENGTH ? frames * KeydirPage.LENGTH : length);
    }

    @Override
    public void free(final UnsafeBuffer chunk) {
        memory.free(chunk);
    }
}
