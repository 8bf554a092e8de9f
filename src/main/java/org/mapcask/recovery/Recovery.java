package org.mapcask.recovery;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.checkpoint.CheckpointFiles;
import org.mapcask.checkpoint.CheckpointStore;
import org.mapcask.checkpoint.RecordPairs;
import org.mapcask.errors.CorruptionException;
import org.mapcask.errors.ErrorText;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.format.HeaderDescriptor.Watermark;
import org.mapcask.io.StoreFile;
import org.mapcask.keydir.Keydir;
import org.mapcask.recovery.LogContents.Used;
import org.mapcask.segment.Log;
import org.mapcask.segment.Segment;
import org.mapcask.segment.SegmentFactory;
import org.mapcask.segment.SegmentFileNames;
import org.mapcask.segment.SegmentHeader;
import org.mapcask.segment.SegmentScanner;
import org.mapcask.segment.SegmentTable;
import org.mapcask.segment.StoreIdentity;

/**
 * Opens the log of a store: reads it, and, when the store is going to be written, clears away what a crash left. The
 * order of the steps lets a second crash at any point lead to the same result:
 * <ol>
 *   <li>read all of the log, change nothing ({@link LogReplay});
 *   <li>finish the merges that count ({@link MergeCleaning}): what they replaced goes;
 *   <li>remove temporary files, outputs of merges that do not count, segments that were never used, and segments behind
 *   a torn tail; sync the directory;
 *   <li>write zeros over the torn tail, its first word last, so that nothing stale can ever follow a new record; sync
 *   the file;
 *   <li>give the last segment blocks behind its end ({@link Segment#takeRoom()}), before anything else may be stored
 *   there;
 *   <li>take back the mark of a clean close, and sync that: a store that is cut off from power later must not look
 *       clean, since bytes behind the end of a clean log are not looked at. Without a write-ahead log and files of one
 *       that is left to the engine ({@link Log#markedClean()}): an open that finds nothing to do syncs nothing;
 *   <li>write again what no durable header vouches for ({@link PageRewrite});
 *   <li>sync all of this also when there is nothing to be done: a process that was killed here may have done it, in the
 *       page cache alone;
 *   <li>append the records that are in the write-ahead log alone ({@link WalReplay});
 *   <li>make all of the segments durable, and then a watermark that says so ({@link WalHandover}): from here on the
 *       write-ahead log may be written again, or is removed;
 *   <li>only then the engine may append.
 * </ol>
 * The caller holds the store lock. One thread, one use.
 */
public final class Recovery implements AutoCloseable {
    private static final int ZERO_LENGTH = 1 << 16;

    private final RecoverySettings settings;
    private final SegmentTable table = new SegmentTable();
    private SegmentTable kept = table;
    private int made;
    private final Keydir keydir;
    private final List<String> removed = new ArrayList<>();
    private final List<String> dropped = new ArrayList<>();
    private final long startNs = System.nanoTime();
    private RecoveryReport report;
    private CheckpointStart start;
    private boolean handedOver;

    /** A recovery of one directory. */
    public Recovery(final RecoverySettings settings) {
        this.settings = settings;
        this.keydir = new Keydir(settings.memory());
    }

    /**
     * Does it.
     *
     * @return the log, ready for the engine.
     * @throws CorruptionException at damage, unless salvage was asked for.
     */
    public Log run() {
        final LogContents contents = new LogReplay(settings, table, false).run(keydir);
        start = contents.start;
        if (start != null) {
            start.awaitName();
        }
        if (!contents.damages.isEmpty() && !settings.salvage()) {
            throw refuse(contents.damages);
        }
        final boolean writable = settings.writable() && contents.damages.isEmpty();
        if (writable) {
            clearAway(contents);
        }
        contents.clock.end("clearing");
        if (writable && !contents.isClean()) {
            PageRewrite.run(contents);
            confirmSeals(contents);
        }
        closeDropped(contents);
        final StoreIdentity identity = contents.identity == null ? StoreIdentity.random() : contents.identity;
        kept = contents.keptOf(table);
        if (contents.isFromCheckpoint()) {
            start.tail().in(kept);
        }
        if (settings.checkpoints() && start == null) {
            start = new CheckpointStart(settings, contents, kept);
            start.prepare(keydir, identity);
        }
        final SegmentFactory factory = settings.factory(identity, kept, contents.highestId + 1);
        keydir.compareWith(new RecordPairs(kept));
        final Segment last = active(contents, writable);
        if (last != null) {
            last.takeRoom();
        }
        final boolean markedClean = last != null && isWithdrawnLater(contents);
        if (last != null && !markedClean) {
            makeSureOfMark(last, contents);
        }
        final Segment active = writable ? replayToDisk(contents, factory, last) : replayToMemory(contents);
        contents.clock.end("writing");
        report = report(contents);
        return new Log(
            identity, kept, factory, active, contents.lastSequence, contents.durableSequence, markedClean,
            contents.covered);
    }

    /** Before files of the write-ahead log change. Without any, the engine does it before its first write. */
    private boolean isWithdrawnLater(final LogContents contents) {
        return contents.isClean() && contents.walFiles.isEmpty() && !settings.walWanted();
    }

    private void makeSureOfMark(final Segment last, final LogContents contents) {
        if (contents.isClean()) {
            withdrawClean(last, contents);
            return;
        }
        confirmMark(last);
        if (contents.tornIndex < 0) {
            confirmTail(last);
        }
    }

    private Segment replayToDisk(final LogContents contents, final SegmentFactory factory, final Segment last) {
        Segment active = last;
        if (contents.loader != null) {
            final WalReplay replay = WalReplay.onDisk(contents, kept, factory);
            active = replay.run(last);
            made = replay.made();
        }
        new WalHandover(settings, contents, kept).run(removed);
        return active;
    }

    private Segment replayToMemory(final LogContents contents) {
        if (contents.loader != null) {
            WalReplay.inMemory(settings, contents, kept).run(null);
        }
        if (contents.walRecords > 0) {
            contents.notes.add(contents.walRecords
                + " records are in the write-ahead log alone; the next open for writing brings them into the segments");
        }
        return null;
    }

    /** The keydir that belongs to the log. */
    public Keydir keydir() {
        return keydir;
    }

    /** The files of checkpoints; null where they are not in use. */
    public CheckpointFiles checkpoints() {
        return start == null ? null : start.files();
    }

    /** What was found and done. */
    public RecoveryReport report() {
        return report;
    }

    /** Tells that log and keydir now belong to the engine. */
    public void handOver() {
        handedOver = true;
    }

    /** Frees everything, unless it was handed over. */
    @Override
    public void close() {
        if (!handedOver) {
            table.segments().forEach(Segment::close);
            kept.segments().forEach(Segment::close);
            keydir.close();
            if (start != null) {
                start.close();
            }
        }
    }

    private static CorruptionException refuse(final List<Damage> damages) {
        final Damage first = damages.get(0);
        return new CorruptionException(first.file(), first.offset(), ErrorText
            .what("the store is damaged, in " + damages.size() + (damages.size() == 1 ? " place" : " places"))
            .where(first.file(), first.offset()).expected("every durable record sound").found(first)
            .todo("run `verify` for the whole list; restore the file from a backup; or copy what is sound with " +
                "`recover DIR DEST` (or open with salvageReadOnly=true to read it)"));
    }

    private void clearAway(final LogContents contents) {
        if (!contents.isClean()) {
            contents.used.subList(0, contents.kept()).forEach(Recovery::mendHeader);
        }
        new WalHandover(settings, contents, table).withdrawStaleMark();
        removed.addAll(start != null ? start.clearAway() :
            new CheckpointStore(settings.files(), settings.directory()).removeAllFiles(contents.names));
        removed.addAll(new MergeCleaning(settings, contents).run());
        removeUndoneCarriers(contents);
        final List<String> names = new ArrayList<>(contents.temporaries);
        names.addAll(contents.undone);
        names.addAll(contents.unfinished);
        for (final SegmentHeader spare : contents.spares) {
            names.add(SegmentFileNames.of(spare.identity().segmentId()));
        }
        removed.addAll(names);
        for (int i = contents.used.size() - 1; i >= contents.kept(); i--) {
            dropped.add(contents.used.get(i).segment.name());
        }
        names.addAll(dropped);
        for (final String name : names) {
            settings.files().unlink(settings.directory().resolve(name));
        }
        // Whoever closed a store had made durable what it removed when it opened it. One that was killed may have
        // removed all there was, of a store never used: it must not come back beside the segments of another.
        if (contents.isEmpty() || !contents.isClean() || !removed.isEmpty() || !names.isEmpty()) {
            settings.files().syncDirectory(settings.directory());
        }
        if (contents.tornIndex >= 0) {
            contents.tornBytes = zeroTail(contents.used.get(contents.tornIndex));
        }
    }

    /** First and durably what says that others count, so that none of these is missed. */
    private void removeUndoneCarriers(final LogContents contents) {
        if (!contents.undoneCarriers.isEmpty()) {
            contents.undoneCarriers.forEach(name -> settings.files().unlink(settings.directory().resolve(name)));
            settings.files().syncDirectory(settings.directory());
            removed.addAll(contents.undoneCarriers);
        }
    }

    /**
     * A recovery before this one may have taken back the mark of a clean close, and been killed before its sync. And
     * what is written next must not take the place of the newest mark: the one before it may tell of a write-ahead log
     * that was removed since.
     */
    private static void confirmMark(final Segment active) {
        active.mapping().sync(0, HeaderDescriptor.PAGE_LENGTH);
        active.headerSynced();
    }

    /**
     * A process may have stored seals and been killed before their syncs, or these may have failed; but not those
     * before the place where the log goes on behind the checkpoint.
     */
    private static void confirmSeals(final LogContents contents) {
        int seals = 0;
        for (int i = contents.kept() - 1; i >= 0 && seals < Segment.SEALED_TOGETHER_MAX; i--) {
            final Used used = contents.used.get(i);
            if (used.header.seal() != null) {
                if (!contents.isHeaderDurable(i)) {
                    used.segment.file().sync();
                }
                seals++;
            }
        }
    }

    /** A recovery before this one may have been killed before it synced the last zeros; see {@link #zeroTail}. */
    private static void confirmTail(final Segment active) {
        final int end = active.endAcquire();
        if (end < active.length()) {
            active.mapping().sync(end, Math.min(Long.BYTES, active.length() - end));
        }
    }

    /**
     * Writes a sound sector over each that is not, in a store that was not closed: a crash in the middle of its writing
     * may have left it. A seal is left to be written again. Not synced here: only a segment that is not sealed, or one
     * of those that were sealed last, can have such a sector, and the headers of all these are synced later.
     */
    private static void mendHeader(final Used used) {
        for (final SegmentHeader.Oddity oddity : used.header.oddities()) {
            if (oddity.offset() < HeaderDescriptor.RESERVED_OFFSET) {
                final ByteBuffer bytes = ByteBuffer.allocateDirect(HeaderDescriptor.PAGE_LENGTH);
                final Watermark next = nextWatermark(used.header);
                if (next != null && oddity.offset() != HeaderDescriptor.SEAL_OFFSET) {
                    HeaderDescriptor.putWatermark(new UnsafeBuffer(bytes), used.header.identity().salt(), next);
                }
                bytes.limit(oddity.offset() + HeaderDescriptor.SECTOR_LENGTH).position(oddity.offset());
                used.segment.file().write(oddity.offset(), bytes);
            }
        }
    }

    /** One that tells what the newest sound sector tells. */
    private static Watermark nextWatermark(final SegmentHeader header) {
        final Watermark newest = header.watermark();
        if (newest != null) {
            return new Watermark(newest.generation() + 1, newest.endOffset(), newest.firstSequence(),
                newest.lastDurableSequence(), false, newest.wal());
        }
        return header.seal() == null ? null : new Watermark(
            1, header.seal().endOffset(), header.seal().firstSequence(), header.seal().lastSequence(), false, false);
    }

    /** Without a whole write-ahead log nothing may say that one is in use, or the next open would miss it. */
    private void withdrawClean(final Segment active, final LogContents contents) {
        if (!settings.walWanted() || !contents.walComplete) {
            active.walInUse(false);
        }
        active.writeWatermark(active.syncedEnd(), contents.durableSequence, false);
        active.mapping().sync(0, HeaderDescriptor.PAGE_LENGTH);
        active.headerSynced();
    }

    /**
     * Overwrites what is not zero behind the last record; returns how far that reached. The first word behind the end
     * is not zero until everything behind it is, durably: a recovery that is cut off before that leaves what the next
     * one takes for a torn tail again. So of the zeros behind the end of a log that was not closed, at most those of
     * that word are not durable.
     */
    private static long zeroTail(final Used used) {
        final SegmentScanner scanner = new SegmentScanner();
        final StoreFile file = used.segment.file();
        final int length = used.segment.length();
        final int first = used.endOffset;
        // Nothing is appended to a sealed segment, whose seal tells the end; and where all is zero there is no trace to
        // be left.
        final boolean tracing = used.header.seal() == null && scanner.firstByteInUse(file, length, first) >= 0;
        final int behind = tracing ? Math.min(length, first + Long.BYTES) : first;
        if (tracing && scanner.firstByteInUse(file, behind, first) < 0) {
            fill(file, first, behind, (byte)-1);
            file.sync();
        }
        int last = behind;
        for (int at = scanner.firstByteInUse(file, length, behind); at >= 0; at = scanner.firstByteInUse(file,
            length, last)) {
            final int from = Math.max(behind, at - at % HeaderDescriptor.SECTOR_LENGTH);
            last = Math.min(length, from + ZERO_LENGTH);
            fill(file, from, last, (byte)0);
        }
        file.sync();
        if (tracing) {
            fill(file, first, behind, (byte)0);
            file.sync();
        }
        return last - first;
    }

    private static void fill(final StoreFile file, final int from, final int to, final byte value) {
        final ByteBuffer bytes = ByteBuffer.allocateDirect(to - from);
        new UnsafeBuffer(bytes).setMemory(0, to - from, value);
        file.write(from, bytes);
    }

    private static void closeDropped(final LogContents contents) {
        for (int i = contents.used.size() - 1; i >= contents.kept(); i--) {
            contents.used.get(i).segment.close();
        }
    }

    private static Segment active(final LogContents contents, final boolean writable) {
        if (contents.kept() == 0 || !writable) {
            return null;
        }
        final Segment last = contents.used.get(contents.kept() - 1).segment;
        return last.isSealed() || last.mapping() == null ? null : last;
    }

    private RecoveryReport report(final LogContents contents) {
        final Used torn = contents.tornIndex < 0 ? null : contents.used.get(contents.tornIndex);
        if (torn != null) {
            contents.notes.add("torn: " + contents.tornDetail);
        }
        return new RecoveryReport(contents.isClean(), contents.merged.size() + contents.kept() + made,
            contents.merged.size(), contents.records, contents.recordBytes,
            contents.hintedRecords, contents.walRecords, contents.lastSequence,
            torn == null ? null : torn.segment.name(), contents.tornOffset, contents.tornBytes, dropped, removed,
            contents.notes, contents.damages, System.nanoTime() - startNs, start == null ? -1 : start.number(),
            contents.clock.phases());
    }
}
