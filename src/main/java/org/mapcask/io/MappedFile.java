package org.mapcask.io;

import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.nativeaccess.Advice;

/**
 * A shared mapping of the start of a file. The owner unmaps it once, after the last reader is done: a buffer used after
 * that ends the JVM. Other methods may be called from any thread.
 */
public interface MappedFile {
    /** The mapped bytes. Valid until {@link #unmap()}; keep a reference to this object, not only to an address. */
    UnsafeBuffer buffer();

    /** Length of the mapping in bytes. */
    int length();

    /** Name of the file for messages. */
    String description();

    /** Tells the kernel how a range will be used. A hint: a refusal is ignored. */
    void advise(int offset, int length, Advice advice);

    /**
     * Takes the write faults of a range now, in this thread, and finds out about missing blocks by an error instead of
     * a signal. Without native access it reads and writes nothing and returns false.
     */
    boolean prefault(int offset, int length);

    /**
     * Makes the dirty pages of a range durable, by {@link SyncMethod}; the range is widened to whole pages, or to the
     * file. Refused after a failure, as {@link StoreFile#sync()}.
     */
    void sync(int offset, int length);

    /** Unmaps; idempotent. */
    void unmap();
}
