package org.mapcask.nativeaccess;

/**
 * Numbers of Linux errors with their names and short texts. The numbers are the generic ones, the same on x86-64, arm64
 * and riscv64. Stateless; any thread.
 */
public final class Errno {
    /** Operation not permitted. */
    public static final int EPERM = 1;
    /** No such file or directory. */
    public static final int ENOENT = 2;
    /** A signal interrupted the call. */
    public static final int EINTR = 4;
    /** Input/output error. */
    public static final int EIO = 5;
    /** Bad file descriptor. */
    public static final int EBADF = 9;
    /** Temporarily not available. */
    public static final int EAGAIN = 11;
    /** Out of memory, or an address range that is not mapped. */
    public static final int ENOMEM = 12;
    /** Permission denied. */
    public static final int EACCES = 13;
    /** Bad address. */
    public static final int EFAULT = 14;
    /** Device or resource busy. */
    public static final int EBUSY = 16;
    /** File exists. */
    public static final int EEXIST = 17;
    /** No such device. */
    public static final int ENODEV = 19;
    /** Not a directory. */
    public static final int ENOTDIR = 20;
    /** Is a directory. */
    public static final int EISDIR = 21;
    /** Invalid argument. */
    public static final int EINVAL = 22;
    /** Too many open files in the system. */
    public static final int ENFILE = 23;
    /** Too many open files in this process. */
    public static final int EMFILE = 24;
    /** Not a file that this call works on. */
    public static final int ENOTTY = 25;
    /** Text file busy. */
    public static final int ETXTBSY = 26;
    /** File too large. */
    public static final int EFBIG = 27;
    /** No space left on device. */
    public static final int ENOSPC = 28;
    /** Illegal seek. */
    public static final int ESPIPE = 29;
    /** Read-only file system. */
    public static final int EROFS = 30;
    /** File name too long. */
    public static final int ENAMETOOLONG = 36;
    /** The kernel does not have this call. */
    public static final int ENOSYS = 38;
    /** Directory not empty. */
    public static final int ENOTEMPTY = 39;
    /** Too many symbolic links. */
    public static final int ELOOP = 40;
    /** Not supported by this file system. */
    public static final int EOPNOTSUPP = 95;
    /** Stale handle of a network file. */
    public static final int ESTALE = 116;
    /** Disk quota exceeded. */
    public static final int EDQUOT = 122;
    /** Memory page has a hardware error. */
    public static final int EHWPOISON = 133;

    private Errno() {
    }

    /**
     * The name with number and text, such as {@code ENOSPC (28, no space left on device)}; an unknown one is {@code
     * errno N}.
     */
    public static String describe(final int errno) {
        final String entry = entry(errno);
        if (entry == null) {
            return "errno " + errno;
        }
        final int space = entry.indexOf(' ');
        return entry.substring(0, space) + " (" + errno + ", " + entry.substring(space + 1) + ")";
    }

    /** The symbolic name, such as {@code ENOSPC}; an unknown one is {@code errno N}. */
    public static String name(final int errno) {
        final String entry = entry(errno);
        return entry == null ? "errno " + errno : entry.substring(0, entry.indexOf(' '));
    }

    /** True for the two errors that mean that the file system or the quota is full. */
    public static boolean isNoSpace(final int errno) {
        return errno == ENOSPC || errno == EDQUOT;
    }

    private static String entry(final int errno) {
        return switch (errno) {
            case EPERM -> "EPERM operation not permitted";
            case ENOENT -> "ENOENT no such file or directory";
            case EINTR -> "EINTR interrupted by a signal";
            case EIO -> "EIO input/output error";
            case EBADF -> "EBADF bad file descriptor";
            case EAGAIN -> "EAGAIN temporarily not available";
            case ENOMEM -> "ENOMEM out of memory or not mapped";
            case EACCES -> "EACCES permission denied";
            case EFAULT -> "EFAULT bad address";
            case EBUSY -> "EBUSY device or resource busy";
            case EEXIST -> "EEXIST file exists";
            case ENODEV -> "ENODEV no such device";
            case ENOTDIR -> "ENOTDIR not a directory";
            case EISDIR -> "EISDIR is a directory";
            case EINVAL -> "EINVAL invalid argument";
            case ENFILE -> "ENFILE too many open files in the system";
            case EMFILE -> "EMFILE too many open files in this process";
            case ENOTTY -> "ENOTTY call does not work on this kind of file";
            case ETXTBSY -> "ETXTBSY text file busy";
            case EFBIG -> "EFBIG file too large";
            case ENOSPC -> "ENOSPC no space left on device";
            case ESPIPE -> "ESPIPE illegal seek";
            case EROFS -> "EROFS read-only file system";
            case ENAMETOOLONG -> "ENAMETOOLONG file name too long";
            case ENOSYS -> "ENOSYS call not known to this kernel";
            case ENOTEMPTY -> "ENOTEMPTY directory not empty";
            case ELOOP -> "ELOOP too many symbolic links";
            case EOPNOTSUPP -> "EOPNOTSUPP not supported by this file system";
            case ESTALE -> "ESTALE stale file handle";
            case EDQUOT -> "EDQUOT disk quota exceeded";
            case EHWPOISON -> "EHWPOISON memory page has a hardware error";
            default -> null;
        };
    }
}
