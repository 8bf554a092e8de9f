package org.mapcask.wal;

import java.nio.file.Path;
import java.util.List;
import org.agrona.DirectBuffer;
import org.mapcask.io.FileOps;

/** What the files of a write-ahead log hold, read through the files and checked; changes nothing. */
public final class WalContents {
    /**
     * A sound frame.
     *
     * @param file            name of the file.
     * @param offset          of the frame in it.
     * @param firstSequence   of its first record.
     * @param lastSequence    of its last record.
     * @param segmentsDurable every record up to here was durable in the segments when it was written.
     */
    public record Frame(String file, long offset, long firstSequence, long lastSequence, long segmentsDurable) {
    }

    /** What is wrong with a file. */
    public enum FlawKind {
        /** The header page is damaged. */
        HEADER,
        /** The file is shorter or longer than its header says. */
        LENGTH,
        /** A file of the ring is missing, or was never finished; the file is named as it would be. */
        MISSING
    }

    /** One of those; whether it matters is for recovery to say. */
    public record Flaw(String file, long offset, FlawKind kind, String detail) {
    }

    /** Takes records. */
    public interface RecordVisitor {
        /** A record: an image as in the log, with its header; its checksum is that of the frame, not its own. */
        void onRecord(DirectBuffer buffer, int offset, int length, long shape, long sequence, Frame frame);
    }

    /**
     * Reads the files of these names.
     *
     * @param storeIdHigh with the lower half, the id of the store when a segment told it; ignored if {@code known} is
     *                    false.
     * @throws org.mapcask.errors.ForeignFileException   when a file belongs to another store.
     * @throws org.mapcask.errors.FormatVersionException when a later version of the format wrote it.
     */
    public static WalContents read(
        final FileOps files, final Path directory, final List<String> names, final boolean known,
        final long storeIdHigh, final long storeIdLow) {
        throw new UnsupportedOperationException();
    }

    /** Whether at least one whole ring is there; false when no file is. */
    public boolean isComplete() {
        throw new UnsupportedOperationException();
    }

    /** The sound frames, by their sequences. */
    public List<Frame> frames() {
        throw new UnsupportedOperationException();
    }

    /** The highest sequence that some frame knows to be durable in the segments; 0 without frames. */
    public long segmentsDurable() {
        throw new UnsupportedOperationException();
    }

    /** The last sequence of all frames; 0 without frames. */
    public long lastSequence() {
        throw new UnsupportedOperationException();
    }

    /** What is wrong with the files, each time with the first one first. */
    public List<Flaw> flaws() {
        throw new UnsupportedOperationException();
    }

    /** Reads the records behind a sequence, in their order; there may be gaps. */
    public void forEachRecord(final long afterSequence, final RecordVisitor visitor) {
        throw new UnsupportedOperationException();
    }
}
