package org.mapcask.segment;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.mapcask.errors.CorruptionException;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.StoreIoException;
import org.mapcask.io.FileOps;
import org.mapcask.io.MappedFile;
import org.mapcask.io.StoreFile;

/**
 * The file of a sealed segment whose header is known: it is opened when something is first asked of it, and its header
 * is held against the known one then. Thread-safe as any {@link StoreFile}.
 */
final class LaterFile implements StoreFile {
    private final FileOps files;
    private final SegmentHeader known;
    private final boolean writable;
    private Path path;
    private boolean closed;
    private volatile StoreFile opened;

    LaterFile(final FileOps files, final Path path, final SegmentHeader known, final boolean writable) {
        this.files = files;
        this.path = path;
        this.known = known;
        this.writable = writable;
    }

    private StoreFile file() {
        final StoreFile file = opened;
        return file != null ? file : open();
    }

    private synchronized StoreFile open() {
        if (opened == null) {
            if (closed) {
                throw new StoreIoException(ErrorText.what("a segment is used after it was closed").where(path)
                    .expected("an open store").found("a closed one").todo("report this as a fault of Mapcask"));
            }
            final StoreFile file = files.open(path, writable);
            boolean done = false;
            try {
                check(SegmentHeader.read(file));
                done = true;
            } finally {
                if (!done) {
                    file.close();
                }
            }
            opened = file;
        }
        return opened;
    }

    private void check(final SegmentHeader found) {
        if (!found.identity().equals(known.identity()) || !known.seal().equals(found.seal())) {
            throw new CorruptionException(path.getFileName().toString(), 0, ErrorText
                .what("a segment is not the one that the last checkpoint knew").where(path)
                .expected(known.identity() + ", " + known.seal()).found(found.identity() + ", " + found.seal())
                .todo("restore the file from a backup, or copy what is sound with `recover DIR DEST`"));
        }
    }

    @Override
    public synchronized Path path() {
        return path;
    }

    @Override
    public synchronized void renamed(final Path newPath) {
        path = newPath;
        if (opened != null) {
            opened.renamed(newPath);
        }
    }

    @Override
    public long length() {
        return file().length();
    }

    @Override
    public int read(final long fileOffset, final ByteBuffer directBuffer) {
        return file().read(fileOffset, directBuffer);
    }

    @Override
    public void write(final long fileOffset, final ByteBuffer directBuffer) {
        file().write(fileOffset, directBuffer);
    }

    @Override
    public void allocate(final long length) {
        file().allocate(length);
    }

    @Override
    public void allocateZeroed(final long length) {
        file().allocateZeroed(length);
    }

    @Override
    public void writeZeros(final long length) {
        file().writeZeros(length);
    }

    @Override
    public void allocateAgain(final long fileOffset, final long length) {
        file().allocateAgain(fileOffset, length);
    }

    @Override
    public void clear(final long length) {
        file().clear(length);
    }

    @Override
    public boolean punchHole(final long fileOffset, final long length) {
        return file().punchHole(fileOffset, length);
    }

    @Override
    public void startWriteback(final long fileOffset, final long length) {
        file().startWriteback(fileOffset, length);
    }

    @Override
    public void readAhead(final long fileOffset, final long length) {
        file().readAhead(fileOffset, length);
    }

    @Override
    public void dropCached(final long fileOffset, final long length) {
        file().dropCached(fileOffset, length);
    }

    @Override
    public void sync() {
        file().sync();
    }

    @Override
    public MappedFile map(final int length, final boolean mapWritable) {
        return file().map(length, mapWritable);
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (opened != null) {
            opened.close();
        }
    }
}
