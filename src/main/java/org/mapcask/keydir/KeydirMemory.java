package org.mapcask.keydir;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Frames of {@value KeydirPage#LENGTH} bytes for pages, cut from chunks. A chunk is as large as a huge page of the
 * processor, except for the first two, so that a small store stays small. A frame number is (chunk &lt;&lt; 9 | place
 * in the chunk).
 *
 * <p>Chunks are never given back before {@link #close()}: a reader that holds the number of a frame whose page is
 * gone reads nonsense, but it reads mapped memory.
 *
 * <p>Threads: {@link #take()}, {@link #give(int)} and {@link #close()} belong to the writer, {@link #prepareAhead()}
 * to one background thread at a time, all else to anybody.
 */
final class KeydirMemory implements AutoCloseable {
    /** Bytes of a chunk. */
    static final int CHUNK_LENGTH = 2 << 20;

    private static final int FRAME_SHIFT = 12;
    private static final int CHUNK_SHIFT = 9;
    private static final int PLACE_MASK = (1 << CHUNK_SHIFT) - 1;
    private static final int FIRST_CHUNK_LENGTH = 64 << 10;
    private static final int SECOND_CHUNK_LENGTH = 512 << 10;
    private static final int SMALL_CHUNKS = 2;
    private static final int SMALL_LENGTH = FIRST_CHUNK_LENGTH + SECOND_CHUNK_LENGTH;
    /**
     * A spare chunk is made once fewer frames than this are left. A writer at full speed fills 64 of them in 12 ms, and
     * looks are taken each 20: then it makes the chunk itself, which takes 3 to 8 ms.
     */
    private static final int FRAMES_LOW = 256;
    /**
     * From so many chunks on a spare one is always at hand: whoever makes it may hang in a sync meanwhile, and what it
     * takes is little beside the others.
     */
    private static final int CHUNKS_MANY = 16;

    private final ChunkAllocator allocator;
    private final AtomicReference<UnsafeBuffer> spare = new AtomicReference<>();
    private volatile UnsafeBuffer[] chunks = new UnsafeBuffer[0];
    private volatile int framesLeft;
    private volatile boolean closed;
    private int nextFrame;
    private int[] freeFrames = new int[16];
    private int freeCount;
    private volatile long lengthMax = Long.MAX_VALUE;

    KeydirMemory(final ChunkAllocator allocator) {
        this.allocator = allocator;
    }

    /** The chunk of a frame. The number comes from a directory entry that was loaded with acquire. */
    UnsafeBuffer chunk(final int frame) {
        return chunks[frame >>> CHUNK_SHIFT];
    }

    /** Offset of a frame in its chunk. */
    static int offset(final int frame) {
        return (frame & PLACE_MASK) << FRAME_SHIFT;
    }

    /** Lets the chunks together be no longer than this, if there is more than one. */
    void limit(final long newLengthMax) {
        lengthMax = newLengthMax;
    }

    /** Frames that there can be under the limit. */
    long framesMax() {
        return lengthMax < SMALL_LENGTH ? frameCount(0) :
            SMALL_LENGTH / KeydirPage.LENGTH + (lengthMax - SMALL_LENGTH) / CHUNK_LENGTH * frameCount(SMALL_CHUNKS);
    }

    /** Whether there is a frame, or another chunk may be made. */
    boolean canTake() {
        return freeCount > 0 || framesLeft > 0 || mayAddChunk();
    }

    private boolean mayAddChunk() {
        final int index = chunks.length;
        return index == 0 ||
            (long)(index - SMALL_CHUNKS + 1) * CHUNK_LENGTH + SMALL_LENGTH <= lengthMax;
    }

    /** A frame with arbitrary content. May allocate a chunk; if that throws, nothing has changed. */
    int take() {
        if (freeCount > 0) {
            return freeFrames[--freeCount];
        }
        if (framesLeft == 0) {
            addChunk();
        }
        framesLeft--;
        return nextFrame++;
    }

    /** Takes a frame back. Readers may still look at it. */
    void give(final int frame) {
        if (freeCount == freeFrames.length) {
            freeFrames = Arrays.copyOf(freeFrames, freeCount << 1);
        }
        freeFrames[freeCount++] = frame;
    }

    /** Bytes of all chunks, with the spare one. */
    long length() {
        final UnsafeBuffer next = spare.get();
        long length = next == null ? 0 : next.capacity();
        for (final UnsafeBuffer chunk : chunks) {
            length += chunk.capacity();
        }
        return length;
    }

    /** Makes the next chunk if few frames are left. True if it did. */
    boolean prepareAhead() {
        if (closed || spare.get() != null || framesLeft >= framesLow() || !mayAddChunk()) {
            return false;
        }
        final int length = chunkLength(chunks.length);
        spare.set(allocator.allocate(length));
        // The writer may have made one itself meanwhile.
        if (closed || !mayAddChunk()) {
            freeSpare();
        }
        return true;
    }

    private int framesLow() {
        final int count = chunks.length;
        return count >= CHUNKS_MANY ? Integer.MAX_VALUE : Math.min(FRAMES_LOW, frameCount(count - 1) >>> 1);
    }

    @Override
    public void close() {
        closed = true;
        freeSpare();
        final UnsafeBuffer[] all = chunks;
        chunks = new UnsafeBuffer[0];
        framesLeft = 0;
        for (final UnsafeBuffer chunk : all) {
            allocator.free(chunk);
        }
    }

    private void addChunk() {
        final int index = chunks.length;
        final UnsafeBuffer ready = spare.getAndSet(null);
        final UnsafeBuffer chunk = ready != null ? ready : allocator.allocate(chunkLength(index));
        final UnsafeBuffer[] more = Arrays.copyOf(chunks, index + 1);
        more[index] = chunk;
        chunks = more;
        nextFrame = index << CHUNK_SHIFT;
        framesLeft = chunk.capacity() >>> FRAME_SHIFT;
    }

    private void freeSpare() {
        final UnsafeBuffer unused = spare.getAndSet(null);
        if (unused != null) {
            allocator.free(unused);
        }
    }

    private static int chunkLength(final int index) {
        return index == 0 ? FIRST_CHUNK_LENGTH : index == 1 ? SECOND_CHUNK_LENGTH : CHUNK_LENGTH;
    }

    private static int frameCount(final int index) {
        return chunkLength(index) >>> FRAME_SHIFT;
    }
}
