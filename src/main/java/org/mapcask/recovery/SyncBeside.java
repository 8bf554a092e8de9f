package org.mapcask.recovery;

import java.util.concurrent.FutureTask;
import org.mapcask.nativeaccess.Uninterruptible;

/**
 * A sync that goes on while the log is replayed, in a thread of its own where that is worth it. Whoever wants to write
 * what may only be written behind it waits for it, and gets what it threw. Any thread may wait, and more than once.
 */
final class SyncBeside implements AutoCloseable {
    private final FutureTask<Void> task;
    private final Thread thread;

    /** Begins the sync; without a thread it is over when this returns, or has thrown. */
    SyncBeside(final Runnable sync, final boolean threaded) {
        task = new FutureTask<>(sync, null);
        if (threaded) {
            thread = new Thread(task, "mapcask-recovery");
            thread.setDaemon(true);
            thread.start();
        } else {
            thread = null;
            task.run();
            await();
        }
    }

    /** Waits for its end. Throws what it threw, each time. */
    void await() {
        close();
        Uninterruptible.resultOf(task);
    }

    /** Waits for its end, whatever that is: nobody is going to write. */
    @Override
    public void close() {
        if (thread != null) {
            Uninterruptible.join(thread);
        }
    }
}
