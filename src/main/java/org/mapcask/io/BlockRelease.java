package org.mapcask.io;

import java.util.ArrayDeque;
import java.util.Deque;
import org.mapcask.errors.MapcaskException;
import org.mapcask.errors.StorageSpaceException;
import org.mapcask.nativeaccess.FileHandle;
import org.mapcask.nativeaccess.Uninterruptible;

/**
 * Gives the blocks of files back whose names are gone. A file that is open keeps them until it is closed, and that may
 * take seconds, for one of a GiB whose blocks the file system discards on the device; so it is left to a thread, which
 * ends when there is nothing to do. Whoever lacks room waits for it. If the process ends before, the kernel does it.
 * Thread-safe.
 */
final class BlockRelease {
    private static final System.Logger LOGGER = System.getLogger(BlockRelease.class.getName());

    private final Deque<FileHandle> waiting = new ArrayDeque<>();
    private Thread thread;
    private long released;

    /** Closes the last handle of a file whose name is gone, soon; at once where there can be no thread. */
    synchronized void close(final FileHandle last) {
        waiting.add(last);
        if (thread != null) {
            return;
        }
        final Thread made = new Thread(this::run, "mapcask-release");
        made.setDaemon(true);
        thread = made;
        try {
            made.start();
        } catch (final OutOfMemoryError noThread) {
            run();
        }
    }

    private void run() {
        for (FileHandle next = next(); next != null; next = next()) {
            try {
                next.close();
            } catch (final MapcaskException ex) {
                LOGGER.log(System.Logger.Level.WARNING, "closing a removed file failed: " + ex.getMessage());
            }
            done();
        }
    }

    private synchronized FileHandle next() {
        if (waiting.isEmpty()) {
            thread = null;
        }
        return waiting.poll();
    }

    private synchronized void done() {
        released++;
    }

    /** Runs what may be repeated and needs room: once more, if it lacks room, and some was about to be given back. */
    void whenThereIsRoom(final Runnable allocation) {
        final long before = released();
        try {
            allocation.run();
        } catch (final StorageSpaceException ex) {
            awaitAll();
            if (released() == before) {
                throw ex;
            }
            allocation.run();
        }
    }

    private synchronized long released() {
        return released;
    }

    private void awaitAll() {
        final Thread busy;
        synchronized (this) {
            busy = thread;
        }
        if (busy != null) {
            Uninterruptible.join(busy);
        }
    }
}
