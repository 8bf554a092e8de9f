package org.mapcask.lab.workload;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.Mapcask;

/**
 * Records of a store that are written over, and which version each has. One thread writes a given key: it enters the
 * version here first, then puts it. So whoever reads the key meanwhile finds a version between the one before that
 * which was here when the read began, and the one which is here when it has ended.
 *
 * <p>Thread-safe under that rule. 4 bytes a key.
 */
public final class Contents {
    private final Mapcask store;
    private final Records records;
    private final AtomicIntegerArray versions;

    /**
     * Begins with nothing in the store.
     *
     * @param store   owned by the caller.
     * @param records at most 2^31 - 1.
     */
    public Contents(final Mapcask store, final Records records) {
        this.store = store;
        this.records = records;
        this.versions = new AtomicIntegerArray(Math.toIntExact(records.count()));
    }

    /** The store. */
    public Mapcask store() {
        return store;
    }

    /** The records. */
    public Records records() {
        return records;
    }

    /** Puts each key once, in an order that looks random. */
    public void load(final long seed) {
        final Permutation order = new Permutation(records.count(), seed);
        final UnsafeBuffer key = records.newKeyBuffer();
        final UnsafeBuffer value = records.newValueBuffer();
        for (long place = 0; place < records.count(); place++) {
            final long index = order.at(place);
            store.put(key, 0, records.key(index, key), value, 0, records.value(index, 0, value));
        }
    }

    /** The version that a key has, or is about to get. */
    public int version(final long index) {
        return versions.getAcquire((int) index);
    }

    /** Gives a key its next version; the caller, the only one who writes this key, puts it then. */
    public int next(final long index) {
        final int version = versions.getPlain((int) index) + 1;
        versions.setRelease((int) index, version);
        return version;
    }

    /** Whether an answer may be right that was read while the key was written. */
    public boolean matches(
        final long index, final int versionBefore, final int versionAfter, final DirectBuffer value,
        final int length) {
        for (int version = versionAfter; version >= Math.max(0, versionBefore - 1); version--) {
            if (records.matches(index, version, value, 0, length)) {
                return true;
            }
        }
        return false;
    }

    /** Reads each key while nobody writes, and counts those without the value that was put last. */
    public long wrong() {
        final UnsafeBuffer key = records.newKeyBuffer();
        final UnsafeBuffer value = records.newValueBuffer();
        long wrong = Math.abs(store.size() - records.count());
        for (long index = 0; index < records.count(); index++) {
            final int length = store.get(key, 0, records.key(index, key), value, 0, value.capacity());
            wrong += length >= 0 && records.matches(index, version(index), value, 0, length) ? 0 : 1;
        }
        return wrong;
    }
}
