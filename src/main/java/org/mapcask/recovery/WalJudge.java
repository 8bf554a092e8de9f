package org.mapcask.recovery;

import java.util.ArrayList;
import java.util.List;
import org.agrona.BitUtil;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.format.WalDescriptor;
import org.mapcask.io.StoreFile;
import org.mapcask.segment.StoreIdentity;
import org.mapcask.wal.WalContents;
import org.mapcask.wal.WalContents.Flaw;
import org.mapcask.wal.WalContents.FlawKind;
import org.mapcask.wal.WalContents.Frame;
import org.mapcask.wal.WalFileNames;

/**
 * Says what the write-ahead log means for the store: how far the segments must reach, which records are nowhere else,
 * and what of it is damage.
 * <p>
 * A store that was closed cleanly needs none of it: whatever is wrong with the files is a note. Otherwise each sequence
 * behind the end of the segments that some later frame follows was durable once, and is missing: if a frame says that
 * it was durable in the segments, they are damaged, else the write-ahead log is. A frame that is cut short behind the
 * last sound one cannot be told from one that was being written: nobody was told that it is durable. Files that are
 * gone or cannot be read are damage, unless a whole ring is there, or nothing tells that they were ever in use.
 * <p>
 * One thread, one use.
 */
final class WalJudge {
    private final RecoverySettings settings;
    private final LogContents contents;
    private final List<Gap> gaps = new ArrayList<>();
    private Frame before;
    private long next;

    /** Missing sequences between two frames, of which the first may be null. */
    private record Gap(Frame before, Frame behind, long first, long last) {
    }

    WalJudge(final RecoverySettings settings, final LogContents contents) {
        this.settings = settings;
        this.contents = contents;
    }

    /** Reads the files, before the segments are read. */
    void read() {
        final boolean needed = contents.isEmpty() || !contents.isClean();
        if (contents.walFiles.isEmpty()) {
            if (needed && contents.isWalInUse()) {
                addMissing();
            }
            return;
        }
        final StoreIdentity identity = contents.identity;
        final WalContents found = !needed ? WalContents.readHeaders(settings.files(), settings.directory(),
            contents.walFiles, identity.idHigh(), identity.idLow()) : WalContents.read(settings.files(),
            settings.directory(), contents.walFiles, identity != null, identity == null ? 0 : identity.idHigh(),
            identity == null ? 0 : identity.idLow());
        contents.walComplete = found.isComplete();
        judgeFlaws(found, needed);
        if (!needed) {
            return;
        }
        contents.wal = found;
        contents.durableSequence = Math.max(contents.durableSequence, found.segmentsDurable());
        if (identity == null && !found.frames().isEmpty()) {
            contents.identity = StoreIdentity.random();
        }
    }

    private void addMissing() {
        contents.damages.add(new Damage(WalFileNames.of(1, 0), 0, Damage.Kind.WAL_MISSING, 0, 0,
            "no file of the write-ahead log is there, but commits were in it"));
    }

    /**
     * A ring that is not whole was begun and never used, or its removal was not ended, unless the segments say that it
     * is in use, or it knows of records that they need not have. A crash leaves no unsound header, and no length.
     */
    private void judgeFlaws(final WalContents found, final boolean needed) {
        final boolean inUse = contents.isWalInUse() || found.lastSequence() > contents.durableSequence;
        for (final Flaw flaw : found.flaws()) {
            if (needed && !found.isComplete() && (inUse || flaw.kind() != FlawKind.MISSING)) {
                contents.damages.add(new Damage(flaw.file(), flaw.offset(), kind(flaw), 0, 0, flaw.detail()));
            } else {
                contents.notes.add(flaw.file() + ": " + flaw.detail() + " (not needed)");
            }
        }
        if (needed && !found.isComplete() && contents.isWalInUse() && found.flaws().isEmpty()) {
            addMissing();
        }
    }

    private static Damage.Kind kind(final Flaw flaw) {
        return switch (flaw.kind()) {
            case HEADER -> Damage.Kind.WAL_HEADER;
            case LENGTH -> Damage.Kind.WAL_LENGTH;
            case MISSING -> Damage.Kind.WAL_MISSING;
        };
    }

    /** Counts the records behind the end of the segments, after these were read, and finds what is missing of them. */
    void judge() {
        if (contents.wal == null || contents.wal.frames().isEmpty()) {
            return;
        }
        final List<Frame> frames = contents.wal.frames();
        if (contents.used.isEmpty() && contents.merged.isEmpty()) {
            checkLog(frames.get(0));
        }
        next = contents.lastSequence + 1;
        for (final Frame frame : frames) {
            before = frame.lastSequence() < next ? frame : before;
        }
        contents.wal.forEachRecord(contents.lastSequence, (buffer, offset, length, shape, sequence, frame) -> {
            if (sequence > next) {
                gaps.add(new Gap(before, frame, next, sequence - 1));
            }
            next = sequence + 1;
            before = frame;
            contents.walRecords++;
        });
        gaps.forEach(this::addGap);
    }

    /** Records without a segment: the segments are gone, unless none of them was ever synced. */
    private void checkLog(final Frame first) {
        final long durable = Math.max(contents.durableSequence, first.firstSequence() - 1);
        final boolean told = !contents.damages.isEmpty();
        if (!told && (contents.isEmpty() || contents.durableSequence > 0)) {
            contents.damages.add(new Damage(first.file(), first.offset(), Damage.Kind.MISSING_SEGMENT,
                Math.min(1, durable), durable, "the write-ahead log has records, but their store has no segments"));
        }
    }

    /** What the segments should have is their damage, and was found there. */
    private void addGap(final Gap gap) {
        final long first = Math.max(gap.first(), contents.durableSequence + 1);
        if (first > gap.last()) {
            return;
        }
        final Frame behind = gap.behind();
        final long end = gap.before() == null ? Long.MAX_VALUE : endOf(gap.before());
        final boolean sameFile = gap.before() != null && gap.before().file().equals(behind.file());
        final boolean atEnd = sameFile ? end < behind.offset() :
            gap.before() != null && end < lengthOf(gap.before().file());
        final String file = atEnd ? gap.before().file() : behind.file();
        final long offset = atEnd ? end : HeaderDescriptor.PAGE_LENGTH;
        contents.damages.add(new Damage(file, offset, Damage.Kind.WAL_GAP, first, gap.last(),
            "no sound frame is here, but the one with sequence " + behind.firstSequence() + " follows, in "
                + behind.file() + " at offset " + behind.offset()));
    }

    /** Where the frame ends, by its records. */
    private long endOf(final Frame frame) {
        final long[] length = {WalDescriptor.HEADER_LENGTH};
        contents.wal.forEachRecord(frame.firstSequence() - 1, (buffer, offset, recordLength, shape, sequence, in) ->
            length[0] += in.equals(frame) ? RecordDescriptor.alignedLength(recordLength) : 0);
        return frame.offset() + BitUtil.align(length[0], WalDescriptor.FRAME_ALIGNMENT);
    }

    private long lengthOf(final String name) {
        try (StoreFile file = settings.files().open(settings.directory().resolve(name), false)) {
            return file.length();
        }
    }
}
