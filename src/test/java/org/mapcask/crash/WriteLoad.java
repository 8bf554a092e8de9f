package org.mapcask.crash;

import java.util.SplittableRandom;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.Mapcask;
import org.mapcask.support.Payload;

/**
 * A load of puts, overwrites, deletes and conditional writes in which everything follows from a seed: version 1, 2, 3 …
 * of each key is absent or has a known value. Each key has one writer, so the ledger tells which versions a store may
 * hold. Also the check of a store against the ledger.
 */
final class WriteLoad {
    /** Keys of a load. */
    static final int KEYS = 400;
    /** Threads that write; key k belongs to thread {@code k % THREADS}. */
    static final int THREADS = 2;

    private static final int ABSENT = -1;
    private static final int VALUE_LENGTH_MAX = 130 * 1024;
    private static final int OPERATIONS_PER_SYNC = 150;

    private final long seed;
    private final Mapcask store;
    private final Ledger ledger;

    WriteLoad(final long seed, final Mapcask store, final Ledger ledger) {
        this.seed = seed;
        this.store = store;
        this.ledger = ledger;
    }

    /** Length of the value of a version, or {@link #ABSENT}: most are short, some do not fit into a segment. */
    private int lengthOf(final int key, final long version) {
        final SplittableRandom random = new SplittableRandom(Payload.mix(Payload.mix(seed + key) + version));
        final int choice = random.nextInt(100);
        if (version == 0 || choice < 20) {
            return ABSENT;
        }
        if (choice < 70) {
            return random.nextInt(200);
        }
        if (choice < 90) {
            return random.nextInt(2048);
        }
        return choice < 96 ? 16 * 1024 - 64 + random.nextInt(128) :
            choice < 99 ? random.nextInt(40 * 1024) : 60 * 1024 + random.nextInt(70 * 1024);
    }

    private static byte[] keyOf(final int key) {
        final byte[] bytes = new byte[key % 97 == 0 ? 20_000 : key % 10 == 0 ? 300 : 8];
        new UnsafeBuffer(bytes).putInt(0, key);
        return bytes;
    }

    /** Writes until the process is killed, or an answer of the store is wrong: then an error. */
    void run(final int thread, final long randomSeed) {
        final SplittableRandom random = new SplittableRandom(randomSeed);
        final MutableDirectBuffer before = new ExpandableArrayBuffer(VALUE_LENGTH_MAX);
        final MutableDirectBuffer after = new ExpandableArrayBuffer(VALUE_LENGTH_MAX);
        for (int i = 1; true; i++) {
            final int key = random.nextInt(KEYS / THREADS) * THREADS + thread;
            final long version = ledger.acknowledged(key) + 1;
            ledger.begin(key, version);
            write(random, key, version, before, after);
            ledger.acknowledge(key, version);
            if (i % OPERATIONS_PER_SYNC == 0) {
                store.sync();
            }
        }
    }

    private void write(
        final SplittableRandom random, final int key, final long version, final MutableDirectBuffer before,
        final MutableDirectBuffer after) {
        final UnsafeBuffer keyBuffer = new UnsafeBuffer(keyOf(key));
        final int keyLength = keyBuffer.capacity();
        final int oldLength = lengthOf(key, version - 1);
        final int newLength = lengthOf(key, version);
        final boolean done;
        if (newLength == ABSENT) {
            done = store.delete(keyBuffer, 0, keyLength) == (oldLength != ABSENT);
        } else {
            Payload.fill(after, 0, newLength, key, version);
            final int choice = random.nextInt(3);
            if (choice == 0) {
                store.put(keyBuffer, 0, keyLength, after, 0, newLength);
                done = true;
            } else if (oldLength == ABSENT) {
                done = store.putIfAbsent(keyBuffer, 0, keyLength, after, 0, newLength);
            } else if (choice == 1) {
                done = store.replace(keyBuffer, 0, keyLength, after, 0, newLength);
            } else {
                Payload.fill(before, 0, oldLength, key, version - 1);
                done = store.compareAndSet(keyBuffer, 0, keyLength, before, 0, oldLength, after, 0, newLength);
            }
        }
        if (!done) {
            throw new IllegalStateException("key " + key + " was not as version " + (version - 1) + " left it");
        }
    }

    /**
     * Checks that each key has its acknowledged version, or the one that was begun when the writer died, and that
     * nothing else is there; and settles the ledger on what is there.
     *
     * @throws IllegalStateException that tells the first fault.
     */
    void checkAndSettle() {
        final UnsafeBuffer value = new UnsafeBuffer(new byte[VALUE_LENGTH_MAX]);
        int present = 0;
        for (int key = 0; key < KEYS; key++) {
            final UnsafeBuffer keyBuffer = new UnsafeBuffer(keyOf(key));
            final int length = store.get(keyBuffer, 0, keyBuffer.capacity(), value, 0, value.capacity());
            final long acknowledged = ledger.acknowledged(key);
            final long begun = ledger.begun(key);
            final String begunFault = fault(key, begun, value, length);
            final String acknowledgedFault = fault(key, acknowledged, value, length);
            if (begunFault != null && acknowledgedFault != null) {
                throw new IllegalStateException("key " + key + ": acknowledged version " + acknowledged + ", begun "
                    + begun + ": " + acknowledgedFault);
            }
            final long settled = begunFault == null ? begun : acknowledged;
            ledger.begin(key, settled);
            ledger.acknowledge(key, settled);
            present += length == Mapcask.NOT_FOUND ? 0 : 1;
        }
        if (store.size() != present) {
            throw new IllegalStateException("size() is " + store.size() + " where " + present + " keys are present");
        }
        checkThatNothingElseIsThere(present);
    }

    private void checkThatNothingElseIsThere(final int present) {
        final boolean[] seen = new boolean[KEYS];
        final int[] count = new int[1];
        store.forEach((keyBuffer, keyOffset, keyLength, value, valueOffset, valueLength) -> {
            final int key = keyLength < Integer.BYTES ? -1 : keyBuffer.getInt(keyOffset);
            if (key < 0 || key >= KEYS || keyLength != keyOf(key).length || seen[key]) {
                throw new IllegalStateException("forEach shows a key of " + keyLength + " bytes with number " + key
                    + " that was never written, or shows it twice");
            }
            seen[key] = true;
            count[0]++;
            final String fault = fault(key, ledger.acknowledged(key), value, valueOffset, valueLength);
            if (fault != null) {
                throw new IllegalStateException("forEach, key " + key + ": " + fault);
            }
        });
        if (count[0] != present) {
            throw new IllegalStateException("forEach shows " + count[0] + " keys where " + present + " are present");
        }
    }

    private String fault(final int key, final long version, final MutableDirectBuffer value, final int length) {
        return fault(key, version, value, 0, length);
    }

    private String fault(
        final int key, final long version, final DirectBuffer value, final int offset, final int length) {
        final int expected = lengthOf(key, version);
        if (expected != length) {
            return "length is " + length + " where version " + version + " has " + expected + " (-1: absent)";
        }
        return length == ABSENT ? null : Payload.fault(value, offset, length, key, version);
    }
}
