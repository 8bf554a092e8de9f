package org.mapcask.keydir;

import java.util.IdentityHashMap;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.nativeaccess.MemoryBlock;
import org.mapcask.nativeaccess.NativeAccess;

/**
 * Memory by way of native access: a chunk of full length is put on a huge page if the kernel has one, and its page
 * faults are taken before it is handed out; shorter chunks are touched lazily. Freed memory is gone at once.
 * Thread-safe.
 */
public final class NativeChunkAllocator implements ChunkAllocator {
    private final NativeAccess nativeAccess;
    private final Map<UnsafeBuffer, MemoryBlock> blocks = new IdentityHashMap<>();

    /**
     * An allocator.
     *
     * @param nativeAccess gives the memory.
     */
    public NativeChunkAllocator(final NativeAccess nativeAccess) {
        this.nativeAccess = nativeAccess;
    }

    @Override
    public UnsafeBuffer allocate(final int length) {
        final MemoryBlock block = nativeAccess.allocate(length);
        if (length == KeydirMemory.CHUNK_LENGTH) {
            block.adviseHugePages();
            block.prefault();
        }
        synchronized (blocks) {
            blocks.put(block.buffer(), block);
        }
        return block.buffer();
    }

    @Override
    public void free(final UnsafeBuffer chunk) {
        final MemoryBlock block;
        synchronized (blocks) {
            block = blocks.remove(chunk);
        }
        if (block != null) {
            block.free();
        }
    }
}
