package org.mapcask.engine;

import java.util.function.Consumer;
import org.mapcask.wal.Wal;

/** Makes the write-ahead log of an engine. */
public interface WalMaker {
    /**
     * Makes it ready; everything in the log is durable in the segments.
     *
     * @param segments what the write-ahead log asks the engine for.
     * @param latch    takes the first failure of a write, before anybody who waits for it.
     */
    Wal make(Wal.SegmentSyncs segments, Consumer<Throwable> latch);
}
