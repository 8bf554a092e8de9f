package org.mapcask.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.MapcaskException;
import org.mapcask.errors.StoreIoException;

/**
 * The three streams that a command talks through; text is UTF-8 whatever the locale. One thread writes. The streams
 * belong to the caller and are flushed, not closed.
 */
final class Terminal {
    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

    private final InputStream in;
    private final OutputWatch watch;
    private final PrintStream out;
    private final PrintStream err;
    private final boolean interactive;
    private boolean debug;
    private boolean progressWanted;

    Terminal(final InputStream in, final OutputStream out, final OutputStream err, final boolean interactive) {
        this.in = in;
        this.watch = new OutputWatch(out);
        this.out = new PrintStream(watch, false, StandardCharsets.UTF_8);
        this.err = new PrintStream(err, true, StandardCharsets.UTF_8);
        this.interactive = interactive;
    }

    /** The streams of the process. */
    static Terminal ofProcess() {
        final OutputStream out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16);
        return new Terminal(System.in, out, new FileOutputStream(FileDescriptor.err), standardErrorIsTerminal());
    }

    /**
     * Whether somebody watches standard error. {@code System.console()} cannot tell: it looks at standard input and
     * output, and since JDK 22 it is there even when both are redirected.
     */
    private static boolean standardErrorIsTerminal() {
        try {
            final String target = Files.readSymbolicLink(STANDARD_ERROR).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (final IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    void configure(final boolean withDebug, final boolean withProgress) {
        debug = withDebug;
        progressWanted = withProgress;
    }

    InputStream in() {
        return in;
    }

    PrintStream out() {
        return out;
    }

    PrintStream err() {
        return err;
    }

    /** Says something to the human, as one line on standard error. */
    void say(final String text) {
        err.print("mapcask: " + text + "\n");
    }

    /** One line of data. */
    void line(final String text) {
        out.print(text);
        out.print('\n');
    }

    /** Tells of an error in one line; with {@code --debug}, its stack trace after it. */
    void fail(final Throwable error) {
        final boolean own = error instanceof MapcaskException && error.getMessage() != null;
        say((own ? error.getMessage() : error.toString()).replace('\n', ' '));
        if (debug) {
            error.printStackTrace(err);
        }
    }

    /** A new progress line; silent unless somebody watches standard error or {@code --progress} asked for it. */
    ProgressLine progress() {
        return new ProgressLine(err, interactive || progressWanted);
    }

    /**
     * Pushes out what was written.
     *
     * @return false if the reader of standard output left before the end, which is worth a status but no words.
     * @throws StoreIoException if standard output did not take it all for another reason.
     */
    boolean flush() {
        out.flush();
        if (out.checkError() && !watch.readerGone()) {
            throw new StoreIoException(ErrorText.what("standard output did not take all data").where("standard output")
                .expected("a reader, or room on the disk").found(watch.failure())
                .todo("check the pipe or the disk that it goes to"), watch.failure());
        }
        return !watch.readerGone();
    }
}
