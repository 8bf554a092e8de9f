package org.mapcask.nativeaccess;

import java.util.Locale;
import java.util.Set;

/**
 * Numbers of Linux system calls. Two of the open flags differ between processors; the rest is generic. Stateless; any
 * thread.
 */
final class LinuxConstants {
    /** Open for reading. */
    static final int O_RDONLY = 0;
    /** Open for reading and writing. */
    static final int O_RDWR = 2;
    /** Create the file. */
    static final int O_CREAT = 0x40;
    /** Fail when the file exists. */
    static final int O_EXCL = 0x80;
    /** Each write returns when its data is durable. */
    static final int O_DSYNC = 0x1000;
    /** Do not hand the descriptor to programs that this process starts. */
    static final int O_CLOEXEC = 0x80000;

    /** Keep the length of the file. */
    static final int FALLOC_FL_KEEP_SIZE = 1;
    /** Give blocks back. */
    static final int FALLOC_FL_PUNCH_HOLE = 2;
    static final int FALLOC_FL_ZERO_RANGE = 16;
    /** Wait for write-back that is under way, before anything else. */
    static final int SYNC_FILE_RANGE_WAIT_BEFORE = 1;
    /** Start write-back, do not wait. */
    static final int SYNC_FILE_RANGE_WRITE = 2;
    /** Wait for the write-back that was started. */
    static final int SYNC_FILE_RANGE_WAIT_AFTER = 4;
    /** Request of ioctl: the attributes that chattr sets; the same number on all processors that are known here. */
    static final long FS_IOC_GETFLAGS = 0x80086601L;
    /** Pages will be needed soon. */
    static final int POSIX_FADV_WILLNEED = 3;
    /** Pages are no longer needed in the page cache. */
    static final int POSIX_FADV_DONTNEED = 4;
    /** The clock that counts the processor time of the calling thread. */
    static final int CLOCK_THREAD_CPUTIME_ID = 3;
    /** Offset counts from the end of the file. */
    static final int SEEK_END = 2;
    /** Wait until the pages are written. */
    static final int MS_SYNC = 4;

    /** Pages may be read. */
    static final int PROT_READ = 1;
    /** Pages may be written. */
    static final int PROT_WRITE = 2;
    /** Changes stay in this process. */
    static final int MAP_PRIVATE = 2;
    /** Memory without a file. */
    static final int MAP_ANONYMOUS = 0x20;
    /** Reserve no swap space. */
    static final int MAP_NORESERVE = 0x4000;

    private static final Set<String> X86_LIKE = Set.of("amd64", "x86_64", "riscv64");
    private static final Set<String> ARM64 = Set.of("aarch64", "arm64");

    private LinuxConstants() {
    }

    /** Why native access cannot be used on a system, or null where it can. */
    static String refusal(final String osName, final String architecture) {
        if (!osName.toLowerCase(Locale.ROOT).startsWith("linux")) {
            return "the operating system is " + osName + ", native access knows Linux only";
        }
        if (!X86_LIKE.contains(architecture) && !ARM64.contains(architecture)) {
            return "the processor is " + architecture + ", native access knows amd64, aarch64 and riscv64";
        }
        return null;
    }

    /** O_DIRECT: bypass the page cache. */
    static int directFlag(final String architecture) {
        return ARM64.contains(architecture) ? 0x10000 : 0x4000;
    }

    /** O_DIRECTORY: fail when it is not a directory. */
    static int directoryFlag(final String architecture) {
        return ARM64.contains(architecture) ? 0x4000 : 0x10000;
    }
}
