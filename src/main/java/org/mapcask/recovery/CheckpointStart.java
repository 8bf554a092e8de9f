package org.mapcask.recovery;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.agrona.collections.LongHashSet;
import org.mapcask.checkpoint.Checkpoint;
import org.mapcask.checkpoint.CheckpointFiles;
import org.mapcask.checkpoint.CheckpointStore;
import org.mapcask.checkpoint.PageFile;
import org.mapcask.checkpoint.RecordPairs;
import org.mapcask.errors.CorruptionException;
import org.mapcask.errors.MapcaskException;
import org.mapcask.format.CheckpointDescriptor.SegmentFigures;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.keydir.Keydir;
import org.mapcask.recovery.LogContents.Used;
import org.mapcask.segment.KnownHeader;
import org.mapcask.segment.Segment;
import org.mapcask.segment.SegmentFileNames;
import org.mapcask.segment.SegmentHeader;
import org.mapcask.segment.SegmentTable;
import org.mapcask.segment.StoreIdentity;

/**
 * Decides from where on the log is replayed: behind the newest checkpoint, if that fits the segments that are there,
 * else from the first record. A checkpoint fits if every segment that it knows still counts, with nothing wrong in any
 * header; if every merged segment is one that it knows, so that no record moved since; and if the segments before the
 * one where the log goes on are sealed. What does not fit is never used in part. One thread, one use.
 */
final class CheckpointStart {
    /** A checkpoint of fewer pages is not worth a thread that syncs beside the replay. */
    static final int BESIDE_PAGES_MIN = 1 << 14;

    private final RecoverySettings settings;
    private final LogContents contents;
    private final SegmentTable table;
    private final CheckpointStore store;
    private final Map<Long, KnownHeader> known = new HashMap<>();
    private final LongHashSet waiting = new LongHashSet();
    private Checkpoint newest;
    private Checkpoint checkpoint;
    private PageFile pages;
    private SyncBeside name;
    private DeferredTail tail;
    private int replayIndex = -1;

    CheckpointStart(final RecoverySettings settings, final LogContents contents, final SegmentTable table) {
        this.settings = settings;
        this.contents = contents;
        this.table = table;
        this.store = new CheckpointStore(settings.files(), settings.directory());
    }

    /** Reads the newest checkpoint. */
    void read() {
        try {
            newest = store.newest(contents.names);
        } catch (final MapcaskException ex) {
            contents.notes.add("checkpoint not used: " + ex.getMessage());
        }
        if (newest != null) {
            for (final SegmentFigures figures : newest.segments()) {
                final KnownHeader header = KnownHeader.of(figures, newest.store());
                if (header != null) {
                    known.put(figures.id(), header);
                }
            }
        }
    }

    /** The header of the segment of this name, if the file is the one that the checkpoint knows; else null. */
    SegmentHeader knownHeader(final String name) {
        final KnownHeader kept = known.get(SegmentFileNames.id(name));
        if (kept == null) {
            return null;
        }
        if (kept.stamp().equals(settings.files().stamp(settings.directory().resolve(name)))) {
            return kept.header();
        }
        known.remove(SegmentFileNames.id(name));
        return null;
    }

    /** The same header, if {@link #knownHeader} gave it; else null. */
    KnownHeader known(final SegmentHeader header) {
        final KnownHeader kept = known.get(header.identity().segmentId());
        return kept != null && kept.header() == header ? kept : null;
    }

    /** Holds the checkpoint against the store that the segments belong to. */
    void checkStore(final StoreIdentity identity) {
        try {
            if (newest != null) {
                newest.requireOf(identity);
            }
        } catch (final CorruptionException ex) {
            newest = null;
            contents.notes.add("checkpoint not used: " + ex.getMessage());
        }
    }

    /** Which merges are undone if that checkpoint is used. */
    MergeUndo undo(final List<SegmentHeader> headers) {
        return newest == null ? MergeUndo.NONE : MergeUndo.of(newest, headers);
    }

    /** Gives the keydir the pages of the checkpoint if it fits, and somewhere to put pages at all. */
    void prepare(final Keydir keydir, final StoreIdentity identity) {
        try {
            if (newest != null && isFit()) {
                pages = store.open(newest.store(), newest, settings.writable());
                checkpoint = newest;
            }
        } catch (final MapcaskException ex) {
            contents.notes.add("checkpoint not used: " + ex.getMessage());
        }
        if (pages != null && settings.writable() && !contents.isClean()) {
            // A process that was killed may have given the checkpoint its name in the cache alone. Pages of the one
            // before it are written over from here on. One that closed the store had made the name durable before.
            name = new SyncBeside(() -> settings.files().syncDirectory(settings.directory()),
                newest.pages() >= BESIDE_PAGES_MIN);
            pages.awaitBeforeWriting(name::await);
        }
        if (pages == null && settings.writable()) {
            pages = store.createPages(identity);
        }
        if (pages != null) {
            keydir.attach(pages, settings.keydirMemory(), new RecordPairs(table));
        }
        if (checkpoint != null) {
            use(keydir);
        }
    }

    /** Waits until the name of the checkpoint is durable: before the replay is followed by anything that writes. */
    void awaitName() {
        if (name != null) {
            name.await();
        }
    }

    private void use(final Keydir keydir) {
        final int partBits =
            keydir.restore(checkpoint.slots(), checkpoint.depths(), checkpoint.pages(), checkpoint.keys());
        final Map<Long, SegmentFigures> figures = byId(checkpoint.segments());
        for (final Segment segment : table.segments()) {
            final SegmentFigures known = figures.get(segment.id());
            if (known != null) {
                segment.addLiveBytes(known.liveBytes());
                segment.addTombstoneBytes(known.tombstoneBytes());
                segment.expiring(known.expiring());
            }
        }
        for (final long position : checkpoint.waiting()) {
            waiting.add(position);
        }
        tail = new DeferredTail(keydir, this, table, settings.clock(), contents.identity.hashSeed(),
            new TailHints(store.hints(), contents.names, partBits));
        contents.durableSequence = Math.max(contents.durableSequence, checkpoint.countedSequence());
    }

    /** Takes the log behind the checkpoint that is used. */
    DeferredTail tail() {
        return tail;
    }

    private static Map<Long, SegmentFigures> byId(final List<SegmentFigures> segments) {
        final Map<Long, SegmentFigures> map = new HashMap<>();
        segments.forEach(segment -> map.put(segment.id(), segment));
        return map;
    }

    private boolean isFit() {
        final String misfit = contents.damages.isEmpty() && !contents.isHeaderLost() ? misfit() :
            "a header is damaged";
        if (misfit != null) {
            contents.notes.add("checkpoint " + newest.number() + " not used: " + misfit);
        }
        return misfit == null;
    }

    private String misfit() {
        final Map<Long, SegmentFigures> unmet = byId(newest.segments());
        for (final Used merged : contents.merged) {
            final SegmentFigures known = unmet.remove(merged.segment.id());
            if (known == null || known.salt() != merged.segment.salt() || merged.header.seal() == null) {
                return merged.segment.name() + " was merged after it";
            }
        }
        boolean isReplayMet = false;
        for (int i = 0; i < contents.used.size(); i++) {
            final Used used = contents.used.get(i);
            final SegmentFigures known = unmet.remove(used.segment.id());
            isReplayMet |= used.segment.id() == newest.replaySegment();
            if (replayIndex < 0 && (isReplayMet || isAheadOfEmpty(used))) {
                replayIndex = i;
            }
            if (known != null ? known.salt() != used.segment.salt() : replayIndex < 0) {
                return used.segment.name() + " is not the segment that it knows";
            }
            if (replayIndex < 0 && used.header.seal() == null) {
                return used.segment.name() + " is not sealed";
            }
        }
        if (!unmet.isEmpty()) {
            return "segment " + unmet.keySet().iterator().next() + " is gone";
        }
        return isReplayMet && newest.replayOffset() >= HeaderDescriptor.PAGE_LENGTH &&
            newest.replayOffset() <= contents.used.get(replayIndex).segment.length() ? null :
            "the segment where the log goes on is gone";
    }

    /**
     * Whether a segment holds a value that got a segment of its own after the checkpoint began, while the one where the
     * log goes on was empty: that one stayed the active one, and comes behind it.
     */
    private boolean isAheadOfEmpty(final Used used) {
        return newest.replayOffset() == HeaderDescriptor.PAGE_LENGTH &&
            used.header.firstSequence() > newest.coveredSequence();
    }

    /** Whether a checkpoint is used. */
    boolean isUsed() {
        return checkpoint != null;
    }

    /** Whether all records of a segment of the log are in the checkpoint. */
    boolean passes(final int usedIndex) {
        return isUsed() && usedIndex < replayIndex;
    }

    /** Whether the log goes on in this segment. */
    boolean goesOnIn(final int usedIndex) {
        return isUsed() && usedIndex == replayIndex;
    }

    /** Where the log goes on. */
    int replayOffset() {
        return (int)checkpoint.replayOffset();
    }

    /** Sequence of the first record that is replayed. */
    long firstSequence() {
        return checkpoint.coveredSequence() + 1;
    }

    /** Whether figures count a record already. */
    boolean isCounted(final long sequence) {
        return isUsed() && sequence <= checkpoint.countedSequence();
    }

    /** Whether also what it replaced was taken into account. */
    boolean isSettled(final long sequence, final long position) {
        return isCounted(sequence) && !waiting.contains(position);
    }

    /** What the engine goes on with; null if nothing is going to be written. */
    CheckpointFiles files() {
        return pages == null ? null : new CheckpointFiles(store, pages, checkpoint, headersRead());
    }

    private int headersRead() {
        return (int)Stream.concat(contents.merged.stream(), contents.used.stream().limit(contents.kept()))
            .filter(used -> KnownHeader.isPlain(used.header) && used.segment.known() == null).count();
    }

    /** Number of the checkpoint, or -1. */
    long number() {
        return isUsed() ? checkpoint.number() : -1;
    }

    private Set<Long> segmentsToReplay() {
        final Set<Long> ids = new HashSet<>();
        for (int i = Math.max(0, replayIndex); isUsed() && i < contents.kept(); i++) {
            ids.add(contents.used.get(i).segment.id());
        }
        return ids;
    }

    /** Removes what is not used any more; before the store changes. */
    List<String> clearAway() {
        final List<String> removed =
            store.removeOthers(contents.names, number(), isUsed() ? checkpoint.pagesNumber() : -1);
        removed.addAll(store.hints().removeOthers(contents.names, segmentsToReplay()));
        return removed;
    }

    void close() {
        if (name != null) {
            name.close();
        }
        if (tail != null) {
            tail.close();
        }
        if (pages != null) {
            pages.close();
        }
    }
}
