package org.mapcask.nativeaccess;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/**
 * The functions of the C library that Mapcask calls, bound by JNA direct mapping with primitive arguments, so that a
 * call allocates nothing. Sizes, offsets and addresses are {@code long} (64-bit processes only), descriptors and flags
 * {@code int}. All but {@link #posix_fadvise} return -1 on failure and leave the number for {@link #lastErrno}. Any
 * thread.
 */
final class Libc {
    static {
        Native.register(Libc.class, NativeLibrary.getInstance("c"));
    }

    private Libc() {
    }

    /**
     * Errno of the last call that this thread made; JNA saves it inside the call, so nothing in between can change it.
     */
    static int lastErrno() {
        return Native.getLastError();
    }

    /** Makes the binding happen now, so that a failure shows where it can be handled. */
    static void load() {
        getpid();
    }

    /** Process id. */
    static native int getpid();

    /** Size of a memory page in bytes. */
    static native int getpagesize();

    /** Opens a file; the path ends with a zero byte. Variadic in C: see the package text. */
    static native int open(byte[] path, int flags, int mode);

    /** Closes a descriptor. */
    static native int close(int fd);

    /** Reads at an offset. */
    static native long pread(int fd, long address, long count, long fileOffset);

    /** Writes at an offset. */
    static native long pwrite(int fd, long address, long count, long fileOffset);

    /** Moves the file offset; used with SEEK_END to learn the length. */
    static native long lseek(int fd, long offset, int whence);

    /** Sets the length. */
    static native int ftruncate(int fd, long length);

    /** Allocates or punches out blocks. */
    static native int fallocate(int fd, int mode, long fileOffset, long length);

    /** Makes contents and all metadata durable. */
    static native int fsync(int fd);

    /** Makes contents, and what is needed to read them, durable. */
    static native int fdatasync(int fd);

    /** Starts or awaits write-back of a range. */
    static native int sync_file_range(int fd, long fileOffset, long length, int flags);

    /** Tells how a range of the file will be used; returns the error number itself. */
    static native int posix_fadvise(int fd, long fileOffset, long length, int advice);

    /** Asks about a file; the answer is stored at an address. Variadic in C: see the package text. */
    static native int ioctl(int fd, long request, long address);

    /** Maps memory; -1 on failure. */
    static native long mmap(long address, long length, int protection, int flags, int fd, long fileOffset);

    /** Unmaps memory. */
    static native int munmap(long address, long length);

    /** Makes dirty pages of a mapping durable. */
    static native int msync(long address, long length, int flags);

    /** Tells how a mapped range will be used. */
    static native int madvise(long address, long length, int advice);

    /** Pins pages in memory. */
    static native int mlock(long address, long length);

    /** Unpins pages. */
    static native int munlock(long address, long length);

    /** Fills one byte a page: lowest bit set where the page is in memory. */
    static native int mincore(long address, long length, long vectorAddress);

    /** Reads a clock into two words, seconds and nanoseconds. */
    static native int clock_gettime(int clock, long address);
}
