package org.mapcask.segment;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.mapcask.io.MappedFile;
import org.mapcask.io.StoreFile;

/**
 * A file that got its final name after it was opened: everything goes to the same descriptor, and the path is the new
 * one.
 */
record RenamedFile(StoreFile file, Path path) implements StoreFile {
    /** A file under its newest name. */
    static StoreFile of(final StoreFile file, final Path path) {
        return new RenamedFile(file instanceof RenamedFile renamed ? renamed.file : file, path);
    }

    @Override
    public long length() {
        return file.length();
    }

    @Override
    public int read(final long fileOffset, final ByteBuffer directBuffer) {
        return file.read(fileOffset, directBuffer);
    }

    @Override
    public void write(final long fileOffset, final ByteBuffer directBuffer) {
        file.write(fileOffset, directBuffer);
    }

    @Override
    public void allocate(final long length) {
        file.allocate(length);
    }

    @Override
    public void clear(final long length) {
        file.clear(length);
    }

    @Override
    public void allocateAgain(final long fileOffset, final long length) {
        file.allocateAgain(fileOffset, length);
    }

    @Override
    public boolean punchHole(final long fileOffset, final long length) {
        return file.punchHole(fileOffset, length);
    }

    @Override
    public void startWriteback(final long fileOffset, final long length) {
        file.startWriteback(fileOffset, length);
    }

    @Override
    public void dropCached(final long fileOffset, final long length) {
        file.dropCached(fileOffset, length);
    }

    @Override
    public void sync() {
        file.sync();
    }

    @Override
    public MappedFile map(final int length, final boolean writable) {
        return file.map(length, writable);
    }

    @Override
    public void close() {
        file.close();
    }
}
