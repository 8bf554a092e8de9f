package org.mapcask.bench.peers;

import org.agrona.DirectBuffer;
import org.mapcask.lab.workload.SyntheticRecords;

/**
 * The keys of one store, their lengths, and the version that each has: what a get has to answer. Versions of one
 * writing thread are known exactly; those of several at once are only known to be more than any of these.
 *
 * <p>One thread writes versions at a time; others read them then only where writes are untracked.
 */
final class PeerKeys {
    /** Versions from here on were put by several threads at once, and any of them may be the last one. */
    private static final long UNTRACKED = 1L << 32;

    private final int valueLength;
    private final int[] versions;
    private final ZipfianIndexes zipfian;
    private boolean exact = true;
    private boolean anyVersion;

    PeerKeys(final int count, final int valueLength) {
        this.valueLength = valueLength;
        versions = new int[count];
        zipfian = new ZipfianIndexes(count, ZipfianIndexes.EXPONENT);
    }

    /** How many there are. */
    int count() {
        return versions.length;
    }

    /** Bytes of each value. */
    int valueLength() {
        return valueLength;
    }

    /** Draws popular keys often. */
    ZipfianIndexes zipfian() {
        return zipfian;
    }

    /** Writes a key to a slot. */
    void key(final int index, final PeerSlot slot) {
        SyntheticRecords.key(index, slot.key);
    }

    /** Writes a value to a slot. */
    void value(final int index, final long version, final PeerSlot slot) {
        VersionedValue.write(index, version, slot.value, valueLength);
    }

    /** The version that a key is given next; it is the one that counts from now on. */
    long nextVersion(final int index) {
        return ++versions[index];
    }

    /** A version of which nobody keeps account. */
    long untracked(final long number) {
        return UNTRACKED + number;
    }

    /** From now on any key may have an untracked version. */
    void untrack() {
        exact = false;
    }

    /** Whether a value is one that the key may have now. */
    boolean isRight(final int index, final DirectBuffer value, final int offset, final int length) {
        if (length != valueLength) {
            return false;
        }
        return isPossible(index, VersionedValue.check(index, value, offset, length));
    }

    /** Whether a version is one that the key may have now; {@link VersionedValue#WRONG} never is. */
    boolean isPossible(final int index, final long version) {
        return version == versions[index] || !exact && version >= UNTRACKED || anyVersion && version >= 0;
    }

    /** For a store that another process has written: each value must be one of its key, of whatever version. */
    PeerKeys ofAnyVersion() {
        anyVersion = true;
        return this;
    }
}
