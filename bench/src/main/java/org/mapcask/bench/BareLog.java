package org.mapcask.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.format.RecordChecksum;
import org.mapcask.format.RecordDescriptor;

/**
 * The floor: a mapped log without an index, a lock or recovery, that copies the same bytes as Mapcask and computes
 * the same checksum over them. A store cannot be faster; how near it comes is what a comparison shows.
 *
 * <p>All segments are made and mapped by the constructor, so an append never waits for a file. Their pages are not
 * touched beforehand. A record is found by its position, which {@link #append} returned.
 *
 * <p>One thread appends; any number read, each with its own {@link Reader}, and only after the appends that they look
 * for are over. Reading after {@link #close()} ends the JVM: this class is for benchmarks only.
 */
public final class BareLog implements AutoCloseable {
    private static final long SALT = 0x5EEDL;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    private final int segmentLength;
    private final MappedByteBuffer[] mappings;
    private final UnsafeBuffer[] segments;
    private final ByteBuffer[] views;
    private final RecordChecksum checksum = new RecordChecksum();
    private int segment;
    private int offset;
    private long sequence;
    private boolean closed;

    /**
     * Makes the files and maps them.
     *
     * @param directory     receives the segments; made if it is not there.
     * @param segmentLength bytes of each segment.
     * @param capacity      bytes of records that must fit, padding at the ends of segments not counted.
     */
    public BareLog(final Path directory, final int segmentLength, final long capacity) {
        this.segmentLength = segmentLength;
        final int count = (int) (capacity / segmentLength) + 2;
        mappings = new MappedByteBuffer[count];
        segments = new UnsafeBuffer[count];
        views = new ByteBuffer[count];
        try {
            Files.createDirectories(directory);
            for (int i = 0; i < count; i++) {
                mappings[i] = map(directory.resolve(String.format(Locale.ROOT, "bare-%05d.log", i)));
                segments[i] = new UnsafeBuffer(mappings[i]);
                views[i] = mappings[i].duplicate();
            }
        } catch (final IOException e) {
            throw new UncheckedIOException("cannot make the segments of a bare log", e);
        }
    }

    private MappedByteBuffer map(final Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(
            file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(1), segmentLength - 1L);
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, segmentLength);
        }
    }

    /**
     * Bytes that a record takes in the log.
     *
     * @param keyLength   bytes of the key.
     * @param valueLength bytes of the value.
     * @return header, key and value, aligned.
     */
    public static int recordLength(final int keyLength, final int valueLength) {
        return BitUtil.align(RecordDescriptor.HEADER_LENGTH + keyLength + valueLength, RecordDescriptor.ALIGNMENT);
    }

    /**
     * Where the record of an index stands if all records have one length: nothing has to be remembered.
     *
     * @param index        number of the append, from 0.
     * @param recordLength bytes of each record in the log.
     * @return its position.
     */
    public long position(final long index, final int recordLength) {
        final long perSegment = segmentLength / recordLength;
        return index / perSegment * segmentLength + index % perSegment * recordLength;
    }

    /**
     * Appends a record.
     *
     * @param key         holds the key.
     * @param keyLength   bytes of the key, from offset 0.
     * @param value       holds the value.
     * @param valueLength bytes of the value, from offset 0.
     * @return its position.
     * @throws IndexOutOfBoundsException if the log is full.
     */
    public long append(final DirectBuffer key, final int keyLength, final DirectBuffer value, final int valueLength) {
        final int length = RecordDescriptor.HEADER_LENGTH + keyLength + valueLength;
        final int aligned = BitUtil.align(length, RecordDescriptor.ALIGNMENT);
        if (offset + aligned > segmentLength) {
            segment++;
            offset = 0;
        }
        final UnsafeBuffer buffer = segments[segment];
        final int body = offset + RecordDescriptor.HEADER_LENGTH;
        buffer.putBytes(body, key, 0, keyLength);
        buffer.putBytes(body + keyLength, value, 0, valueLength);
        final long shape = (long) valueLength << Integer.SIZE | keyLength;
        sequence++;
        final ByteBuffer view = views[segment];
        view.limit(body + keyLength + valueLength).position(body);
        checksum.reset();
        checksum.update(view);
        buffer.putLong(offset + RecordDescriptor.SEQUENCE_OFFSET, sequence, ORDER);
        buffer.putLong(offset + RecordDescriptor.SHAPE_OFFSET, shape, ORDER);
        buffer.putInt(offset + RecordDescriptor.CHECKSUM_OFFSET,
            checksum.finish(sequence, shape, SALT, offset, length), ORDER);
        buffer.putIntRelease(offset + RecordDescriptor.LENGTH_OFFSET, length);
        final long position = (long) segment * segmentLength + offset;
        offset += aligned;
        return position;
    }

    /** A new reader, for one thread. */
    public Reader newReader() {
        return new Reader();
    }

    /** Unmaps the segments. The files stay. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            for (final MappedByteBuffer mapping : mappings) {
                IoUtil.unmap(mapping);
            }
        }
    }

    /**
     * Reads records by position: copies each to a buffer of its own, then checks the copy. Allocates nothing once its
     * buffer is large enough.
     */
    public final class Reader {
        private final RecordChecksum readChecksum = new RecordChecksum();
        private byte[] scratch = new byte[256];
        private final UnsafeBuffer copy = new UnsafeBuffer(scratch);

        private Reader() {
        }

        /**
         * Reads one record.
         *
         * @param position what {@link BareLog#append} returned.
         * @return length of the value, which then stands in {@link #copy()} at {@link #valueOffset()}; -1 if the
         *         checksum does not match.
         */
        public int read(final long position) {
            final UnsafeBuffer buffer = segments[(int) (position / segmentLength)];
            final int at = (int) (position % segmentLength);
            final int length = buffer.getIntAcquire(at + RecordDescriptor.LENGTH_OFFSET);
            if (length > scratch.length) {
                scratch = new byte[BitUtil.findNextPositivePowerOfTwo(length)];
                copy.wrap(scratch);
            }
            buffer.getBytes(at, scratch, 0, length);
            readChecksum.reset();
            readChecksum.update(scratch, RecordDescriptor.HEADER_LENGTH, length - RecordDescriptor.HEADER_LENGTH);
            final long shape = copy.getLong(RecordDescriptor.SHAPE_OFFSET, ORDER);
            final int expected = copy.getInt(RecordDescriptor.CHECKSUM_OFFSET, ORDER);
            final int found = readChecksum.finish(
                copy.getLong(RecordDescriptor.SEQUENCE_OFFSET, ORDER), shape, SALT, at, length);
            return found == expected ? (int) (shape >>> Integer.SIZE) : -1;
        }

        /** Holds the copy of the last record. */
        public DirectBuffer copy() {
            return copy;
        }

        /** Where the value of the last record stands in {@link #copy()}. */
        public int valueOffset() {
            return RecordDescriptor.HEADER_LENGTH + copy.getInt(RecordDescriptor.SHAPE_OFFSET, ORDER);
        }
    }
}
