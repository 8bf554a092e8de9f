package org.mapcask.segment;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.errors.CorruptionException;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.FormatVersionException;
import org.mapcask.format.FormatVersion;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.format.HeaderDescriptor.Identity;
import org.mapcask.format.HeaderDescriptor.Seal;
import org.mapcask.format.HeaderDescriptor.SectorState;
import org.mapcask.format.HeaderDescriptor.Watermark;
import org.mapcask.format.MergeDescriptor;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.io.StoreFile;

/**
 * What the header page of a segment file says, read through the file and checked.
 *
 * @param identity  who the segment is.
 * @param seal      where it ends, or null when it is not sealed.
 * @param watermark the newest valid watermark, or null when the segment was never taken into use.
 * @param fileLength length of the file as found; another than {@code identity.length()} is damage.
 * @param oddities  places of the page that are neither empty nor valid; harmless to the data, but damage or a write
 *                  cut short.
 * @param merge     what the merge region of a merged segment says; null for a segment of the log.
 */
public record SegmentHeader(Identity identity, Seal seal, Watermark watermark, long fileLength, List<Oddity> oddities,
    MergeDescriptor.Region merge) {
    /**
     * A place of the header page that is not as it should be.
     *
     * @param offset   in the page.
     * @param detail   one line for a person.
     * @param cutShort whether a process that ended while it wrote a sector leaves it like this.
     */
    public record Oddity(int offset, String detail, boolean cutShort) {
        /** One that no crash leaves. */
        public Oddity(final int offset, final String detail) {
            this(offset, detail, false);
        }
    }

    /**
     * Reads and checks the header page.
     *
     * @throws CorruptionException    when it is not the header of a segment, or was changed.
     * @throws FormatVersionException when a later version of the format wrote it.
     */
    public static SegmentHeader read(final StoreFile file) {
        final String name = file.path().getFileName().toString();
        final ByteBuffer bytes = ByteBuffer.allocateDirect(HeaderDescriptor.PAGE_LENGTH);
        final int read = file.read(0, bytes);
        if (read < HeaderDescriptor.PAGE_LENGTH) {
            throw new CorruptionException(name, 0, ErrorText.what("segment is shorter than its header")
                .where(file.path()).expected("at least " + HeaderDescriptor.PAGE_LENGTH + " bytes")
                .found(read + " bytes")
                .todo("restore the file from a backup, or copy what is sound with `recover DIR DEST`"));
        }
        return parse(file, name, new UnsafeBuffer(bytes));
    }

    private static SegmentHeader parse(final StoreFile file, final String name, final DirectBuffer page) {
        if (HeaderDescriptor.identityState(page) != SectorState.VALID) {
            throw new CorruptionException(name, HeaderDescriptor.IDENTITY_OFFSET,
                ErrorText.what("header of the segment is damaged")
                .where(file.path(), HeaderDescriptor.IDENTITY_OFFSET)
                .expected("a Mapcask header with a matching checksum")
                .found("first bytes 0x" + Long.toHexString(page.getLong(0, ByteOrder.BIG_ENDIAN)))
                .todo("restore the file from a backup, or copy what is sound with `recover DIR DEST`"));
        }
        final Identity identity = HeaderDescriptor.identity(page);
        if (identity.version() != FormatVersion.CURRENT) {
            throw new FormatVersionException(ErrorText
                .what("segment has a format version that this release cannot read")
                .where(file.path()).expected("version " + FormatVersion.CURRENT).found("version " + identity.version())
                .todo("open the store with the release of Mapcask that wrote it, or a later one"));
        }
        checkShape(file, name, identity);

        final List<Oddity> oddities = new ArrayList<>();
        final SectorState sealState = HeaderDescriptor.sealState(page, identity.salt());
        addUnsound(oddities, sealState, HeaderDescriptor.SEAL_OFFSET, "seal");
        final Seal seal = sealState == SectorState.VALID ? HeaderDescriptor.seal(page) : null;
        if (identity.kind() == HeaderDescriptor.KIND_MERGED) {
            return new SegmentHeader(
                identity, seal, null, file.length(), oddities, mergeRegion(page, identity.salt(), oddities));
        }
        final Watermark watermark = newestWatermark(page, identity.salt(), oddities);
        final int reserved = HeaderDescriptor.firstReservedByteInUse(page);
        if (reserved >= 0) {
            oddities.add(new Oddity(reserved, "reserved part of the header is not zero"));
        }
        if (seal != null && watermark == null) {
            oddities.add(new Oddity(HeaderDescriptor.watermarkOffset(1), "segment is sealed, but has no watermark"));
        }
        return new SegmentHeader(identity, seal, watermark, file.length(), oddities, null);
    }

    /** Copies the list. */
    public SegmentHeader {
        oddities = List.copyOf(oddities);
    }

    private static MergeDescriptor.Region mergeRegion(
        final DirectBuffer page, final long salt, final List<Oddity> oddities) {
        for (int i = 0; i < HeaderDescriptor.WATERMARK_COUNT; i++) {
            if (HeaderDescriptor.watermarkState(page, salt, i) != SectorState.EMPTY) {
                oddities.add(new Oddity(
                    HeaderDescriptor.watermarkOffset(i), "merged segment has something in a watermark sector"));
            }
        }
        final MergeDescriptor.Region region = MergeDescriptor.region(page, salt);
        for (int i = 0; i < MergeDescriptor.SECTOR_COUNT; i++) {
            final SectorState state = MergeDescriptor.sectorState(page, salt, i);
            if (state == SectorState.EMPTY && region.state() != MergeDescriptor.State.NONE) {
                oddities.add(new Oddity(MergeDescriptor.sectorOffset(i), "merge sector is empty", true));
            }
            addUnsound(oddities, state, MergeDescriptor.sectorOffset(i), "merge");
        }
        return region;
    }

    private static void checkShape(final StoreFile file, final String name, final Identity identity) {
        final boolean sane = (identity.kind() == HeaderDescriptor.KIND_LOG ||
            identity.kind() == HeaderDescriptor.KIND_MERGED) &&
            identity.length() > HeaderDescriptor.PAGE_LENGTH &&
            identity.length() % HeaderDescriptor.PAGE_LENGTH == 0 && identity.length() <=
            SegmentFactory.SEGMENT_LENGTH_MAX &&
            identity.basePosition() >= 0 && identity.basePosition() % SegmentTable.UNIT_LENGTH == 0;
        if (!sane) {
            throw new CorruptionException(name, HeaderDescriptor.IDENTITY_OFFSET,
                ErrorText.what("header of the segment makes no sense")
                .where(file.path(), HeaderDescriptor.IDENTITY_OFFSET)
                .expected("kind " + HeaderDescriptor.KIND_LOG + " or " + HeaderDescriptor.KIND_MERGED +
                    " and a usable length")
                .found(identity).todo("restore the file from a backup"));
        }
        if (SegmentFileNames.id(name) != identity.segmentId()) {
            throw new CorruptionException(name, HeaderDescriptor.IDENTITY_OFFSET,
                ErrorText.what("segment has the name of another one")
                .where(file.path()).expected(SegmentFileNames.of(identity.segmentId())).found(name)
                .todo("give the file back the name that its header tells, if no other file has it"));
        }
    }

    private static void addUnsound(
        final List<Oddity> oddities, final SectorState state, final int offset, final String what) {
        if (state == SectorState.CUT_SHORT) {
            oddities.add(new Oddity(offset, what + " sector was not written to its end", true));
        } else if (state == SectorState.DAMAGED) {
            oddities.add(new Oddity(offset, what + " sector has a wrong checksum"));
        }
    }

    private static Watermark newestWatermark(final DirectBuffer page, final long salt, final List<Oddity> oddities) {
        Watermark newest = null;
        final SectorState[] states = new SectorState[HeaderDescriptor.WATERMARK_COUNT];
        for (int i = 0; i < states.length; i++) {
            states[i] = HeaderDescriptor.watermarkState(page, salt, i);
            if (states[i] == SectorState.VALID) {
                final Watermark found = HeaderDescriptor.watermark(page, i);
                if (newest == null || found.generation() > newest.generation()) {
                    newest = found;
                }
            }
            addUnsound(oddities, states[i], HeaderDescriptor.watermarkOffset(i), "watermark");
        }
        // Only an end behind the first record tells of a sync that reached this page, and so of an older watermark; but
        // the very first one that is written may tell of such an end, after a crash took the one of the first use.
        if (newest != null && newest.generation() > 1 && newest.endOffset() > HeaderDescriptor.PAGE_LENGTH) {
            for (int i = 0; i < states.length; i++) {
                if (states[i] == SectorState.EMPTY) {
                    oddities.add(new Oddity(HeaderDescriptor.watermarkOffset(i),
                        "watermark sector is empty after it was in use"));
                }
            }
        }
        return newest;
    }

    /** Whether a merge made the segment. */
    public boolean isMerged() {
        return identity.kind() == HeaderDescriptor.KIND_MERGED;
    }

    /** Whether the segment was taken into use: it may hold records. */
    public boolean wasUsed() {
        return watermark != null || seal != null;
    }

    /** Sequence that the first record of the segment has or would have; 0 when it was never used. */
    public long firstSequence() {
        return seal != null ? seal.firstSequence() : watermark != null ? watermark.firstSequence() : 0;
    }

    /** Offset below which every byte of this segment is durable. */
    public int durableEnd() {
        final long fromSeal = seal == null ? HeaderDescriptor.PAGE_LENGTH : seal.endOffset();
        final long fromWatermark = watermark == null ? HeaderDescriptor.PAGE_LENGTH : watermark.endOffset();
        return (int)Math.max(fromSeal, fromWatermark);
    }

    /** Sequence up to which this header claims the whole log to be durable. */
    public long durableSequence() {
        final long fromSeal = seal == null ? 0 : seal.lastSequence();
        final long fromWatermark = watermark == null ? 0 : watermark.lastDurableSequence();
        return Math.max(fromSeal, fromWatermark);
    }

    /**
     * Whether the store was closed properly with this segment as the last one. If the other watermark cannot be read it
     * may be a later one, whose writing was cut short: then it was not.
     */
    public boolean isClean() {
        return watermark != null && watermark.clean() && !isOtherWatermarkOdd();
    }

    /** Whether the watermark sector beside the newest valid one is damaged, or empty where it was written. */
    boolean isOtherWatermarkOdd() {
        final int other = HeaderDescriptor.watermarkOffset(watermark.generation() + 1);
        return oddities.stream().anyMatch(oddity -> oddity.offset() == other);
    }

    /** Whether nothing tells of use but a watermark sector that is damaged, or whose writing was cut short. */
    public boolean isUseUnreadable() {
        return !wasUsed() && oddities.stream().anyMatch(oddity ->
            oddity.offset() == HeaderDescriptor.watermarkOffset(0) ||
                oddity.offset() == HeaderDescriptor.watermarkOffset(1));
    }

    /** This header with the watermark that it must have had if the first record of the segment has this sequence. */
    public SegmentHeader usedFrom(final long firstSequence) {
        final Watermark first = new Watermark(0, HeaderDescriptor.PAGE_LENGTH, firstSequence, 0, false, false);
        return new SegmentHeader(identity, seal, first, fileLength, oddities, merge);
    }

    /** Whether the file is as long as it was made. */
    public boolean hasWholeFile() {
        return fileLength == identity.length();
    }

    static {
        if (HeaderDescriptor.PAGE_LENGTH % RecordDescriptor.ALIGNMENT != 0) {
            throw new AssertionError("records start aligned");
        }
    }
}
