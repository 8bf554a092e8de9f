package org.mapcask.support;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.format.FormatVersion;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.format.HeaderDescriptor.Identity;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.format.WalChecksum;
import org.mapcask.format.WalDescriptor;
import org.mapcask.segment.SegmentImage;
import org.mapcask.segment.StoreIdentity;
import org.mapcask.wal.Wal;
import org.mapcask.wal.WalFileNames;

/** Builds the bytes of a ring of the write-ahead log through the descriptors, frame by frame, with nothing random. */
public final class WalImage {
    /** Where a frame was put. */
    public record Place(String file, int offset, int length, long firstSequence, long lastSequence) {
    }

    private final long ring;
    private final byte[][] files = new byte[Wal.FILE_COUNT][];
    private final Identity[] identities = new Identity[Wal.FILE_COUNT];
    private final List<Place> frames = new ArrayList<>();
    private final List<byte[]> records = new ArrayList<>();
    private int index;
    private int end = HeaderDescriptor.PAGE_LENGTH;
    private long frameFirst;
    private long nextSequence;

    /** An empty ring of the store of every {@link SegmentImage}. */
    public WalImage(final long ring, final int fileLength, final long firstSequence) {
        this(ring, fileLength, firstSequence, SegmentImage.STORE, FormatVersion.CURRENT);
    }

    /** An empty ring of any store and version. */
    public WalImage(
        final long ring, final int fileLength, final long firstSequence, final StoreIdentity store,
        final int version) {
        this.ring = ring;
        this.nextSequence = firstSequence;
        for (int i = 0; i < files.length; i++) {
            files[i] = new byte[fileLength];
            identities[i] = new Identity(version, HeaderDescriptor.KIND_WAL, store.idHigh(), store.idLow(), i, ring,
                fileLength, 0x7A17_0000L + ring * Wal.FILE_COUNT + i, 0);
            HeaderDescriptor.putIdentity(new UnsafeBuffer(files[i]), identities[i]);
        }
    }

    /** Adds a value to the frame that is being gathered. */
    public WalImage put(final String key, final String value) {
        return add(RecordDescriptor.TYPE_PUT, 0, key, value);
    }

    /** Adds a tombstone to the frame that is being gathered. */
    public WalImage delete(final String key) {
        return add(RecordDescriptor.TYPE_DELETE, 0, key, "");
    }

    /** Adds a record of any kind to the frame that is being gathered. */
    public WalImage add(final int type, final int flags, final String key, final String value) {
        final byte[] keyBytes = key.getBytes(StandardCharsets.ISO_8859_1);
        final byte[] valueBytes = value.getBytes(StandardCharsets.ISO_8859_1);
        final int length = RecordDescriptor.length(flags, keyBytes.length, valueBytes.length);
        final UnsafeBuffer record = new UnsafeBuffer(new byte[RecordDescriptor.alignedLength(length)]);
        RecordDescriptor.putHeader(record, 0, 0x0BADC0DE, nextSequence,
            RecordDescriptor.shape(type, flags, keyBytes.length, valueBytes.length));
        RecordDescriptor.publishLength(record, 0, length);
        record.putBytes(RecordDescriptor.bodyOffset(flags), keyBytes);
        record.putBytes(RecordDescriptor.bodyOffset(flags) + keyBytes.length, valueBytes);
        frameFirst = records.isEmpty() ? nextSequence : frameFirst;
        records.add(record.byteArray());
        nextSequence++;
        return this;
    }

    /** Leaves sequences out, as for records that the segments alone have. */
    public WalImage passOver(final int count) {
        nextSequence += count;
        return this;
    }

    /** Writes what was gathered as a frame. */
    public WalImage frame(final long segmentsDurable) {
        final int payload = records.stream().mapToInt(record -> record.length).sum();
        final int length = WalDescriptor.frameLength(payload);
        if (end + length > files[index].length) {
            index = (index + 1) % files.length;
            end = HeaderDescriptor.PAGE_LENGTH;
        }
        final UnsafeBuffer file = new UnsafeBuffer(files[index]);
        file.setMemory(end, length, (byte)0);
        WalDescriptor.putHeader(
            file, end, payload, records.size(), frameFirst, nextSequence - 1, segmentsDurable);
        int at = end + WalDescriptor.HEADER_LENGTH;
        for (final byte[] record : records) {
            file.putBytes(at, record);
            at += record.length;
        }
        WalDescriptor.putChecksum(file, end, new WalChecksum().of(
            ByteBuffer.wrap(files[index]), end, payload, identities[index].salt(), end));
        frames.add(new Place(WalFileNames.of(ring, index), end, length, frameFirst, nextSequence - 1));
        records.clear();
        end += length;
        return this;
    }

    /** Where the frames are, in their order. */
    public List<Place> frames() {
        return frames;
    }

    /** The files by name; copies. */
    public Map<String, byte[]> image() {
        final Map<String, byte[]> image = new TreeMap<>();
        for (int i = 0; i < files.length; i++) {
            image.put(WalFileNames.of(ring, i), Arrays.copyOf(files[i], files[i].length));
        }
        return image;
    }
}
