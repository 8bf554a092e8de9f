package org.mapcask.cli;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.StoreIoException;
import org.mapcask.nativeaccess.SystemErrors;

/** Words failures of files that belong to no store, such as those of a results folder. Stateless. */
final class FileErrors {
    private FileErrors() {
    }

    /**
     * An error that names the file, and what this very failure asks for.
     *
     * @param what  was tried, such as {@code the probe}.
     * @param where it was tried, told if the failure names no file.
     * @param then  what to do once it is repaired; may be empty.
     * @param cause what Java threw.
     */
    static StoreIoException of(final String what, final Path where, final String then, final IOException cause) {
        final String file = cause instanceof FileSystemException one ? one.getFile() : null;
        final Path path = file == null ? where : Path.of(file);
        final String after = then.isEmpty() ? "" : "; then " + then;
        if (SystemErrors.errnoOf(cause) == 0) {
            return new StoreIoException(ErrorText.what(what + " failed").where(path)
                .expected("files that can be read and written").found(cause)
                .todo("check the path and its disk, or choose another directory" + after), cause);
        }
        return new StoreIoException(SystemErrors.of(what, path, cause).getMessage() + after, cause);
    }
}
