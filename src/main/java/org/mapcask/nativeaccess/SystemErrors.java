package org.mapcask.nativeaccess;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Locale;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.MapcaskException;
import org.mapcask.errors.StorageSpaceException;
import org.mapcask.errors.StoreIoException;

/**
 * Turns failures of the operating system, by errno or by a Java exception, into the exceptions of Mapcask with the same
 * wording. A full file system or quota becomes {@link StorageSpaceException}, all else {@link StoreIoException}.
 * Stateless; any thread.
 */
public final class SystemErrors {
    private SystemErrors() {
    }

    /**
     * A failure known by its number.
     *
     * @param call  name of the system call.
     * @param where file or description, with range and size where there is one.
     * @param errno number that the call left.
     * @return the exception to throw.
     */
    public static MapcaskException of(final String call, final Object where, final int errno) {
        final String text = ErrorText.what(call + " failed").where(where).expected(expectation(errno))
            .found(Errno.describe(errno)).todo(advice(call, errno));
        return Errno.isNoSpace(errno) ? new StorageSpaceException(text) : new StoreIoException(text);
    }

    /**
     * A failure that Java reported. Java tells the errno of a full disk only as a text in the language of the host, so
     * the room that is left is looked at too.
     *
     * @param operation what was tried.
     * @param path      file or directory it was tried on.
     * @param detail    range and size, or empty.
     * @param needed    bytes that were to be added to the file system; 0 where none.
     * @param cause     what Java threw.
     * @return the exception to throw.
     */
    public static MapcaskException of(
        final String operation, final Path path, final String detail, final long needed, final IOException cause) {
        final int errno = errnoOf(path, needed, cause);
        final String reason = errno == 0 ? cause.toString() : Errno.describe(errno);
        final String text = ErrorText.what(operation + " failed").where(path + detail).expected(expectation(errno))
            .found(reason).todo(advice(operation, errno));
        return Errno.isNoSpace(errno) ? new StorageSpaceException(text, cause) : new StoreIoException(text, cause);
    }

    /** {@link #of(String, Path, String, long, IOException)} for an operation that has no range and needs no room. */
    public static MapcaskException of(final String operation, final Path path, final IOException cause) {
        return of(operation, path, "", 0, cause);
    }

    /** The number behind an exception of Java, as far as it can be told; 0 otherwise. */
    public static int errnoOf(final IOException cause) {
        if (cause instanceof NoSuchFileException) {
            return Errno.ENOENT;
        }
        if (cause instanceof FileAlreadyExistsException) {
            return Errno.EEXIST;
        }
        if (cause instanceof AccessDeniedException) {
            return Errno.EACCES;
        }
        if (cause instanceof NotDirectoryException) {
            return Errno.ENOTDIR;
        }
        if (cause instanceof DirectoryNotEmptyException) {
            return Errno.ENOTEMPTY;
        }
        final String reason = cause instanceof FileSystemException
            ? ((FileSystemException) cause).getReason() : cause.getMessage();
        return reason == null ? 0 : errnoOf(reason.toLowerCase(Locale.ROOT));
    }

    private static int errnoOf(final String reason) {
        if (reason.contains("no space left")) {
            return Errno.ENOSPC;
        }
        if (reason.contains("quota exceeded")) {
            return Errno.EDQUOT;
        }
        if (reason.contains("read-only file system")) {
            return Errno.EROFS;
        }
        if (reason.contains("permission denied")) {
            return Errno.EACCES;
        }
        if (reason.contains("not a directory")) {
            return Errno.ENOTDIR;
        }
        if (reason.contains("is a directory")) {
            return Errno.EISDIR;
        }
        if (reason.contains("no such file")) {
            return Errno.ENOENT;
        }
        if (reason.contains("too many open files")) {
            return Errno.EMFILE;
        }
        if (reason.contains("map failed") || reason.contains("cannot allocate memory")) {
            return Errno.ENOMEM;
        }
        return reason.contains("input/output error") ? Errno.EIO : 0;
    }

    private static int errnoOf(final Path path, final long needed, final IOException cause) {
        final int errno = errnoOf(cause);
        if (errno != 0 || needed <= 0) {
            return errno;
        }
        try {
            return Files.getFileStore(path).getUsableSpace() < needed ? Errno.ENOSPC : 0;
        } catch (final IOException ignored) {
            return 0;
        }
    }

    private static String expectation(final int errno) {
        return switch (errno) {
            case Errno.ENOSPC, Errno.EDQUOT -> "room on the file system";
            case Errno.EIO, Errno.EHWPOISON -> "a device that reads and writes";
            case Errno.EACCES, Errno.EPERM -> "a path that this user may use so";
            case Errno.EROFS -> "a file system that can be written";
            case Errno.ENOENT -> "a path that is there";
            case Errno.EEXIST -> "a name that is free";
            case Errno.ENOTDIR -> "a directory";
            case Errno.EISDIR -> "a file";
            case Errno.EMFILE, Errno.ENFILE -> "a file descriptor that is free";
            case Errno.ENOMEM -> "memory, and a mapping, that are free";
            case Errno.EFBIG -> "a length that is allowed";
            default -> "success";
        };
    }

    private static String advice(final String call, final int errno) {
        return switch (errno) {
            case Errno.ENOSPC, Errno.EDQUOT ->
                "free room on that file system or raise the quota; what is stored stays readable";
            case Errno.EIO, Errno.EHWPOISON ->
                "look at the kernel log and the device; then reopen the store, do not repeat the call";
            case Errno.EACCES, Errno.EPERM -> "give the user of this process the rights on that path";
            case Errno.EROFS -> "mount the file system writable, or open the store read-only";
            case Errno.ENOENT -> "check the path; a file of an open store must not be removed";
            case Errno.EEXIST -> "remove or rename what is there, or choose another name";
            case Errno.ENOTDIR, Errno.EISDIR -> "check the path: a file is where a directory should be, or the reverse";
            case Errno.EMFILE, Errno.ENFILE -> "raise the limit of open files (ulimit -n)";
            case Errno.ENOMEM -> "give the process more memory, or raise vm.max_map_count when there are many mappings";
            case Errno.EFBIG -> "raise the limit of file sizes (ulimit -f), or use smaller segments";
            default -> "see " + call + " in the manual of Linux; reopen the store if it was a write or a sync";
        };
    }
}
