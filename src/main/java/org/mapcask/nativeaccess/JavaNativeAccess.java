package org.mapcask.nativeaccess;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.EnumSet;
import org.agrona.BufferUtil;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.StoreIoException;

/** The stand-in for native access: what pure Java can do, and false for the rest. */
final class JavaNativeAccess extends NativeAccess {
    private static final int PAGE_SIZE_USUAL = 4096;
    private static final long AUXV_PAGE_SIZE = 6;

    private final String reason;
    private final int pageSize;

    JavaNativeAccess(final String reason) {
        this.reason = reason;
        this.pageSize = readPageSize();
    }

    @Override
    public String mode() {
        return "java: " + reason;
    }

    @Override
    public boolean isNative() {
        return false;
    }

    @Override
    public int pageSize() {
        return pageSize;
    }

    @Override
    public FileHandle open(final Path path, final OpenFlag... flags) {
        final EnumSet<OpenFlag> set = EnumSet.noneOf(OpenFlag.class);
        set.addAll(Arrays.asList(flags));
        return JavaFileHandle.open(path, set);
    }

    @Override
    public void syncDirectory(final Path directory) {
        if (!Files.isDirectory(directory)) {
            throw SystemErrors.of("sync of the directory", directory,
                Files.exists(directory) ? Errno.ENOTDIR : Errno.ENOENT);
        }
        try {
            // Apart: an interrupt in the middle would make a successful sync look failed, and a sync is not repeated.
            Uninterruptible.callApart(() -> {
                try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                    channel.force(true);
                }
                return null;
            });
        } catch (final IOException e) {
            throw SystemErrors.of("sync of the directory", directory, e);
        }
    }

    @Override
    public long attributes(final Path path) {
        return -1;
    }

    @Override
    public void syncMapping(
        final MappedByteBuffer buffer, final int offset, final int length, final String description) {
        if (length > 0) {
            forceMapping(buffer, offset, length, description);
        }
    }

    @Override
    public boolean advise(final long address, final long length, final Advice advice) {
        return false;
    }

    @Override
    public boolean populate(
        final long address, final long length, final boolean forWriting, final String description) {
        return false;
    }

    @Override
    public boolean lock(final long address, final long length) {
        return false;
    }

    @Override
    public boolean unlock(final long address, final long length) {
        return false;
    }

    @Override
    public long residentPages(final long address, final long length) {
        return -1;
    }

    @Override
    public long threadCpuNs() {
        return 0;
    }

    @Override
    public MemoryBlock allocate(final long length) {
        MemoryBlock.checkLength(length);
        final ByteBuffer whole;
        try {
            whole = ByteBuffer.allocateDirect((int) length + pageSize);
        } catch (final OutOfMemoryError e) {
            throw new StoreIoException(ErrorText.what("allocation of off-heap memory failed")
                .where("size " + length).expected("so much free memory").found(e.getMessage())
                .todo("raise -XX:MaxDirectMemorySize or give the process more memory"), e);
        }
        final int start = (int) (-BufferUtil.address(whole) & (pageSize - 1));
        final ByteBuffer aligned = whole.slice(start, (int) length).order(ByteOrder.nativeOrder());
        return new MemoryBlock(this, aligned, () -> BufferUtil.free(whole));
    }

    /** The kernel tells each process its page size in the auxiliary vector: pairs of words, type and value. */
    private static int readPageSize() {
        try {
            final ByteBuffer vector = ByteBuffer.wrap(Files.readAllBytes(Path.of("/proc/self/auxv")))
                .order(ByteOrder.nativeOrder());
            while (vector.remaining() >= 2 * Long.BYTES) {
                final long type = vector.getLong();
                final long value = vector.getLong();
                if (type == AUXV_PAGE_SIZE && Long.bitCount(value) == 1 && value <= 1 << 20) {
                    return (int) value;
                }
            }
        } catch (final IOException ignored) {
            return PAGE_SIZE_USUAL;
        }
        return PAGE_SIZE_USUAL;
    }
}
