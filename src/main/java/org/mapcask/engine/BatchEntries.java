package org.mapcask.engine;

import java.util.Arrays;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.InvalidArgumentException;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.keydir.KeyHash;
import org.mapcask.keydir.Keydir;

/**
 * What a batch holds: copies of keys and values, each where it stands in its record, one record behind the other; and,
 * while it is written, what the writer finds out about each. All memory is on the heap, grows by doubling and is kept
 * by {@link #clear()}. One thread at a time.
 */
public final class BatchEntries {
    /** Most entries of a batch: it bounds how long readers may have to wait for its keydir entries. */
    public static final int COUNT_MAX = 1 << 16;
    /** Most bytes of a batch, counted as {@link #length()} does: it bounds how long other writers wait. */
    public static final int LENGTH_MAX = 64 << 20;

    private static final int FIRST_COUNT = 64;
    private static final int FIRST_LENGTH = 4096;

    private final UnsafeBuffer image = new UnsafeBuffer(new byte[FIRST_LENGTH]);
    private int[] starts = new int[FIRST_COUNT];
    private long[] shapes = new long[FIRST_COUNT];
    private long[] hashes = new long[FIRST_COUNT];
    private long[] found = new long[FIRST_COUNT];
    private int[] foundLengths = new int[FIRST_COUNT];
    private long[] foundExpiries = new long[FIRST_COUNT];
    private long[] positions = new long[FIRST_COUNT];
    private boolean[] written = new boolean[FIRST_COUNT];
    private boolean[] holdsPlace = new boolean[FIRST_COUNT];
    private int[] index = new int[2 * FIRST_COUNT];
    private int count;
    private int length;
    private int longest;

    /**
     * Adds a put, or a delete when {@code value} is null; lengths were checked.
     *
     * @param expiry in milliseconds since 1970, or {@link RecordDescriptor#EXPIRY_NEVER}; without meaning for a delete.
     * @throws InvalidArgumentException when the batch is full; it is as it was then.
     */
    public void add(
        final DirectBuffer key, final int keyOffset, final int keyLength,
        final DirectBuffer value, final int valueOffset, final int valueLength, final long expiry) {
        final int type = value == null ? RecordDescriptor.TYPE_DELETE : RecordDescriptor.TYPE_PUT;
        final int flags = WritePath.flags(type, expiry);
        final int aligned = RecordDescriptor.alignedLength(RecordDescriptor.length(flags, keyLength, valueLength));
        checkRoom(aligned);
        final int end = length + aligned;
        if (end > image.capacity()) {
            final int capacity = (int)Math.min(LENGTH_MAX, Math.max(end, 2L * image.capacity()));
            image.wrap(Arrays.copyOf(image.byteArray(), capacity));
        }
        if (count == starts.length) {
            grow(2 * count);
        }
        final int keyStart = length + RecordDescriptor.bodyOffset(flags);
        image.putLong(end - RecordDescriptor.ALIGNMENT, 0);
        if (flags != 0) {
            RecordDescriptor.putExpiry(image, length, expiry);
        }
        image.putBytes(keyStart, key, keyOffset, keyLength);
        if (valueLength > 0) {
            image.putBytes(keyStart + keyLength, value, valueOffset, valueLength);
        }
        starts[count] = length;
        shapes[count] = RecordDescriptor.shape(type, flags, keyLength, valueLength);
        longest = Math.max(longest, aligned);
        length = end;
        count++;
    }

    /** Adds one without an expiry. */
    public void add(
        final DirectBuffer key, final int keyOffset, final int keyLength,
        final DirectBuffer value, final int valueOffset, final int valueLength) {
        add(key, keyOffset, keyLength, value, valueOffset, valueLength, RecordDescriptor.EXPIRY_NEVER);
    }

    private void checkRoom(final int aligned) {
        if (count == COUNT_MAX) {
            throw new InvalidArgumentException(ErrorText.what("the batch has too many entries").where("the batch")
                .expected("at most " + COUNT_MAX).found("one more").todo("write it, clear it, and go on"));
        }
        if (aligned > LENGTH_MAX - length) {
            throw new InvalidArgumentException(ErrorText.what("the batch is too long").where("the batch")
                .expected("at most " + LENGTH_MAX + " bytes, " + RecordDescriptor.HEADER_LENGTH + " for each entry " +
                    "included").found(length + " bytes and " + aligned + " more")
                .todo("write it, clear it, and go on; write a very long value by itself"));
        }
    }

    private void grow(final int newCount) {
        shapes = Arrays.copyOf(shapes, newCount);
        hashes = Arrays.copyOf(hashes, newCount);
        found = Arrays.copyOf(found, newCount);
        foundLengths = Arrays.copyOf(foundLengths, newCount);
        foundExpiries = Arrays.copyOf(foundExpiries, newCount);
        positions = Arrays.copyOf(positions, newCount);
        written = Arrays.copyOf(written, newCount);
        holdsPlace = Arrays.copyOf(holdsPlace, newCount);
        index = new int[2 * newCount];
        // Last: its length is the one that tells when to grow, should memory end on the way.
        starts = Arrays.copyOf(starts, newCount);
    }

    /** Forgets all entries, and keeps the memory. */
    public void clear() {
        count = 0;
        length = 0;
        longest = 0;
    }

    /** Number of entries that were added. */
    public int count() {
        return count;
    }

    /** Bytes that the entries take in the log if all of them are written: headers and padding included. */
    public int length() {
        return length;
    }

    /** Room that the longest record takes in its segment. */
    int longest() {
        return longest;
    }

    /**
     * Sets up what the writer works with: the hash of each key, and which entries count, the last one of each key. Of
     * the others nothing could ever be seen, so they are not written.
     */
    void prepare(final long hashSeed) {
        final int mask = BitUtil.findNextPositivePowerOfTwo(2 * Math.max(1, count)) - 1;
        Arrays.fill(index, 0, mask + 1, 0);
        for (int i = 0; i < count; i++) {
            final long hash = KeyHash.hash(image, keyStart(i), keyLength(i), hashSeed);
            hashes[i] = hash;
            found[i] = Keydir.NOT_FOUND;
            written[i] = true;
            holdsPlace[i] = false;
            int at = (int)(hash ^ hash >>> 32) & mask;
            while (index[at] != 0 && !isSameKey(index[at] - 1, i)) {
                at = at + 1 & mask;
            }
            if (index[at] != 0) {
                written[index[at] - 1] = false;
            }
            index[at] = i + 1;
        }
    }

    private boolean isSameKey(final int a, final int b) {
        final int keyLength = keyLength(a);
        return hashes[a] == hashes[b] && keyLength == keyLength(b) && Arrays.equals(
            image.byteArray(), keyStart(a), keyStart(a) + keyLength,
            image.byteArray(), keyStart(b), keyStart(b) + keyLength);
    }

    UnsafeBuffer image() {
        return image;
    }

    int start(final int i) {
        return starts[i];
    }

    int keyStart(final int i) {
        return starts[i] + RecordDescriptor.bodyOffset(RecordDescriptor.flags(shapes[i]));
    }

    int keyLength(final int i) {
        return RecordDescriptor.keyLength(shapes[i]);
    }

    boolean isPut(final int i) {
        return RecordDescriptor.type(shapes[i]) == RecordDescriptor.TYPE_PUT;
    }

    /** Shape with the place in the batch. */
    long shape(final int i, final int place) {
        final long shape = shapes[i];
        return RecordDescriptor.shape(RecordDescriptor.type(shape), RecordDescriptor.flags(shape) | place,
            RecordDescriptor.keyLength(shape), RecordDescriptor.valueLength(shape));
    }

    /** Length of the record, without padding. */
    int recordLength(final int i) {
        final long shape = shapes[i];
        return RecordDescriptor.length(RecordDescriptor.flags(shape), RecordDescriptor.keyLength(shape),
            RecordDescriptor.valueLength(shape));
    }

    int alignedLength(final int i) {
        return (i + 1 < count ? starts[i + 1] : length) - starts[i];
    }

    long hash(final int i) {
        return hashes[i];
    }

    /** Whether the entry gets a record. */
    boolean isWritten(final int i) {
        return written[i];
    }

    void notWritten(final int i) {
        written[i] = false;
    }

    /** When the entry expires, or {@link RecordDescriptor#EXPIRY_NEVER}. */
    long expiry(final int i) {
        return (RecordDescriptor.flags(shapes[i]) & RecordDescriptor.FLAG_EXPIRY) == 0 ?
            RecordDescriptor.EXPIRY_NEVER : RecordDescriptor.expiry(image, starts[i]);
    }

    /** Where the key is now, or {@link Keydir#NOT_FOUND}, the room that the record there takes, and its expiry. */
    void found(final int i, final long position, final int alignedLength, final long expiry) {
        found[i] = position;
        foundLengths[i] = alignedLength;
        foundExpiries[i] = expiry;
    }

    long found(final int i) {
        return found[i];
    }

    long foundExpiry(final int i) {
        return foundExpiries[i];
    }

    int foundLength(final int i) {
        return foundLengths[i];
    }

    /** Whether a place in the keydir is kept for the entry. */
    void holdsPlace(final int i, final boolean holds) {
        holdsPlace[i] = holds;
    }

    boolean holdsPlace(final int i) {
        return holdsPlace[i];
    }

    /** Where the record of the entry was written. */
    void position(final int i, final long position) {
        positions[i] = position;
    }

    long position(final int i) {
        return positions[i];
    }
}
