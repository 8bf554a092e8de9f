package org.mapcask.lab.workload;

import java.nio.file.Path;
import org.mapcask.Mapcask;
import org.mapcask.MapcaskOptions;
import org.mapcask.lab.rig.Operation;
import org.mapcask.lab.rig.Workload;

/** {@code open}: one operation opens a store that was closed. Closing it is not timed. For one thread. */
public final class OpenWorkload implements Workload {
    private final Path directory;
    private final MapcaskOptions options;
    private final long keys;

    /**
     * Makes the workload.
     *
     * @param directory of a store that nobody has open.
     * @param options   to open it with.
     * @param keys      that it must have.
     */
    public OpenWorkload(final Path directory, final MapcaskOptions options, final long keys) {
        this.directory = directory;
        this.options = options;
        this.keys = keys;
    }

    @Override
    public Operation newOperation(final int thread, final int threads) {
        if (threads != 1) {
            throw new IllegalArgumentException("open is for one thread: a directory is open in one place at a time");
        }
        return new Open();
    }

    private final class Open implements Operation {
        private Mapcask store;

        @Override
        public void prepare() {
            store = null;
        }

        @Override
        public void perform() {
            store = Mapcask.open(directory, options);
        }

        @Override
        public boolean verify() {
            try (Mapcask opened = store) {
                return opened.size() == keys;
            }
        }
    }
}
