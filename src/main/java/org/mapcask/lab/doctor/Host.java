package org.mapcask.lab.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.mapcask.lab.host.HostFiles;
import org.mapcask.lab.host.MountPoint;
import org.mapcask.nativeaccess.NativeAccess;

/**
 * What the checks look at: the files of a host, the directory, the JVM. Immutable.
 *
 * @param files     of the host.
 * @param directory where the store is, or will be.
 * @param jvm       that would run it.
 */
record Host(HostFiles files, Directory directory, JvmFacts jvm) {
    /**
     * Facts about a directory that no file tells.
     *
     * @param path       absolute, without symbolic links; the nearest one that exists.
     * @param missing    what was asked for, where that does not exist; else null.
     * @param isFile     whether the path is no directory.
     * @param usable     bytes that are free for this user; -1 if unknown.
     * @param attributes as of {@link NativeAccess#attributes}; -1 if unknown.
     * @param writable   by this user.
     */
    record Directory(
        Path path, Path missing, boolean isFile, long usable, long attributes, boolean writable) {
    }

    /** The host of this process. */
    static Host ofThisProcess(final Path directory) {
        final NativeAccess nativeAccess = NativeAccess.get();
        Path path = MountPoint.nearest(directory);
        long usable = -1;
        try {
            path = path.toRealPath();
            usable = Files.getFileStore(path).getUsableSpace();
        } catch (final IOException e) {
            // It stays unknown, and the check says so.
            usable = -1;
        }
        return new Host(HostFiles.ofThisHost(),
            new Directory(path, Files.exists(directory) ? null : directory.toAbsolutePath().normalize(),
                !Files.isDirectory(path), usable, nativeAccess.attributes(path), Files.isWritable(path)),
            JvmFacts.ofThisProcess(nativeAccess));
    }
}
