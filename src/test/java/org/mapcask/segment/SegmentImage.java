package org.mapcask.segment;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.format.FormatVersion;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.format.HeaderDescriptor.Identity;
import org.mapcask.format.HeaderDescriptor.Seal;
import org.mapcask.format.HeaderDescriptor.Watermark;
import org.mapcask.format.MergeDescriptor;
import org.mapcask.format.RecordChecksum;
import org.mapcask.format.RecordDescriptor;

/** Builds the bytes of a segment through the descriptors, record by record, with nothing random in it. */
public final class SegmentImage {
    /** Store id, seed and so on of every image. */
    public static final StoreIdentity STORE = new StoreIdentity(0x0123456789ABCDEFL, 0x76543210FEDCBA98L, 0x5EED);

    private final Identity identity;
    private final byte[] bytes;
    private final UnsafeBuffer buffer;
    private final List<Integer> offsets = new ArrayList<>();
    private final long firstSequence;
    private long nextSequence;
    private int end = HeaderDescriptor.PAGE_LENGTH;
    private long generation;
    private boolean walInUse;

    /** A segment that was taken into use, with its first watermark. */
    public SegmentImage(final long id, final int length, final long firstSequence) {
        this(new Identity(FormatVersion.CURRENT, HeaderDescriptor.KIND_LOG, STORE.idHigh(), STORE.idLow(), id,
            id * SegmentTable.UNIT_LENGTH, length, 0x5A17_0000_0000L + id, STORE.hashSeed()), firstSequence);
    }

    /** A merged segment: no watermark; {@link #at} tells the sequence of each record. */
    public static SegmentImage merged(final long id, final int length) {
        return new SegmentImage(new Identity(FormatVersion.CURRENT, HeaderDescriptor.KIND_MERGED, STORE.idHigh(),
            STORE.idLow(), id, id * SegmentTable.UNIT_LENGTH, length, 0x5A17_0000_0000L + id, STORE.hashSeed()), 0);
    }

    /** The next record has this sequence. */
    public SegmentImage at(final long sequence) {
        nextSequence = sequence;
        return this;
    }

    /** Seals a merged segment. */
    public SegmentImage sealed(final long lowest, final long highest) {
        HeaderDescriptor.putSeal(buffer, identity.salt(), new Seal(end, lowest, highest));
        return this;
    }

    /** Makes a merged segment the carrier of a commit. */
    public SegmentImage commit(
        final List<Long> outputs, final List<Long> inputs, final MergeDescriptor.Range... ranges) {
        MergeDescriptor.putCommit(
            buffer, identity.salt(), new MergeDescriptor.Commit(outputs, inputs, List.of(ranges)));
        return this;
    }

    /** Stamps a merged segment. */
    public SegmentImage stamped() {
        MergeDescriptor.putStamp(buffer, identity.salt());
        return this;
    }

    /** A segment with any identity. */
    public SegmentImage(final Identity identity, final long firstSequence) {
        this.identity = identity;
        this.bytes = new byte[(int)identity.length()];
        this.buffer = new UnsafeBuffer(bytes);
        this.firstSequence = firstSequence;
        this.nextSequence = firstSequence;
        HeaderDescriptor.putIdentity(buffer, identity);
        if (firstSequence > 0) {
            watermark(HeaderDescriptor.PAGE_LENGTH, 0, false);
        }
    }

    /** Appends a value. */
    public SegmentImage put(final String key, final String value) {
        return append(RecordDescriptor.TYPE_PUT, 0, 0, key, value);
    }

    /** Appends a tombstone. */
    public SegmentImage delete(final String key) {
        return append(RecordDescriptor.TYPE_DELETE, 0, 0, key, "");
    }

    /** Appends a record of any kind; the expiry counts only with its flag. */
    public SegmentImage append(
        final int type, final int flags, final long expiryMs, final String key, final String value) {
        final byte[] keyBytes = key.getBytes(StandardCharsets.ISO_8859_1);
        final byte[] valueBytes = value.getBytes(StandardCharsets.ISO_8859_1);
        final int length = RecordDescriptor.length(flags, keyBytes.length, valueBytes.length);
        final long shape = RecordDescriptor.shape(type, flags, keyBytes.length, valueBytes.length);
        final int body = end + RecordDescriptor.bodyOffset(flags);
        if ((flags & RecordDescriptor.FLAG_EXPIRY) != 0) {
            RecordDescriptor.putExpiry(buffer, end, expiryMs);
        }
        buffer.putBytes(body, keyBytes);
        buffer.putBytes(body + keyBytes.length, valueBytes);
        final RecordChecksum checksum = new RecordChecksum();
        checksum.update(bytes, end + RecordDescriptor.HEADER_LENGTH, length - RecordDescriptor.HEADER_LENGTH);
        final int sum = checksum.finish(nextSequence, shape, identity.salt(), end, length);
        RecordDescriptor.putHeader(buffer, end, sum, nextSequence, shape);
        RecordDescriptor.publishLength(buffer, end, length);
        offsets.add(end);
        end += RecordDescriptor.alignedLength(length);
        nextSequence++;
        return this;
    }

    /** The watermarks from now on say that commits are in the write-ahead log. */
    public SegmentImage walInUse() {
        walInUse = true;
        return this;
    }

    /** Writes the next watermark. */
    public SegmentImage watermark(final int endOffset, final long lastDurableSequence, final boolean clean) {
        generation++;
        HeaderDescriptor.putWatermark(
            buffer, identity.salt(),
            new Watermark(generation, endOffset, firstSequence, lastDurableSequence, clean, walInUse));
        return this;
    }

    /** A watermark that says everything so far is durable. */
    public SegmentImage synced() {
        return watermark(end, nextSequence - 1, false);
    }

    /** A watermark as a proper close leaves it. */
    public SegmentImage closed() {
        return synced().watermark(end, nextSequence - 1, true);
    }

    /** Seals. */
    public SegmentImage sealed() {
        HeaderDescriptor.putSeal(buffer, identity.salt(), new Seal(end, firstSequence, nextSequence - 1));
        return this;
    }

    /** The bytes themselves. */
    public byte[] bytes() {
        return bytes;
    }

    /** The bytes as a buffer. */
    public UnsafeBuffer buffer() {
        return buffer;
    }

    /** Offset of a record, by its number from 0 on. */
    public int offset(final int index) {
        return offsets.get(index);
    }

    /** Offset behind the last record. */
    public int end() {
        return end;
    }

    /** Sequence that the next record gets. */
    public long nextSequence() {
        return nextSequence;
    }

    /** Who the segment is. */
    public Identity identity() {
        return identity;
    }

    /** Name of its file. */
    public String name() {
        return SegmentFileNames.of(identity.segmentId());
    }
}
