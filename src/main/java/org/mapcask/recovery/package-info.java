/**
 * Opening a store: reading its log from the first record to the last, telling a torn tail from damage, bringing the
 * records in that are in the write-ahead log alone, and clearing away what a crash left. {@link
 * org.mapcask.recovery.Recovery} for the engine, {@link org.mapcask.recovery.Verifier} for a check that changes
 * nothing. Both stand on {@code LogReplay}, which reads the segments, a long log by the threads of {@code ScanAhead},
 * {@code WalJudge}, which says what the write-ahead
 * log means for them, and {@code WalReplay}, which appends what only that one has: to the segments, or, when nothing
 * may change on disk, to memory over them.
 * <p>
 * Damage is told by its {@link org.mapcask.recovery.Damage#area() area}. The headers of the segments, and every frame
 * of the write-ahead log, say up to which sequence the segments were durable once: what is missing below that is damage
 * of the data. What is missing above it, and a later frame follows, is damage of the write-ahead log. What is missing
 * and nothing follows was never acknowledged, for all that the disk can tell.
 */
package org.mapcask.recovery;
