package org.mapcask.sync;

/**
 * When what was written becomes durable without anybody asking for it. An explicit sync works under every policy, and
 * so does {@code Durability.SYNC} for one call.
 *
 * <table class="striped">
 *   <caption>What may be lost; what is recovered is always a prefix of what was written</caption>
 *   <tr><th>policy</th><th>JVM killed</th><th>kernel crash</th><th>power cut</th></tr>
 *   <tr><td>{@link #NONE}</td><td>nothing</td><td>since the last sync</td><td>since the last sync</td></tr>
 *   <tr><td>every N bytes, every T</td><td>nothing</td><td>about N bytes, or what T brought</td><td>the same</td></tr>
 *   <tr><td>every write, write-ahead log</td><td>nothing</td><td>nothing that was acknowledged</td>
 *       <td>the same</td></tr>
 *   <tr><td>every write, syncs of segments</td><td>nothing</td><td>nothing that was acknowledged</td>
 *       <td>the same</td></tr>
 *   <tr><td>any, after a call with SYNC</td><td>nothing</td><td>nothing up to that call</td><td>the same</td></tr>
 * </table>
 * What "since the last sync" means: a sync is {@code sync()}, the seal of a full segment, or {@code close()}. A power
 * cut is taken for one after which the device keeps what it told to be written: one that lies loses under every policy.
 *
 * <p>With bytes or an interval, a background thread syncs while writers go on: the loss is bounded by N bytes, or T,
 * and what was written while the last sync ran. With every write, a write returns when it is durable; writers that
 * wait at the same time share a sync. With the write-ahead log they share one write to its ring of files, which is as
 * good as a sync; the segments are synced in the background before the ring comes round, and bytes and interval mean
 * nothing, since all that they bound is zero already. What does not fit into the ring is synced in the segments by its
 * writer: a value longer than about 256 KiB, and a batch of that length. Immutable.
 *
 * @param bytes      the background thread syncs when this many bytes were written since the last sync; 0 is never.
 * @param intervalNs and when the oldest write that is not durable has this age; 0 is never.
 * @param everyWrite each write returns only when it is durable.
 */
public record SyncPolicy(int bytes, long intervalNs, boolean everyWrite) {
    /** Nothing is synced but on demand, when a segment is sealed, and at the end. */
    public static final SyncPolicy NONE = new SyncPolicy(0, 0, false);

    /**
     * Whether the background thread has to sync now.
     *
     * @param unsyncedBytes written since the last sync; 0 if there is nothing.
     * @param ageNs         since the first of them was seen.
     */
    public boolean isDue(final long unsyncedBytes, final long ageNs) {
        return unsyncedBytes > 0 && (bytes > 0 && unsyncedBytes >= bytes || intervalNs > 0 && ageNs >= intervalNs);
    }
}
