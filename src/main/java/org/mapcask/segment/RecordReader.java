package org.mapcask.segment;

import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.errors.CorruptionException;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.StoreIoException;
import org.mapcask.format.RecordChecksum;
import org.mapcask.format.RecordDescriptor;

/**
 * Reads records out of segments by copying: the checksum is taken over the copy, so that what was checked is what is
 * handed out, and a page that cannot be read shows as a wrong checksum. Holds the record that was looked at last: its
 * beginning at once, the rest up to {@link #COPY_LENGTH} bytes when it is asked for, so that who wants the key or the
 * length only does not wait for the value; longer records go through the copy piece by piece. One thread at a time,
 * and inside a reading context, so that no segment vanishes under it. Allocates nothing after construction but on
 * the first read of an unmapped segment.
 */
public final class RecordReader {
    /** Records up to this many bytes are copied whole; longer ones in pieces of this length. */
    public static final int COPY_LENGTH = 16 * 1024;

    /** What stands before the key, at most. */
    private static final int HEAD_LENGTH = RecordDescriptor.HEADER_LENGTH + RecordDescriptor.EXPIRY_LENGTH;
    /** What a look at a record copies of it at once if its value may be wanted: short records whole. */
    private static final int FIRST_COPY_LENGTH = 256;
    /** The same of a segment that is not mapped, where each further piece takes a call. */
    private static final int FIRST_READ_LENGTH = 1024;

    private final SegmentTable table;
    private final boolean verify;
    private final byte[] copy = new byte[COPY_LENGTH];
    private final UnsafeBuffer copyBuffer = new UnsafeBuffer(copy);
    private final RecordChecksum checksum = new RecordChecksum();
    private ByteBuffer window;

    private Segment segment;
    private int offset;
    private int length;
    private long shape;
    private long expiry;
    private boolean whole;
    /** Bytes from the beginning of the record on that are in the copy, of one that is copied whole. */
    private int copied;

    /**
     * A reader.
     *
     * @param table  finds the segment of a position.
     * @param verify whether values are handed out only after their checksum was found right.
     */
    public RecordReader(final SegmentTable table, final boolean verify) {
        this.table = table;
        this.verify = verify;
    }

    /**
     * Looks at the record at a position, and compares its key; for somebody who then asks for the value.
     *
     * @return whether the key is this one; the other methods then speak of this record.
     * @throws CorruptionException when the bytes there are no record, or its key is another one and its checksum is
     *      wrong.
     */
    public boolean load(final long position, final DirectBuffer key, final int keyOffset, final int keyLength) {
        load(position, FIRST_COPY_LENGTH, FIRST_READ_LENGTH);
        return hasKey(key, keyOffset, keyLength);
    }

    /** As {@link #load(long, DirectBuffer, int, int)}, for somebody who mostly does without the value. */
    public boolean loadHead(final long position, final DirectBuffer key, final int keyOffset, final int keyLength) {
        final int headLength = Math.min(COPY_LENGTH, HEAD_LENGTH + keyLength);
        load(position, headLength, headLength);
        return hasKey(key, keyOffset, keyLength);
    }

    private boolean hasKey(final DirectBuffer key, final int keyOffset, final int keyLength) {
        if (RecordDescriptor.keyLength(shape) == keyLength && keyEquals(key, keyOffset, keyLength)) {
            return true;
        }
        if (verify) {
            check();
        }
        return false;
    }

    /** Looks at the record at a position. */
    public void load(final long position) {
        load(position, FIRST_COPY_LENGTH, FIRST_READ_LENGTH);
    }

    /** Looks at the record at a position, for somebody who mostly does without key and value. */
    public void loadShape(final long position) {
        load(position, HEAD_LENGTH, HEAD_LENGTH);
    }

    private void load(final long position, final int atOnce, final int atOnceUnmapped) {
        segment = table.segmentAt(position);
        offset = (int)(position - segment.basePosition());
        final UnsafeBuffer mapped = segment.buffer();
        if (mapped == null) {
            loadUnmapped(atOnceUnmapped);
            return;
        }
        length = RecordDescriptor.lengthAcquire(mapped, offset);
        if (length <= RecordDescriptor.HEADER_LENGTH || length > segment.length() - offset) {
            throw corrupt("record has an impossible length", "a record", length + " bytes");
        }
        whole = length <= COPY_LENGTH;
        copied = Math.min(length, whole ? atOnce : HEAD_LENGTH);
        copyMapped(mapped, offset, copied, 0);
        readShape();
    }

    private void loadUnmapped(final int atOnce) {
        final int available = segment.length() - offset;
        final int have = readUnmapped(offset, Math.min(atOnce, available), 0);
        if (have < RecordDescriptor.HEADER_LENGTH) {
            throw corrupt("segment ends inside a record", "a record header", have + " bytes");
        }
        length = RecordDescriptor.length(copyBuffer, 0);
        if (length <= RecordDescriptor.HEADER_LENGTH || length > available) {
            throw corrupt("record has an impossible length", "a record", length + " bytes");
        }
        whole = length <= COPY_LENGTH;
        copied = Math.min(length, have);
        readShape();
    }

    /** Copies what is missing of the first bytes of a record that is copied whole. */
    private void complete(final int count) {
        if (copied < count) {
            fetch(offset + copied, count - copied, copied);
            copied = count;
        }
    }

    private void readShape() {
        shape = RecordDescriptor.shape(copyBuffer, 0);
        if (!RecordDescriptor.isPlausible(length, shape, segment.length() - (long)offset)) {
            throw corrupt("record header makes no sense", "a known type and lengths that add up",
                "length " + length + ", shape 0x" + Long.toHexString(shape));
        }
        if (hasExpiry()) {
            expiry = RecordDescriptor.expiry(copyBuffer, 0);
        }
    }

    /** Type, flags, and lengths of the record. */
    public long shape() {
        return shape;
    }

    /** Type of the record. */
    public int type() {
        return RecordDescriptor.type(shape);
    }

    /** Sequence of the record. */
    public long sequence() {
        return RecordDescriptor.sequence(copyBuffer, 0);
    }

    /** Length of the key in bytes. */
    public int keyLength() {
        return RecordDescriptor.keyLength(shape);
    }

    /** Length of the value in bytes. */
    public int valueLength() {
        return RecordDescriptor.valueLength(shape);
    }

    /** Whether the record has an expiry. */
    public boolean hasExpiry() {
        return (RecordDescriptor.flags(shape) & RecordDescriptor.FLAG_EXPIRY) != 0;
    }

    /** Expiry in milliseconds since 1970, not checked yet; {@link RecordDescriptor#EXPIRY_NEVER} if it has none. */
    public long expiry() {
        return hasExpiry() ? expiry : RecordDescriptor.EXPIRY_NEVER;
    }

    /** Room that the record takes in its segment. */
    public int alignedLength() {
        return RecordDescriptor.alignedLength(length);
    }

    /** Segment that holds the record. */
    public Segment segment() {
        return segment;
    }

    /** Offset of the record in its segment. */
    public int offset() {
        return offset;
    }

    /**
     * Copies the value, after its checksum was found right.
     *
     * @throws CorruptionException when it was not; the destination then holds nothing of use.
     */
    public void copyValue(final MutableDirectBuffer destination, final int destinationOffset) {
        if (whole) {
            completeAndCheck();
            destination.putBytes(destinationOffset, copy, valueOffset(), valueLength());
        } else {
            walk(destination, destinationOffset, null, 0);
        }
    }

    /** Whether the value equals these bytes; checked first, like any value. */
    public boolean valueEquals(final DirectBuffer expected, final int expectedOffset, final int expectedLength) {
        if (expectedLength != valueLength()) {
            return false;
        }
        if (whole) {
            completeAndCheck();
            return rangeEquals(copyBuffer, valueOffset(), expected, expectedOffset, expectedLength);
        }
        return walk(null, 0, expected, expectedOffset);
    }

    /**
     * The whole record as one buffer: this reader's copy, or a fresh array for a longer one. Checked. Valid until
     * the next call of {@code load}.
     */
    public DirectBuffer record() {
        if (whole) {
            completeAndCheck();
            return copyBuffer;
        }
        final UnsafeBuffer all = new UnsafeBuffer(new byte[length]);
        all.putBytes(0, copy, 0, RecordDescriptor.HEADER_LENGTH);
        walk(all, valueOffset(), null, 0);
        for (int at = RecordDescriptor.HEADER_LENGTH; at < valueOffset(); at += COPY_LENGTH) {
            final int piece = Math.min(COPY_LENGTH, valueOffset() - at);
            fetch(offset + at, piece, 0);
            all.putBytes(at, copy, 0, piece);
        }
        fetch(offset, RecordDescriptor.HEADER_LENGTH, 0);
        return all;
    }

    /** Offset of the key in {@link #record()}. */
    public int keyOffset() {
        return RecordDescriptor.bodyOffset(RecordDescriptor.flags(shape));
    }

    /** Offset of the value in {@link #record()}. */
    public int valueOffset() {
        return keyOffset() + keyLength();
    }

    /** The key in a new array, whether or not the record is sound. */
    public byte[] uncheckedKey() {
        final byte[] key = new byte[keyLength()];
        if (whole) {
            complete(valueOffset());
            System.arraycopy(copy, keyOffset(), key, 0, key.length);
            return key;
        }
        for (int at = 0; at < key.length; at += COPY_LENGTH) {
            final int piece = Math.min(COPY_LENGTH, key.length - at);
            fetch(offset + keyOffset() + at, piece, 0);
            System.arraycopy(copy, 0, key, at, piece);
        }
        fetch(offset, RecordDescriptor.HEADER_LENGTH, 0);
        return key;
    }

    private void completeAndCheck() {
        if (verify) {
            check();
        } else {
            complete(length);
        }
    }

    /** Compares the checksum of the whole record; throws when it is wrong. */
    public void check() {
        if (!whole) {
            walk(null, 0, null, 0);
            return;
        }
        complete(length);
        checksum.reset();
        checksum.update(copy, RecordDescriptor.HEADER_LENGTH, length - RecordDescriptor.HEADER_LENGTH);
        compareChecksum(RecordDescriptor.checksum(copyBuffer, 0), RecordDescriptor.sequence(copyBuffer, 0));
    }

    /** Sums up a long record piece by piece; on the way copies its value out, or compares it. */
    private boolean walk(
        final MutableDirectBuffer destination, final int destinationOffset, final DirectBuffer expected,
        final int expectedOffset) {
        final int stored = RecordDescriptor.checksum(copyBuffer, 0);
        final long sequence = RecordDescriptor.sequence(copyBuffer, 0);
        final int valueStart = valueOffset();
        boolean equal = true;
        checksum.reset();
        for (int at = RecordDescriptor.HEADER_LENGTH; at < length; at += COPY_LENGTH) {
            final int piece = Math.min(COPY_LENGTH, length - at);
            fetch(offset + at, piece, 0);
            checksum.update(copy, 0, piece);
            final int skip = Math.min(piece, Math.max(0, valueStart - at));
            final int valueAt = at + skip - valueStart;
            if (destination != null && piece > skip) {
                destination.putBytes(destinationOffset + valueAt, copy, skip, piece - skip);
            }
            if (expected != null && equal && piece > skip) {
                equal = rangeEquals(copyBuffer, skip, expected, expectedOffset + valueAt, piece - skip);
            }
        }
        fetch(offset, RecordDescriptor.HEADER_LENGTH, 0);
        if (verify) {
            compareChecksum(stored, sequence);
        }
        return equal;
    }

    private void compareChecksum(final int stored, final long sequence) {
        final int computed = checksum.finish(sequence, shape, segment.salt(), offset, length);
        if (computed != stored) {
            throw corrupt("record fails its checksum", "0x" + Integer.toHexString(stored),
                "0x" + Integer.toHexString(computed));
        }
    }

    private boolean keyEquals(final DirectBuffer key, final int keyOffset, final int keyLength) {
        final int start = RecordDescriptor.bodyOffset(RecordDescriptor.flags(shape));
        if (whole) {
            complete(start + keyLength);
            return rangeEquals(copyBuffer, start, key, keyOffset, keyLength);
        }
        boolean equal = true;
        for (int at = 0; at < keyLength && equal; at += COPY_LENGTH / 2) {
            final int piece = Math.min(COPY_LENGTH / 2, keyLength - at);
            fetch(offset + start + at, piece, COPY_LENGTH / 2);
            equal = rangeEquals(copyBuffer, COPY_LENGTH / 2, key, keyOffset + at, piece);
        }
        return equal;
    }

    private void fetch(final int from, final int count, final int copyOffset) {
        final UnsafeBuffer mapped = segment.buffer();
        if (mapped != null) {
            copyMapped(mapped, from, count, copyOffset);
        } else {
            fetchUnmapped(from, count, copyOffset);
        }
    }

    /** A page that cannot be read is an InternalError; on JDK 17 at times wrong bytes, which the checksum finds. */
    private void copyMapped(final UnsafeBuffer mapped, final int from, final int count, final int copyOffset) {
        try {
            mapped.getBytes(from, copy, copyOffset, count);
        } catch (final InternalError ex) {
            throw new StoreIoException(ErrorText.what("a page of the segment cannot be read")
                .where(segment.file().path(), from).expected(count + " bytes").found(ex.getMessage())
                .todo("look for errors of the disk in the kernel log; run `verify` on the store"), ex);
        }
    }

    private void fetchUnmapped(final int from, final int count, final int copyOffset) {
        final int read = readUnmapped(from, count, copyOffset);
        if (read < count) {
            throw corrupt("segment ends inside a record", count + " bytes from " + from, read + " bytes");
        }
    }

    private int readUnmapped(final int from, final int count, final int copyOffset) {
        if (window == null) {
            window = ByteBuffer.allocateDirect(COPY_LENGTH);
        }
        window.clear().limit(count);
        final int read = segment.file().read(from, window);
        window.flip();
        window.get(copy, copyOffset, read);
        return read;
    }

    private static boolean rangeEquals(
        final DirectBuffer a, final int aOffset, final DirectBuffer b, final int bOffset, final int count) {
        int i = 0;
        for (; i + Long.BYTES <= count; i += Long.BYTES) {
            if (a.getLong(aOffset + i) != b.getLong(bOffset + i)) {
                return false;
            }
        }
        for (; i < count; i++) {
            if (a.getByte(aOffset + i) != b.getByte(bOffset + i)) {
                return false;
            }
        }
        return true;
    }

    private CorruptionException corrupt(final String what, final Object expected, final Object found) {
        return new CorruptionException(segment.name(), offset, ErrorText.what(what)
            .where(segment.file().path(), offset).expected(expected).found(found)
            .todo("run `verify` on the store, then restore the file from a backup, or copy the rest with " +
                "`recover DIR DEST`"));
    }
}
