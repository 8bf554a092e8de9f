package org.mapcask.segment;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.mapcask.format.CheckpointDescriptor.HeaderCopy;
import org.mapcask.format.CheckpointDescriptor.SegmentFigures;
import org.mapcask.format.FormatVersion;
import org.mapcask.format.HeaderDescriptor.Identity;
import org.mapcask.format.MergeDescriptor;
import org.mapcask.format.MergeDescriptor.State;
import org.mapcask.io.FileOps;
import org.mapcask.nativeaccess.FileStamp;

/**
 * The header of a sealed segment, and the stamp of the file when it was read: as long as the file has that stamp, the
 * header need not be read again. Immutable.
 */
public record KnownHeader(SegmentHeader header, FileStamp stamp) {
    /** A file that was changed later than this before it was looked at may change once more at the same time. */
    private static final long SETTLED_NS = TimeUnit.SECONDS.toNanos(2);
    private static final MergeDescriptor.Region STAMPED = new MergeDescriptor.Region(State.STAMPED, null);

    /**
     * Reads the header of a segment whose header is durable, and does not change any more.
     *
     * @param nowMs milliseconds since 1970.
     * @return null if it is not sealed, or has to be read at each open: since anything about it is odd, since it tells
     *         of a merge, or since it was changed just now.
     */
    static KnownHeader read(final FileOps files, final Segment segment, final long nowMs) {
        final FileStamp stamp = files.stamp(segment.file().path());
        if (stamp == null || TimeUnit.MILLISECONDS.toNanos(nowMs) - stamp.modifiedNs() < SETTLED_NS) {
            return null;
        }
        final SegmentHeader header = SegmentHeader.read(segment.file());
        final boolean unchanged = stamp.equals(files.stamp(segment.file().path()));
        return unchanged && isPlain(header) ? new KnownHeader(header, stamp) : null;
    }

    /** Whether a header is one that can be kept: of a sealed segment, with nothing odd, that tells of no merge. */
    public static boolean isPlain(final SegmentHeader header) {
        return header.seal() != null && header.oddities().isEmpty() && header.hasWholeFile() &&
            (!header.isMerged() || STAMPED.equals(header.merge()));
    }

    /** What a checkpoint kept, or null if it did not. */
    public static KnownHeader of(final SegmentFigures figures, final StoreIdentity store) {
        final HeaderCopy copy = figures.header();
        if (copy == null) {
            return null;
        }
        final Identity identity = new Identity(FormatVersion.CURRENT, copy.kind(), store.idHigh(), store.idLow(),
            figures.id(), copy.basePosition(), copy.length(), figures.salt(), store.hashSeed());
        final boolean merged = copy.watermark() == null;
        return new KnownHeader(new SegmentHeader(identity, copy.seal(), copy.watermark(), copy.length(), List.of(),
            merged ? STAMPED : null), new FileStamp(copy.length(), copy.modifiedNs(), copy.fileNumber()));
    }

    /** For a checkpoint. */
    public HeaderCopy copy() {
        return new HeaderCopy(stamp.modifiedNs(), stamp.fileNumber(), header.identity().kind(),
            header.identity().basePosition(), header.identity().length(), header.seal(), header.watermark());
    }
}
