/**
 * The running store: {@link org.mapcask.engine.Engine} puts {@code WritePath} (writes, one after the other under a
 * short lock), {@code Appender} (the end of the log), {@code BatchWriter} (several writes as one, which readers see at
 * once through {@code InstallGate}), {@code OversizeWriter}, the readers' contexts, {@code Commits} (what makes a write
 * durable: the write-ahead log in {@code RingCommits}, syncs of the segments in {@code SegmentCommits}), {@code
 * LogSync} (durability of the segments, in the order of the log), {@code SegmentSupply} (the next segment, ready before
 * it is needed, in huge pages if {@code HugePages} has learned that they are worth it) and {@code
 * Housekeeper} (the background threads) together. {@code LogCut} holds the log of one moment, for a backup.
 *
 * <h2>Who waits for whom</h2>
 * A writer holds the write lock and may wait for a frame of the write-ahead log, whose writer may wait for a sync of
 * the segments. So no sync ever waits for the write lock: where the log ends is told by {@code SharedTip}, without a
 * lock. In the other direction nothing waits at all. The first to hold the write lock of a store that was closed syncs
 * the header that says so no more, before it goes on ({@code WriteLock}).
 */
package org.mapcask.engine;
