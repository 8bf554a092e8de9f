package org.mapcask.io;

import java.nio.MappedByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.nativeaccess.Advice;
import org.mapcask.nativeaccess.NativeAccess;

/**
 * A mapping held by a MappedByteBuffer, which this object keeps reachable. It is unmapped by {@link #unmap()} alone;
 * one that is forgotten stays in {@link #liveMappings()} for ever, so that a test can see it.
 */
final class SystemMappedFile implements MappedFile {
    private static final AtomicInteger LIVE = new AtomicInteger();

    /** Makes a range of a mapping durable. */
    interface RangeSync {
        void sync(MappedByteBuffer mapping, int offset, int length);
    }

    private final NativeAccess nativeAccess;
    private final MappedByteBuffer mapping;
    private final UnsafeBuffer buffer;
    private final int length;
    private final boolean writable;
    private final Supplier<String> description;
    private final SyncLatch syncLatch;
    private final RangeSync rangeSync;
    private final AtomicBoolean unmapped = new AtomicBoolean();

    SystemMappedFile(
        final NativeAccess nativeAccess,
        final MappedByteBuffer mapping,
        final boolean writable,
        final Supplier<String> description,
        final SyncLatch syncLatch,
        final RangeSync rangeSync) {
        this.nativeAccess = nativeAccess;
        this.mapping = mapping;
        this.buffer = new UnsafeBuffer(mapping);
        this.length = mapping.capacity();
        this.writable = writable;
        this.description = description;
        this.syncLatch = syncLatch;
        this.rangeSync = rangeSync;
        LIVE.incrementAndGet();
    }

    /** Mappings of this process that are not unmapped. */
    static int liveMappings() {
        return LIVE.get();
    }

    @Override
    public UnsafeBuffer buffer() {
        return buffer;
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public String description() {
        return description.get();
    }

    @Override
    public void advise(final int offset, final int rangeLength, final Advice advice) {
        checkRange(offset, rangeLength);
        nativeAccess.advise(buffer.addressOffset() + offset, rangeLength, advice);
    }

    @Override
    public boolean prefault(final int offset, final int rangeLength) {
        checkRange(offset, rangeLength);
        return nativeAccess.populate(buffer.addressOffset() + offset, rangeLength, writable,
            description() + ", range " + offset + "+" + rangeLength);
    }

    @Override
    public void sync(final int offset, final int rangeLength) {
        checkRange(offset, rangeLength);
        syncLatch.run(description(), () -> rangeSync.sync(mapping, offset, rangeLength));
    }

    @Override
    public void unmap() {
        if (unmapped.compareAndSet(false, true)) {
            buffer.wrap(0L, 0);
            IoUtil.unmap(mapping);
            LIVE.decrementAndGet();
        }
    }

    private void checkRange(final int offset, final int rangeLength) {
        if (unmapped.get()) {
            throw new IllegalStateException("mapping was unmapped: " + description());
        }
        if (offset < 0 || rangeLength < 0 || rangeLength > length - offset) {
            throw new IndexOutOfBoundsException(
                "range " + offset + "+" + rangeLength + " is not in the " + length + " mapped bytes of "
                    + description());
        }
    }
}
