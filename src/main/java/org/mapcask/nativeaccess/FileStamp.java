package org.mapcask.nativeaccess;

/**
 * What the file system tells of a file without opening it. Two that are equal say that the file is the same and was
 * not changed in between, if the time is well before the moment at which the first of them was taken: changes in quick
 * succession may have the same time.
 *
 * @param length     of the file in bytes.
 * @param modifiedNs time of the last change of its contents, in nanoseconds since 1970.
 * @param fileNumber tells it from other files, as a hash of device and inode.
 */
public record FileStamp(long length, long modifiedNs, long fileNumber) {
    /** By the numbers of device and inode, with the hash that the JDK makes of both for {@code fileKey()}. */
    static FileStamp of(final long length, final long modifiedNs, final long device, final long inode) {
        return new FileStamp(length, modifiedNs, Long.hashCode(device) + Long.hashCode(inode));
    }
}
