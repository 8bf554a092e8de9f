package org.mapcask.bench.peers;

/**
 * What a store is told about its use beforehand. Immutable.
 *
 * @param keys        how many there will be at the most.
 * @param valueLength bytes of each value.
 * @param mode        what a write that returned has to outlive.
 * @param afterKill   whether the process that had the store open before was killed.
 */
record PeerSetup(int keys, int valueLength, Mode mode, boolean afterKill) {
    /** What a write that returned has to outlive. */
    enum Mode {
        /** Nothing: a write is visible, and whether anything else happens is the store's own affair. */
        FAST,
        /** The death of the process, as far as the store can do that without waiting for the device. */
        KILL,
        /** A power cut, as far as the store can. */
        DURABLE
    }

    /** Bytes of all keys and values, once. */
    long liveBytes() {
        return (long) keys * (PeerSlot.KEY_LENGTH + valueLength);
    }
}
