package org.mapcask.cli;

import java.io.PrintStream;
import java.util.Locale;
import org.mapcask.recovery.ProgressListener;

/**
 * One line on standard error that is written over as work goes on, at most ten times a second, and wiped by
 * {@link #close}. One thread at a time. Does nothing if nobody watches.
 */
final class ProgressLine implements ProgressListener, AutoCloseable {
    private static final long INTERVAL_NS = 100_000_000L;

    private final PrintStream err;
    private final boolean shown;
    private long nextNs = System.nanoTime();
    private int width;

    ProgressLine(final PrintStream err, final boolean shown) {
        this.err = err;
        this.shown = shown;
    }

    @Override
    public void onProgress(final String phase, final long done, final long total) {
        if (!shown || System.nanoTime() - nextNs < 0 && done != total) {
            return;
        }
        nextNs = System.nanoTime() + INTERVAL_NS;
        final String share = total > 0
            ? String.format(Locale.ROOT, "%,d of %,d (%d %%)", done, total, 100 * done / total)
            : String.format(Locale.ROOT, "%,d", done);
        final String text = phase + ": " + share;
        err.print('\r' + text + " ".repeat(Math.max(0, width - text.length())));
        err.flush();
        width = text.length();
    }

    @Override
    public void close() {
        if (width > 0) {
            err.print('\r' + " ".repeat(width) + '\r');
            err.flush();
            width = 0;
        }
    }
}
