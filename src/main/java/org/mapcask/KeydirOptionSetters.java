package org.mapcask;

/**
 * The setters of the options about the key directory and its checkpoints, see {@link MapcaskOptions.Builder}.
 *
 * @param <B> the builder that has them.
 */
abstract class KeydirOptionSetters<B> extends MergeOptionSetters<B> {
    KeydirOptionSetters() {
    }

    /**
     * Bytes of memory for the key directory: 8 MiB to 1 TiB, no more than the machine has; 0, the default, is a quarter
     * of that. Pages beyond it go to a file, and a lookup of a key in one of them reads it.
     */
    public B keydirMemory(final long bytes) {
        return set(Option.KEYDIR_MEMORY, bytes);
    }

    /**
     * Bytes of log after which a checkpoint of the key directory is made, or an eighth of what it would write, if that
     * is more: 0, which is never, to 1 TiB; 16 MiB by default. None begins sooner than the last one took after its end.
     * What comes after the last one is read when the store is opened.
     */
    public B checkpointBytes(final long bytes) {
        return set(Option.CHECKPOINT_BYTES, bytes);
    }

    /**
     * Milliseconds after which a checkpoint is made, if 4 MiB of log were written: 0, which is never, to 86,400,000;
     * 60,000 by default.
     */
    public B checkpointIntervalMs(final long milliseconds) {
        return set(Option.CHECKPOINT_INTERVAL_MS, milliseconds);
    }

    /**
     * Bytes of durable log behind the last checkpoint of which hints are written at a time: 16 bytes a record, which an
     * open after a crash reads in place of the record; 0, which is never, to 1 GiB; 8 MiB by default.
     */
    public B hintBytes(final long bytes) {
        return set(Option.HINT_BYTES, bytes);
    }
}
