package org.mapcask.lab.probe;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.StorageSpaceException;
import org.mapcask.lab.results.DataDirectory;
import org.mapcask.recovery.ProgressListener;

/**
 * The directory that a probe works in, and its progress. It is removed by {@link #close}, by the end of the process
 * (Ctrl-C and SIGTERM included), and, after a SIGKILL, by the next probe. Used by one thread.
 */
final class ProbeWork implements AutoCloseable {
    private static final String PREFIX = "mapcask-probe-";
    private static final int REMOVALS_MAX = 100;

    private final Path directory;
    private final ProbeSettings settings;
    private final ProgressListener progress;
    private final Thread hook = new Thread(this::stop, "probe-cleanup");
    private volatile boolean stopped;
    private long done;
    private long planned;

    ProbeWork(final ProbeSettings settings, final ProgressListener progress) throws IOException {
        this.settings = settings;
        this.progress = progress;
        removeLeftovers(settings.directory());
        final long usable = Files.getFileStore(settings.directory()).getUsableSpace();
        if (usable < settings.room()) {
            throw new StorageSpaceException(ErrorText.what("no room for a probe").where(settings.directory())
                .expected(settings.room() + " bytes").found(usable).todo("free room, or probe another directory"));
        }
        directory = DataDirectory.fresh(settings.directory(), PREFIX + ProcessHandle.current().pid());
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private static void removeLeftovers(final Path parent) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (final Path entry : entries) {
                final String pid = entry.getFileName().toString().substring(PREFIX.length());
                if (pid.matches("\\d{1,9}") && ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
                    DataDirectory.remove(entry);
                }
            }
        }
    }

    ProbeSettings settings() {
        return settings;
    }

    /** Where the files are. */
    Path directory() {
        return directory;
    }

    /** A file in the directory. */
    Path file(final String name) {
        return directory.resolve(name);
    }

    /** Tells how many cells there will be. */
    void plan(final long cells) {
        planned = cells;
    }

    /**
     * Before each cell: shows progress.
     *
     * @throws CancellationException if the process is ending, or the thread was interrupted.
     */
    void next(final String cell) {
        if (stopped || Thread.currentThread().isInterrupted()) {
            throw new CancellationException("the probe was stopped before " + cell + "; its files are removed");
        }
        progress.onProgress("probe " + cell, Math.min(done, planned), planned);
        done++;
    }

    private void stop() {
        stopped = true;
        remove();
    }

    /** Again and again, since the cell that is running may make a file meanwhile. */
    private void remove() {
        for (int i = 0; i < REMOVALS_MAX && Files.exists(directory); i++) {
            try {
                DataDirectory.remove(directory);
            } catch (final IOException e) {
                // A file came or went while the directory was read.
                Thread.yield();
            }
        }
    }

    @Override
    public void close() {
        remove();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (final IllegalStateException e) {
            // The process is ending already, and the hook does the same.
            stopped = true;
        }
    }
}
