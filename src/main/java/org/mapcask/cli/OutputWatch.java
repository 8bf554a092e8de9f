package org.mapcask.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Passes bytes on and remembers the first failure, which {@code PrintStream} swallows. Not thread-safe. */
final class OutputWatch extends FilterOutputStream {
    private IOException failure;

    OutputWatch(final OutputStream out) {
        super(out);
    }

    /** The first failure, or null. */
    IOException failure() {
        return failure;
    }

    /** Whether it failed because the reader has gone, as {@code head} does once it has enough. */
    boolean readerGone() {
        return failure != null && "Broken pipe".equals(failure.getMessage());
    }

    @Override
    public void write(final int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(final byte[] bytes, final int offset, final int length) throws IOException {
        try {
            out.write(bytes, offset, length);
        } catch (final IOException e) {
            throw remembered(e);
        }
    }

    @Override
    public void flush() throws IOException {
        try {
            out.flush();
        } catch (final IOException e) {
            throw remembered(e);
        }
    }

    private IOException remembered(final IOException e) {
        failure = failure == null ? e : failure;
        return e;
    }
}
