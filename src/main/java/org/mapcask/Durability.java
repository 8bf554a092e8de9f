package org.mapcask;

/** When a single call returns. */
public enum Durability {
    /** As the options of the store say; see {@link org.mapcask.sync.SyncPolicy}. */
    POLICY,
    /**
     * When what the call did, and everything before it, is durable; calls that wait at the same time share a sync. Also
     * a call that changed nothing, such as the delete of an absent key, waits until what it found is durable. With
     * {@code syncEveryWrite} every write that changes something is of this kind.
     */
    SYNC
}
