package org.mapcask.wal;

import java.nio.ByteBuffer;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.errors.CorruptionException;
import org.mapcask.errors.ErrorText;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.format.WalChecksum;
import org.mapcask.format.WalDescriptor;
import org.mapcask.io.StoreFile;
import org.mapcask.wal.WalContents.Frame;
import org.mapcask.wal.WalContents.RecordVisitor;

/** Reads frames out of files, in pieces of 1 MiB, and believes nothing before it is checked. One thread. */
final class FrameReader {
    private final ByteBuffer piece = ByteBuffer.allocateDirect(WalDescriptor.FRAME_LENGTH_MAX);
    private final UnsafeBuffer buffer = new UnsafeBuffer(piece);
    private final WalChecksum checksum = new WalChecksum();
    private long pieceOffset;
    private int pieceLength;

    /** Adds every sound frame of a file, at whatever page it starts. */
    void findFrames(final StoreFile file, final String name, final WalFileHeader header, final List<Frame> frames) {
        final long end = Math.min(header.fileLength(), header.identity().length());
        final long salt = header.identity().salt();
        pieceLength = 0;
        long offset = HeaderDescriptor.PAGE_LENGTH;
        while (offset + WalDescriptor.FRAME_ALIGNMENT <= end) {
            offset += isSound(file, offset, end, salt) ? addFrame(name, offset, frames) : WalDescriptor.FRAME_ALIGNMENT;
        }
    }

    /** What lies inside of a sound frame belongs to it, and is no frame of its own. */
    private int addFrame(final String name, final long offset, final List<Frame> frames) {
        final int start = (int)(offset - pieceOffset);
        frames.add(new Frame(name, offset, WalDescriptor.firstSequence(buffer, start),
            WalDescriptor.lastSequence(buffer, start), WalDescriptor.segmentsDurable(buffer, start)));
        return WalDescriptor.frameLength(WalDescriptor.payloadLength(buffer, start));
    }

    private boolean isSound(final StoreFile file, final long offset, final long end, final long salt) {
        if (!load(file, offset, WalDescriptor.FRAME_ALIGNMENT) ||
            !WalDescriptor.isPlausible(buffer, (int)(offset - pieceOffset), end - offset)) {
            return false;
        }
        final int payloadLength = WalDescriptor.payloadLength(buffer, (int)(offset - pieceOffset));
        if (!load(file, offset, WalDescriptor.frameLength(payloadLength))) {
            return false;
        }
        final int start = (int)(offset - pieceOffset);
        // Read once more: the piece may be a new one, and the file another by now.
        return WalDescriptor.isPlausible(buffer, start, end - offset) &&
            WalDescriptor.payloadLength(buffer, start) == payloadLength &&
            checksum.of(piece, start, payloadLength, salt, offset) == WalDescriptor.checksum(buffer, start);
    }

    /** Has a range of the file, at most {@link WalDescriptor#FRAME_LENGTH_MAX} long, in the piece; false if it ends. */
    private boolean load(final StoreFile file, final long offset, final int length) {
        if (pieceLength == 0 || offset < pieceOffset || offset + length > pieceOffset + pieceLength) {
            piece.clear();
            pieceOffset = offset;
            pieceLength = file.read(offset, piece);
        }
        return length <= pieceLength - (offset - pieceOffset);
    }

    /** Forgets what was read, before the records of another file are. */
    void nextFile() {
        pieceLength = 0;
    }

    /** Reads a frame that was sound, and hands out its records behind a sequence. */
    void readRecords(
        final StoreFile file, final long salt, final Frame frame, final long afterSequence, final long lastSeen,
        final RecordVisitor visitor) {
        if (!isSound(file, frame.offset(), file.length(), salt) ||
            WalDescriptor.lastSequence(buffer, (int)(frame.offset() - pieceOffset)) != frame.lastSequence()) {
            throw corrupt(file, frame, 0, "the frame as it was read before", "another one, or damage");
        }
        if (lastSeen > afterSequence && frame.firstSequence() <= lastSeen) {
            throw corrupt(file, frame, 0, "a first sequence behind " + lastSeen + ", which another frame ends with",
                "first sequence " + frame.firstSequence());
        }
        final int start = (int)(frame.offset() - pieceOffset);
        checkRecords(file, frame, start);
        int offset = start + WalDescriptor.HEADER_LENGTH;
        for (int i = WalDescriptor.recordCount(buffer, start); i > 0; i--) {
            final int length = RecordDescriptor.length(buffer, offset);
            final long sequence = RecordDescriptor.sequence(buffer, offset);
            if (sequence > afterSequence) {
                visitor.onRecord(buffer, offset, length, RecordDescriptor.shape(buffer, offset), sequence, frame);
            }
            offset += RecordDescriptor.alignedLength(length);
        }
    }

    /** All of them before any is handed out. */
    private void checkRecords(final StoreFile file, final Frame frame, final int start) {
        final int end = start + WalDescriptor.HEADER_LENGTH + WalDescriptor.payloadLength(buffer, start);
        final int count = WalDescriptor.recordCount(buffer, start);
        int offset = start + WalDescriptor.HEADER_LENGTH;
        long last = -1;
        for (int i = 0; i < count; i++) {
            final int available = end - offset;
            final boolean sane = available >= RecordDescriptor.HEADER_LENGTH && RecordDescriptor.isPlausible(
                RecordDescriptor.length(buffer, offset), RecordDescriptor.shape(buffer, offset), available);
            if (!sane) {
                throw corrupt(file, frame, offset - start, "a record that lies inside of its frame",
                    "length " + (available < Integer.BYTES ? "cut off" : RecordDescriptor.length(buffer, offset)));
            }
            final long sequence = RecordDescriptor.sequence(buffer, offset);
            if (i == 0 ? sequence != frame.firstSequence() : sequence <= last) {
                throw corrupt(file, frame, offset - start, "a rising sequence, from " + frame.firstSequence(),
                    "sequence " + sequence);
            }
            last = sequence;
            offset += RecordDescriptor.alignedLength(RecordDescriptor.length(buffer, offset));
        }
        if (offset != end || last != frame.lastSequence()) {
            throw corrupt(file, frame, offset - start, "records that fill the frame, up to sequence "
                + frame.lastSequence(), "sequence " + last + ", and " + (end - offset) + " bytes behind it");
        }
    }

    private static CorruptionException corrupt(
        final StoreFile file, final Frame frame, final int inside, final String expected, final String found) {
        return new CorruptionException(frame.file(), frame.offset() + inside,
            ErrorText.what("a frame of the write-ahead log makes no sense")
                .where(file.path(), frame.offset() + inside).expected(expected).found(found)
                .todo("restore the file from a backup, or copy what is sound with `recover DIR DEST`"));
    }
}
