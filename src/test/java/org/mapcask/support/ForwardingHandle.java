package org.mapcask.support;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import org.mapcask.nativeaccess.FileHandle;

/**
 * An open file that passes everything on to another, as {@link ForwardingFiles} does one level above: a test overrides
 * the calls that it changes.
 */
public class ForwardingHandle extends FileHandle {
    private final FileHandle real;

    /** Passes on to this one. */
    public ForwardingHandle(final FileHandle real) {
        super(real.path());
        this.real = real;
    }

    @Override
    public long length() {
        return real.length();
    }

    @Override
    public boolean isWritable() {
        return real.isWritable();
    }

    @Override
    public boolean isDirect() {
        return real.isDirect();
    }

    @Override
    public int read(final long fileOffset, final ByteBuffer directBuffer) {
        return real.read(fileOffset, directBuffer);
    }

    @Override
    public void write(final long fileOffset, final ByteBuffer directBuffer) {
        real.write(fileOffset, directBuffer);
    }

    @Override
    public void allocate(final long length) {
        real.allocate(length);
    }

    @Override
    public void truncate(final long length) {
        real.truncate(length);
    }

    @Override
    public boolean zeroRange(final long fileOffset, final long length) {
        return real.zeroRange(fileOffset, length);
    }

    @Override
    public void allocateAgain(final long fileOffset, final long length) {
        real.allocateAgain(fileOffset, length);
    }

    @Override
    public boolean punchHole(final long fileOffset, final long length) {
        return real.punchHole(fileOffset, length);
    }

    @Override
    public boolean startWriteback(final long fileOffset, final long length) {
        return real.startWriteback(fileOffset, length);
    }

    @Override
    public boolean readAhead(final long fileOffset, final long length) {
        return real.readAhead(fileOffset, length);
    }

    @Override
    public boolean dropCached(final long fileOffset, final long length) {
        return real.dropCached(fileOffset, length);
    }

    @Override
    public void sync() {
        real.sync();
    }

    @Override
    public MappedByteBuffer map(final int length, final boolean writable) throws IOException {
        return real.map(length, writable);
    }

    @Override
    public void close() {
        real.close();
    }
}
