package org.mapcask.nativeaccess;

import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.BufferUtil;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.StoreIoException;

/** An open file of the operating system, worked on by system calls. */
final class PosixFileHandle extends FileHandle {
    private static final int CLOSED = -1;

    private final AtomicInteger descriptor;
    private final boolean writable;
    private final boolean direct;

    PosixFileHandle(final Path path, final int fd, final boolean writable, final boolean direct) {
        super(path);
        this.descriptor = new AtomicInteger(fd);
        this.writable = writable;
        this.direct = direct;
    }

    @Override
    public long length() {
        final long length = Libc.lseek(descriptor.get(), 0, LinuxConstants.SEEK_END);
        if (length < 0) {
            throw SystemErrors.of("lseek", path(), Libc.lastErrno());
        }
        return length;
    }

    @Override
    public boolean isWritable() {
        return writable;
    }

    @Override
    public boolean isDirect() {
        return direct;
    }

    @Override
    public int read(final long fileOffset, final ByteBuffer directBuffer) {
        final int start = directBuffer.position();
        final int wanted = directBuffer.remaining();
        final long address = addressOf(directBuffer) + start;
        int done = 0;
        while (done < wanted) {
            final long count = Libc.pread(descriptor.get(), address + done, wanted - done, fileOffset + done);
            if (count == 0) {
                break;
            }
            if (count < 0) {
                final int errno = Libc.lastErrno();
                if (errno != Errno.EINTR) {
                    throw SystemErrors.of("pread", range(fileOffset + done, wanted - done), errno);
                }
            } else {
                done += (int) count;
            }
        }
        directBuffer.position(start + done);
        Reference.reachabilityFence(directBuffer);
        return done;
    }

    @Override
    public void write(final long fileOffset, final ByteBuffer directBuffer) {
        final int start = directBuffer.position();
        final int wanted = directBuffer.remaining();
        final long address = addressOf(directBuffer) + start;
        int done = 0;
        while (done < wanted) {
            final long count = Libc.pwrite(descriptor.get(), address + done, wanted - done, fileOffset + done);
            if (count < 0) {
                final int errno = Libc.lastErrno();
                if (errno == Errno.EINVAL && direct) {
                    throw new DirectRefusedException(
                        SystemErrors.of("pwrite", range(fileOffset + done, wanted - done), errno).getMessage());
                }
                if (errno != Errno.EINTR) {
                    throw SystemErrors.of("pwrite", range(fileOffset + done, wanted - done), errno);
                }
            } else if (count == 0) {
                throw new StoreIoException(ErrorText.what("pwrite made no progress")
                    .where(range(fileOffset + done, wanted - done)).expected("at least 1 byte written").found(0)
                    .todo("look at the kernel log and the device; then reopen the store"));
            } else {
                done += (int) count;
            }
        }
        directBuffer.position(start + done);
        Reference.reachabilityFence(directBuffer);
    }

    @Override
    public void allocate(final long length) {
        final long present = length();
        if (!fallocate("fallocate", 0, 0, length) && present < length) {
            writeZeros(present, length - present);
        }
    }

    @Override
    public void allocateAgain(final long fileOffset, final long length) {
        if (!fallocate("fallocate", 0, fileOffset, length)) {
            writeZeros(fileOffset, length);
        }
    }

    @Override
    public void truncate(final long length) {
        int errno;
        do {
            if (Libc.ftruncate(descriptor.get(), length) == 0) {
                return;
            }
            errno = Libc.lastErrno();
        } while (errno == Errno.EINTR);
        throw SystemErrors.of("ftruncate", path() + ", to " + length, errno);
    }

    @Override
    public boolean punchHole(final long fileOffset, final long length) {
        return fallocate("fallocate(PUNCH_HOLE)",
            LinuxConstants.FALLOC_FL_PUNCH_HOLE | LinuxConstants.FALLOC_FL_KEEP_SIZE, fileOffset, length);
    }

    @Override
    public boolean zeroRange(final long fileOffset, final long length) {
        return fallocate("fallocate(ZERO_RANGE)", LinuxConstants.FALLOC_FL_ZERO_RANGE, fileOffset, length);
    }

    /** Whether the file system can do it. */
    private boolean fallocate(final String what, final int mode, final long fileOffset, final long length) {
        int errno;
        do {
            if (Libc.fallocate(descriptor.get(), mode, fileOffset, length) == 0) {
                return true;
            }
            errno = Libc.lastErrno();
        } while (errno == Errno.EINTR);
        if (errno == Errno.EOPNOTSUPP || errno == Errno.ENOSYS || errno == (mode == 0 ? Errno.EINVAL : Errno.EPERM)) {
            return false;
        }
        throw SystemErrors.of(what, range(fileOffset, length), errno);
    }

    @Override
    public boolean startWriteback(final long fileOffset, final long length) {
        return writeBack(fileOffset, length, LinuxConstants.SYNC_FILE_RANGE_WRITE);
    }

    @Override
    public boolean awaitWriteback(final long fileOffset, final long length) {
        return writeBack(fileOffset, length, LinuxConstants.SYNC_FILE_RANGE_WAIT_BEFORE
            | LinuxConstants.SYNC_FILE_RANGE_WRITE | LinuxConstants.SYNC_FILE_RANGE_WAIT_AFTER);
    }

    private boolean writeBack(final long fileOffset, final long length, final int flags) {
        if (Libc.sync_file_range(descriptor.get(), fileOffset, length, flags) == 0) {
            return true;
        }
        final int errno = Libc.lastErrno();
        if (errno == Errno.EINVAL || errno == Errno.ENOSYS || errno == Errno.ESPIPE) {
            return false;
        }
        throw SystemErrors.of("sync_file_range", range(fileOffset, length), errno);
    }

    @Override
    public boolean readAhead(final long fileOffset, final long length) {
        return Libc.posix_fadvise(descriptor.get(), fileOffset, length, LinuxConstants.POSIX_FADV_WILLNEED) == 0;
    }

    @Override
    public boolean dropCached(final long fileOffset, final long length) {
        return Libc.posix_fadvise(descriptor.get(), fileOffset, length, LinuxConstants.POSIX_FADV_DONTNEED) == 0;
    }

    @Override
    public void sync() {
        if (Libc.fdatasync(descriptor.get()) != 0) {
            throw SystemErrors.of("fdatasync", path(), Libc.lastErrno());
        }
    }

    @Override
    public MappedByteBuffer map(final int length, final boolean forWriting) throws IOException {
        // A second descriptor of the same file, whatever has become of its name; the one for syncs is never put into a
        // channel, because an interrupt could close it there.
        final Path sameFile = Path.of("/proc/self/fd/" + descriptor.get());
        final Path target = Files.exists(sameFile) ? sameFile : path();
        final Set<StandardOpenOption> options = forWriting
            ? Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE) : Set.of(StandardOpenOption.READ);
        return Uninterruptible.callRepeatable(() -> {
            try (FileChannel channel = FileChannel.open(target, options)) {
                return channel.map(forWriting ? MapMode.READ_WRITE : MapMode.READ_ONLY, 0, length);
            }
        });
    }

    @Override
    public void close() {
        final int fd = descriptor.getAndSet(CLOSED);
        // Linux releases the descriptor even when close fails, so it is never repeated. What was synced is durable
        // whatever it says.
        if (fd != CLOSED && Libc.close(fd) != 0 && writable) {
            final int errno = Libc.lastErrno();
            if (errno != Errno.EINTR) {
                throw SystemErrors.of("close", path(), errno);
            }
        }
    }

    private static long addressOf(final ByteBuffer directBuffer) {
        if (!directBuffer.isDirect()) {
            throw new IllegalArgumentException("a direct buffer is needed, found " + directBuffer);
        }
        return BufferUtil.address(directBuffer);
    }
}
