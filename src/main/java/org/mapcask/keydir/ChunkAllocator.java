package org.mapcask.keydir;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * Where a {@link Keydir} gets its memory from. Called by the writer and by the thread that calls {@link
 * Keydir#prepareAhead()}, at times at once, so an implementation is thread-safe.
 */
public interface ChunkAllocator {
    /**
     * Gives memory outside the heap. It starts at a multiple of 4096 so that pages do not straddle cache lines or
     * pages of the kernel. The content is of no interest. A good implementation has taken the page faults when it
     * returns.
     *
     * @param length in bytes: a multiple of 4096, at most {@value KeydirMemory#CHUNK_LENGTH}.
     * @return a buffer of exactly that length; it belongs to the caller until it is handed to {@link
     * #free(UnsafeBuffer)}.
     */
    UnsafeBuffer allocate(int length);

    /**
     * Takes back a buffer that {@link #allocate(int)} gave. Called only from {@link Keydir#close()} and for a spare
     * chunk that came too late for it.
     *
     * @param chunk the same object that was given out; not used afterwards.
     */
    void free(UnsafeBuffer chunk);
}
