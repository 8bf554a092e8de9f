package org.mapcask.lab.probe;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.mapcask.nativeaccess.FileHandle;
import org.mapcask.nativeaccess.NativeAccess;
import org.mapcask.nativeaccess.OpenFlag;

/** In what state a file is when appends to it begin. */
public enum FileState {
    /** Has its length and no blocks. */
    SPARSE,
    /** Has blocks that the file system knows as never written. */
    FALLOCATED,
    /** Has been written over with zeros, a page at a time, and synced. */
    ZEROED,
    /** Has been in use: other content, written a page at a time and synced. */
    RECYCLED;

    private static final byte OLD_CONTENT = 0x5A;

    /** Name in lower case, for tables and files. */
    public String lowerName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Makes a file in this state, in place of one that is there; durable with its name.
     *
     * @param path     of the file.
     * @param length   in bytes, whole blocks.
     * @param uncached whether none of it shall be left in the page cache.
     */
    public void make(final Path path, final int length, final boolean uncached) throws IOException {
        Files.deleteIfExists(path);
        try (FileHandle handle = NativeAccess.get().open(path, OpenFlag.WRITE, OpenFlag.CREATE_NEW)) {
            switch (this) {
                case SPARSE -> handle.truncate(length);
                case FALLOCATED -> handle.allocate(length);
                case ZEROED -> handle.writeZeros(0, length);
                case RECYCLED -> writeOld(handle, length, DirectFile.BLOCK_LENGTH);
            }
            handle.sync();
            if (uncached) {
                handle.dropCached(0, length);
            }
        }
        NativeAccess.get().syncDirectory(path.toAbsolutePath().getParent());
    }

    /** Writes other content than zeros over a file, in pieces of one length. */
    static void writeOld(final FileHandle handle, final int length, final int pieceLength) {
        final ByteBuffer piece = ByteBuffer.allocateDirect(pieceLength);
        while (piece.hasRemaining()) {
            piece.put(OLD_CONTENT);
        }
        for (int offset = 0; offset < length; offset += pieceLength) {
            piece.position(0).limit(Math.min(pieceLength, length - offset));
            handle.write(offset, piece);
        }
    }
}
