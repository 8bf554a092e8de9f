package org.mapcask.nativeaccess;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.concurrent.TimeUnit;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.MapcaskException;
import org.mapcask.errors.StorageSpaceException;
import org.mapcask.errors.StoreIoException;

/** Native access by system calls of Linux. */
final class PosixNativeAccess extends NativeAccess {
    private static final int FILE_MODE = 0666;
    private static final int RESIDENCE_CHUNK_PAGES = 4096;
    private static final Charset PATH_CHARSET =
        Charset.forName(System.getProperty("sun.jnu.encoding", Charset.defaultCharset().name()));

    /** Where the kernel puts what a thread asked for. */
    private static final ThreadLocal<UnsafeBuffer> ANSWER =
        ThreadLocal.withInitial(() -> new UnsafeBuffer(ByteBuffer.allocateDirect(Statx.LENGTH)));

    private final int directFlag;
    private final int directoryFlag;
    private final int pageSize;

    PosixNativeAccess(final String architecture) {
        directFlag = LinuxConstants.directFlag(architecture);
        directoryFlag = LinuxConstants.directoryFlag(architecture);
        pageSize = Libc.getpagesize();
        if (Integer.bitCount(pageSize) != 1) {
            throw new IllegalStateException("page size is no power of two: " + pageSize);
        }
    }

    @Override
    public String mode() {
        return "jna";
    }

    @Override
    public boolean isNative() {
        return true;
    }

    @Override
    public int pageSize() {
        return pageSize;
    }

    @Override
    public FileHandle open(final Path path, final OpenFlag... flags) {
        final EnumSet<OpenFlag> set = EnumSet.noneOf(OpenFlag.class);
        set.addAll(Arrays.asList(flags));
        int bits = set.contains(OpenFlag.WRITE) ? LinuxConstants.O_RDWR : LinuxConstants.O_RDONLY;
        bits |= set.contains(OpenFlag.CREATE_NEW) ? LinuxConstants.O_CREAT | LinuxConstants.O_EXCL : 0;
        bits |= set.contains(OpenFlag.DIRECT) ? directFlag : 0;
        bits |= set.contains(OpenFlag.DATA_SYNC) ? LinuxConstants.O_DSYNC : 0;
        final int fd = openDescriptor(path, bits);
        return new PosixFileHandle(path, fd, set.contains(OpenFlag.WRITE), set.contains(OpenFlag.DIRECT));
    }

    @Override
    public long attributes(final Path path) {
        final int fd;
        try {
            fd = openDescriptor(path, LinuxConstants.O_RDONLY);
        } catch (final MapcaskException e) {
            return -1;
        }
        final ByteBuffer bits = ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.nativeOrder());
        final int result = Libc.ioctl(fd, LinuxConstants.FS_IOC_GETFLAGS, BufferUtil.address(bits));
        Libc.close(fd);
        // The kernel stores an int there, although the request is named for a long.
        final long found = Integer.toUnsignedLong(bits.getInt(0));
        Reference.reachabilityFence(bits);
        return result == 0 ? found : -1;
    }

    @Override
    public FileStamp stamp(final Path path) {
        final FileStamp stamp = Statx.stamp(terminated(path), ANSWER.get());
        return stamp == null ? super.stamp(path) : stamp;
    }

    @Override
    public void syncDirectory(final Path directory) {
        final int fd = openDescriptor(directory, LinuxConstants.O_RDONLY | directoryFlag);
        final int result = Libc.fsync(fd);
        final int errno = result == 0 ? 0 : Libc.lastErrno();
        Libc.close(fd);
        if (result != 0) {
            throw SystemErrors.of("fsync of the directory", directory, errno);
        }
    }

    @Override
    public void syncMapping(
        final MappedByteBuffer buffer, final int offset, final int length, final String description) {
        if (length == 0) {
            return;
        }
        final long address = BufferUtil.address(buffer) + offset;
        final long start = pageStart(address);
        syncPages(start, pageEnd(address + length) - start, description + ", range " + offset + "+" + length);
        Reference.reachabilityFence(buffer);
    }

    /** Syncs whole pages; once, whatever comes of it. */
    static void syncPages(final long start, final long length, final String where) {
        if (Libc.msync(start, length, LinuxConstants.MS_SYNC) != 0) {
            throw SystemErrors.of("msync", where, Libc.lastErrno());
        }
    }

    @Override
    public boolean advise(final long address, final long length, final Advice advice) {
        final long start = pageStart(address);
        return length > 0 && Libc.madvise(start, pageEnd(address + length) - start, advice.code()) == 0;
    }

    @Override
    public boolean populate(
        final long address, final long length, final boolean forWriting, final String description) {
        if (length == 0) {
            return true;
        }
        final Advice advice = forWriting ? Advice.POPULATE_WRITE : Advice.POPULATE_READ;
        final long start = pageStart(address);
        int errno;
        do {
            if (Libc.madvise(start, pageEnd(address + length) - start, advice.code()) == 0) {
                return true;
            }
            errno = Libc.lastErrno();
        } while (errno == Errno.EINTR || errno == Errno.EAGAIN);
        final String call = "madvise(" + advice + ")";
        final String where = description + ", size " + length;
        switch (errno) {
            case Errno.EINVAL:
            case Errno.ENOSYS:
                return false;
            case Errno.EFAULT:
                if (forWriting) {
                    throw new StorageSpaceException(ErrorText.what(call + " failed").where(where)
                        .expected("a block behind each page").found(Errno.describe(errno))
                        .todo("free room on that file system or raise the quota; if there is room, the file was made"
                            + " shorter by someone else or the device has errors: see the kernel log"));
                }
                throw SystemErrors.of(call, where, errno);
            default:
                throw SystemErrors.of(call, where, errno);
        }
    }

    @Override
    public boolean lock(final long address, final long length) {
        return Libc.mlock(address, length) == 0;
    }

    @Override
    public boolean unlock(final long address, final long length) {
        return Libc.munlock(address, length) == 0;
    }

    @Override
    public long residentPages(final long address, final long length) {
        final long end = pageEnd(address + length);
        final ByteBuffer vector = ByteBuffer.allocateDirect(RESIDENCE_CHUNK_PAGES);
        long resident = 0;
        for (long start = pageStart(address); start < end; start += (long) RESIDENCE_CHUNK_PAGES * pageSize) {
            final long chunk = Math.min(end - start, (long) RESIDENCE_CHUNK_PAGES * pageSize);
            if (Libc.mincore(start, chunk, BufferUtil.address(vector)) != 0) {
                return -1;
            }
            for (int i = 0; i < chunk / pageSize; i++) {
                resident += vector.get(i) & 1;
            }
        }
        Reference.reachabilityFence(vector);
        return resident;
    }

    @Override
    public long threadCpuNs() {
        final UnsafeBuffer time = ANSWER.get();
        if (Libc.clock_gettime(LinuxConstants.CLOCK_THREAD_CPUTIME_ID, time.addressOffset()) != 0) {
            return 0;
        }
        return TimeUnit.SECONDS.toNanos(time.getLong(0)) + time.getLong(Long.BYTES);
    }

    @Override
    public MemoryBlock allocate(final long length) {
        MemoryBlock.checkLength(length);
        final long mapped = pageEnd(length);
        final long alignment = length >= HUGE_PAGE_LENGTH ? HUGE_PAGE_LENGTH : pageSize;
        final long reserved = mapped + alignment - pageSize;
        final long raw = Libc.mmap(0, reserved, LinuxConstants.PROT_READ | LinuxConstants.PROT_WRITE,
            LinuxConstants.MAP_PRIVATE | LinuxConstants.MAP_ANONYMOUS | LinuxConstants.MAP_NORESERVE, -1, 0);
        if (raw == -1) {
            throw SystemErrors.of("mmap", "off-heap memory, size " + length, Libc.lastErrno());
        }
        final long start = (raw + alignment - 1) & -alignment;
        unmapAnonymous(raw, start - raw);
        unmapAnonymous(start + mapped, raw + reserved - (start + mapped));
        return new MemoryBlock(this, start, length, () -> unmapAnonymous(start, mapped));
    }

    private static void unmapAnonymous(final long address, final long length) {
        if (length > 0 && Libc.munmap(address, length) != 0) {
            final int errno = Libc.lastErrno();
            throw new StoreIoException(ErrorText.what("munmap failed").where("off-heap memory, size " + length)
                .expected("room for one more mapping").found(Errno.describe(errno)).todo("raise vm.max_map_count"));
        }
    }

    private static int openDescriptor(final Path path, final int flags) {
        final byte[] terminated = terminated(path);
        int errno;
        do {
            final int fd = Libc.open(terminated, flags | LinuxConstants.O_CLOEXEC, FILE_MODE);
            if (fd >= 0) {
                return fd;
            }
            errno = Libc.lastErrno();
        } while (errno == Errno.EINTR);
        throw SystemErrors.of("open", path, errno);
    }

    private static byte[] terminated(final Path path) {
        final byte[] name = path.toString().getBytes(PATH_CHARSET);
        return Arrays.copyOf(name, name.length + 1);
    }

    private long pageStart(final long address) {
        return address & -(long) pageSize;
    }

    private long pageEnd(final long address) {
        return (address + pageSize - 1) & -(long) pageSize;
    }
}
