package org.mapcask.nativeaccess;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Off-heap memory, zero at first, that belongs to whoever allocated it and is freed by {@link #free()} only: it is
 * never collected. A buffer or address that is used after that ends the JVM. Native blocks of 2 MiB and more start at a
 * multiple of 2 MiB, smaller ones and those of pure Java at a page. Thread-safe, except that {@link #free()} must come
 * after the last use.
 */
public final class MemoryBlock implements AutoCloseable {
    /** Longest block in bytes: 1 GiB. */
    public static final long LENGTH_MAX = 1L << 30;

    private static final AtomicInteger LIVE = new AtomicInteger();

    private final NativeAccess owner;
    private final long address;
    private final long length;
    private final Runnable release;
    private final UnsafeBuffer buffer;
    private final AtomicBoolean freed = new AtomicBoolean();

    MemoryBlock(final NativeAccess owner, final long address, final long length, final Runnable release) {
        this.owner = owner;
        this.address = address;
        this.length = length;
        this.release = release;
        this.buffer = new UnsafeBuffer(address, (int) length);
        LIVE.incrementAndGet();
    }

    /** A block out of a direct buffer, for pure Java; {@code memory} may be a slice of what {@code release} frees. */
    MemoryBlock(final NativeAccess owner, final ByteBuffer memory, final Runnable release) {
        this.owner = owner;
        this.address = BufferUtil.address(memory);
        this.length = memory.capacity();
        this.release = release;
        this.buffer = new UnsafeBuffer(memory);
        LIVE.incrementAndGet();
    }

    static void checkLength(final long length) {
        if (length < 1 || length > LENGTH_MAX) {
            throw new IllegalArgumentException("length of a memory block: expected 1 to " + LENGTH_MAX + ", found "
                + length);
        }
    }

    /** Blocks of this process that are not freed. */
    public static int liveBlocks() {
        return LIVE.get();
    }

    /** All bytes of the block. After {@link #free()} it has length 0. */
    public UnsafeBuffer buffer() {
        return buffer;
    }

    /** Address of the first byte. */
    public long address() {
        return address;
    }

    /** Length in bytes. */
    public long length() {
        return length;
    }

    /** Asks for huge pages behind the block; before it is first touched. False where they are not to be had. */
    public boolean adviseHugePages() {
        return owner.advise(address, length, Advice.HUGE_PAGE);
    }

    /**
     * Takes all page faults now.
     *
     * @return true when each page is in memory, false where the kernel cannot do it.
     * @throws org.mapcask.errors.StoreIoException when the memory is not to be had.
     */
    public boolean prefault() {
        return owner.populate(address, length, true, "off-heap memory");
    }

    /** Gives the memory back; idempotent. */
    public void free() {
        if (freed.compareAndSet(false, true)) {
            buffer.wrap(0L, 0);
            LIVE.decrementAndGet();
            release.run();
        }
    }

    /** The same as {@link #free()}. */
    @Override
    public void close() {
        free();
    }
}
