package org.mapcask.checkpoint;

import org.agrona.DirectBuffer;
import org.mapcask.format.HintDescriptor;
import org.mapcask.format.HintDescriptor.Block;

/** A block of a hint file: what stands before its entries, and where it is. Immutable. */
public final class HintBlock {
    private final Block header;
    private final long fileOffset;
    private final int[] ends;
    private final int[] checksums;

    private HintBlock(final Block header, final long fileOffset, final int[] ends, final int[] checksums) {
        this.header = header;
        this.fileOffset = fileOffset;
        this.ends = ends;
        this.checksums = checksums;
    }

    /**
     * One whose head is in memory and sound.
     *
     * @return null if its parts make no sense.
     */
    static HintBlock of(final Block header, final DirectBuffer head, final long fileOffset) {
        final int[] ends = new int[header.parts()];
        final int[] checksums = new int[ends.length];
        int end = header.entriesOffset();
        for (int i = 0; i < ends.length; i++) {
            ends[i] = HintDescriptor.partEnd(head, i);
            checksums[i] = HintDescriptor.partChecksum(head, i);
            if (ends[i] < end) {
                return null;
            }
            end = ends[i];
        }
        return end == header.length() ? new HintBlock(header, fileOffset, ends, checksums) : null;
    }

    /** Sequence of the first record. */
    public long firstSequence() {
        return header.firstSequence();
    }

    /** Sequence of the last record. */
    public long lastSequence() {
        return header.lastSequence();
    }

    /** Offset of the first record in the segment. */
    public int from() {
        return header.from();
    }

    /** Offset behind the last record. */
    public int to() {
        return header.to();
    }

    int partBits() {
        return header.partBits();
    }

    /** Offset of the block in the file. */
    long fileOffset() {
        return fileOffset;
    }

    int length() {
        return header.length();
    }

    /** Where in the block the entries of a part begin. */
    int begin(final int part) {
        return part == 0 ? header.entriesOffset() : ends[part - 1];
    }

    int end(final int part) {
        return ends[part];
    }

    int checksum(final int part) {
        return checksums[part];
    }
}
