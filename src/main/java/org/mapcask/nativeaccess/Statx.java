package org.mapcask.nativeaccess;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The call {@code statx(2)}, which C libraries have since 2018 only (glibc 2.28): bound apart from {@link Libc}, so
 * that nothing else is missing where it is. Its answer has one layout on all processors. Any thread.
 */
final class Statx {
    /** Bytes of an answer. */
    static final int LENGTH = 256;

    private static final int AT_FDCWD = -100;
    private static final int STATX_MTIME = 0x40;
    private static final int STATX_INO = 0x100;
    private static final int STATX_SIZE = 0x200;
    private static final int INODE_OFFSET = 32;
    private static final int SIZE_OFFSET = 40;
    private static final int MODIFIED_SECONDS_OFFSET = 112;
    private static final int MODIFIED_NANOS_OFFSET = 120;
    private static final int DEVICE_MAJOR_OFFSET = 136;
    private static final int DEVICE_MINOR_OFFSET = 140;
    private static final boolean BOUND = bind();

    private Statx() {
    }

    private static boolean bind() {
        try {
            Native.register(Statx.class, NativeLibrary.getInstance("c"));
            return true;
        } catch (final UnsatisfiedLinkError e) {
            return false;
        }
    }

    /**
     * Asks about a file.
     *
     * @param path   ends with a zero byte.
     * @param answer takes it, {@link #LENGTH} bytes outside of the heap.
     * @return null where the call is missing or fails.
     */
    static FileStamp stamp(final byte[] path, final UnsafeBuffer answer) {
        final int mask = STATX_SIZE | STATX_MTIME | STATX_INO;
        if (!BOUND || statx(AT_FDCWD, path, 0, mask, answer.addressOffset()) != 0 ||
            (answer.getInt(0) & mask) != mask) {
            return null;
        }
        return FileStamp.of(answer.getLong(SIZE_OFFSET),
            TimeUnit.SECONDS.toNanos(answer.getLong(MODIFIED_SECONDS_OFFSET)) + answer.getInt(MODIFIED_NANOS_OFFSET),
            device(answer.getInt(DEVICE_MAJOR_OFFSET), answer.getInt(DEVICE_MINOR_OFFSET)),
            answer.getLong(INODE_OFFSET));
    }

    /** One number of two, as {@code makedev(3)} of Linux has it. */
    private static long device(final int major, final int minor) {
        return (major & 0xfff) << 8 | minor & 0xff | (major & 0xfffff000L) << 32 | (minor & 0xffffff00L) << 12;
    }

    private static native int statx(int directory, byte[] path, int flags, int mask, long address);
}
