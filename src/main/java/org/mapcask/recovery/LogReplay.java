package org.mapcask.recovery;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.errors.CorruptionException;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.ForeignFileException;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.io.StoreFile;
import org.mapcask.keydir.Keydir;
import org.mapcask.recovery.LogContents.Used;
import org.mapcask.segment.ScanStop;
import org.mapcask.segment.SegmentFileNames;
import org.mapcask.segment.SegmentHeader;
import org.mapcask.segment.SegmentScanner;
import org.mapcask.segment.SegmentTable;
import org.mapcask.segment.StoreIdentity;

/**
 * Reads the log of a store from its first record to its last, fills the keydir, and tells what it found; changes
 * nothing on disk.
 * <p>
 * The records of a log have the sequences 1, 2, 3 … without a hole, through all segments. The replay goes on as long
 * as the next record is sound and has the next sequence. Where it cannot go on, what the headers know to be durable
 * decides: a missing sequence that some header calls durable is damage; one above all of that is the torn tail of a
 * crash, and everything behind it goes with it, so that what is recovered is a prefix. After damage the replay can
 * go on behind it, for salvage and for a full report. Sequences that merges took out of the log are not missing: what
 * still counts of them is in the merged segments, which are read first; everywhere the newest record of a key counts.
 * <p>
 * One thread, one use.
 */
final class LogReplay {
    private final RecoverySettings settings;
    private final boolean strict;
    private final SegmentTable table;
    private final LogContents contents = new LogContents();
    private final SegmentScanner scanner = new SegmentScanner();
    private long bytesTotal;
    private long bytesDone;
    private KeydirLoader loader;
    private Keydir keydir;
    private ScanAhead ahead;
    private HintedScan hinted;
    private ZerosAhead zeros;

    /**
     * A replay.
     *
     * @param strict also reads the bytes that no record uses, and reports every oddity as damage.
     */
    LogReplay(final RecoverySettings settings, final SegmentTable table, final boolean strict) {
        this.settings = settings;
        this.table = table;
        this.strict = strict;
    }

    /** Reads the log; {@code keydir} must be empty. If it throws, it leaves nothing open but the segments. */
    LogContents run(final Keydir keydir) {
        boolean done = false;
        try {
            read(keydir);
            done = true;
            return contents;
        } finally {
            if (!done && contents.start != null) {
                contents.start.close();
            }
        }
    }

    private void read(final Keydir into) {
        keydir = into;
        final DirectoryScan directory = DirectoryScan.of(settings.files(), settings.directory());
        contents.names = directory.all();
        contents.temporaries = directory.temporaries();
        contents.segmentFiles = directory.segments().size();
        contents.walFiles = directory.wal();
        final HeaderReading headers = new HeaderReading(settings, contents, scanner, strict);
        open(headers, directory.segments());
        headers.judgeCutShort();
        final WalJudge wal = new WalJudge(settings, contents);
        wal.read();
        if (contents.identity == null) {
            return;
        }
        loader = new KeydirLoader(keydir, table, contents.identity.hashSeed(), settings.clock());
        contents.loader = loader;
        contents.clock.end("opening");
        if (contents.start != null) {
            contents.start.prepare(keydir, contents.identity);
            loader.startFrom(contents.start);
            contents.clock.end("checkpoint");
        }
        replay();
        wal.judge();
        LostKeys.name(settings, contents);
        contents.clock.end("replay");
    }

    private void open(final HeaderReading headers, final List<String> names) {
        if (settings.checkpoints() && !strict && !names.isEmpty()) {
            contents.start = new CheckpointStart(settings, contents, table);
            contents.clock.end("headers");
            contents.start.read();
            contents.clock.end("checkpoint");
        }
        final List<SegmentHeader> readable = headers.read(names, contents.start);
        contents.clock.end("headers");
        if (readable.isEmpty()) {
            if (contents.start != null) {
                contents.start.close();
                contents.start = null;
            }
            return;
        }
        if (contents.start != null) {
            contents.start.checkStore(contents.identity);
        }
        final MergeJudge merges = new MergeJudge(
            contents, strict, contents.start == null ? MergeUndo.NONE : contents.start.undo(readable));
        merges.read(readable, names);
        final List<SegmentHeader> used = new ArrayList<>();
        for (final SegmentHeader header : merges.log()) {
            (header.wasUsed() ? used : contents.spares).add(header);
            bytesTotal += header.wasUsed() || strict ? header.identity().length() : 0;
        }
        SegmentOrder.sort(used, this::firstRecord);
        final List<SegmentHeader> merged = merges.merged(!used.isEmpty() && used.get(used.size() - 1).isClean());
        final List<SegmentHeader> counting = new ArrayList<>(merges.log());
        counting.addAll(merged);
        headers.checkPositions(counting);
        final SegmentOpening opening = new SegmentOpening(settings, contents, table);
        opening.merged(merged, used.size());
        opening.used(used);
        merged.forEach(header -> bytesTotal += header.identity().length());
        contents.durableSequence = Math.max(contents.durableSequence, contents.covered.highest());
    }

    private void replay() {
        final ScanAhead planned = plan();
        final Used open = contents.used.isEmpty() || contents.isClean() || contents.last().header.seal() != null ?
            null : contents.last();
        try (planned; ZerosAhead tail = new ZerosAhead(open, ZerosAhead.BYTES_MIN)) {
            zeros = tail;
            ahead = planned;
            hinted = new HintedScan(contents, tail(), planned);
            replayPlanned();
        }
        if (tail() != null) {
            tail().endOfHints();
        }
        loader.forgetDeletions();
        checkEnd(contents.lastSequence + 1);
        if (strict) {
            contents.spares.forEach(this::checkSpare);
        }
    }

    /** What has to be read, if nothing is wrong. */
    private ScanAhead plan() {
        final List<ScanAhead.Plan> plans = new ArrayList<>();
        for (final Used merged : contents.merged) {
            if (!contents.isFromCheckpoint()) {
                plans.add(new ScanAhead.Plan(merged, HeaderDescriptor.PAGE_LENGTH, SegmentScanner.ANY_ORDER));
            }
        }
        for (int i = 0; i < contents.used.size(); i++) {
            final Used used = contents.used.get(i);
            if (contents.isFromCheckpoint() && contents.start.goesOnIn(i)) {
                plans.add(HintedScan.plan(
                    tail(), used, contents.start.replayOffset(), contents.start.firstSequence()));
            } else if (!contents.isFromCheckpoint() || !contents.start.passes(i)) {
                plans.add(
                    HintedScan.plan(tail(), used, HeaderDescriptor.PAGE_LENGTH, used.header.firstSequence()));
            }
        }
        plans.removeIf(Objects::isNull);
        final long bytes = plans.stream().mapToLong(plan -> Math.max(0, lengthToRead(plan.used()) - plan.from())).sum();
        return new ScanAhead(keydir, !contents.isFromCheckpoint(), contents.identity.hashSeed(), scanner,
            bytes < ScanAhead.BYTES_MIN ? List.of() : plans);
    }

    /** What stands behind the checkpoint; null without one. */
    private DeferredTail tail() {
        return contents.isFromCheckpoint() ? contents.start.tail() : null;
    }

    /** Up to where there may be records: what is behind the end of a log that was closed properly is not looked at. */
    private long lengthToRead(final Used used) {
        return used.header.seal() != null || contents.isClean() && used == contents.last() ? used.header.durableEnd() :
            used.header.identity().length();
    }

    private void replayPlanned() {
        final MergedReplay mergedReplay = new MergedReplay(contents, scanner, ahead, strict);
        for (final Used merged : contents.merged) {
            if (contents.isFromCheckpoint()) {
                pass(merged);
            } else {
                mergedReplay.replay(merged);
            }
            countDone(merged);
        }
        long expected = skipCovered(1);
        boolean torn = false;
        for (int i = 0; i < contents.used.size() && !torn; i++) {
            final Used used = contents.used.get(i);
            final long first = used.header.firstSequence();
            if (contents.isFromCheckpoint() && contents.start.passes(i)) {
                pass(used);
                countDone(used);
                expected = skipCovered(used.lastSequence + 1);
                continue;
            }
            if (first > expected) {
                if (expected > contents.durableSequence && !contents.isHeaderLost()) {
                    cutBefore(i, "the records from sequence " + expected + " on were never written");
                    break;
                }
                contents.damages.add(new Damage(used.segment.name(), HeaderDescriptor.PAGE_LENGTH,
                    Damage.Kind.MISSING_SEGMENT, expected,
                    first - 1, "the segment before this one is missing or lost its end"));
                expected = first;
                loader.dropOpenBatch();
            }
            expected = skipCovered(replaySegment(i, used, expected));
            torn = contents.tornIndex >= 0;
        }
        contents.lastSequence = expected - 1;
    }

    /** All of its records are in the checkpoint. */
    private static void pass(final Used used) {
        used.firstSequence = used.header.seal().firstSequence();
        used.lastSequence = used.header.seal().lastSequence();
        used.endOffset = (int)used.header.seal().endOffset();
        used.segment.endRelease(used.endOffset);
        used.segment.firstSequence(used.firstSequence);
    }

    /** The next sequence that the log has to have: what merges took out of it is not missing. */
    private long skipCovered(final long sequence) {
        final long next = contents.covered.nextOutside(sequence);
        if (next > sequence) {
            loader.skipMerged();
        }
        return next;
    }

    /** The log may end where nothing is written, and a frame of the write-ahead log know that more was durable. */
    private void checkEnd(final long expected) {
        final boolean told = contents.damages.stream().anyMatch(
            damage -> damage.lastSequence() >= contents.durableSequence);
        final Used last = !contents.used.isEmpty() ? contents.last() :
            contents.merged.isEmpty() ? null : contents.merged.get(contents.merged.size() - 1);
        if (expected <= contents.durableSequence && !told && last != null) {
            contents.damages.add(new Damage(last.segment.name(), last.endOffset,
                Damage.Kind.RECORD, expected, contents.durableSequence,
                "nothing is written where durable records were"));
        }
    }

    /** Whether the log goes on with this sequence in a later segment. */
    private boolean goesOnBehind(final int index, final long sequence) {
        for (int i = index + 1; i < contents.used.size(); i++) {
            final Used used = contents.used.get(i);
            if (firstRecord(used.segment.file(), used.header) == sequence) {
                return true;
            }
        }
        return false;
    }

    private long firstRecord(final SegmentHeader header) {
        try (StoreFile file = open(header)) {
            return firstRecord(file, header);
        }
    }

    private StoreFile open(final SegmentHeader header) {
        final String name = SegmentFileNames.of(header.identity().segmentId());
        return settings.files().open(settings.directory().resolve(name), false);
    }

    private long firstRecord(final StoreFile file, final SegmentHeader header) {
        final int start = HeaderDescriptor.PAGE_LENGTH;
        return scanner.resync(file, header, start, start + RecordDescriptor.ALIGNMENT) == start ?
            scanner.sequenceAt(file, start) : SegmentOrder.NO_RECORD;
    }

    private long replaySegment(final int index, final Used used, final long expectedSequence) {
        final StoreFile file = used.segment.file();
        final boolean goesOn = contents.isFromCheckpoint() && contents.start.goesOnIn(index);
        used.firstSequence = goesOn ? used.header.firstSequence() : expectedSequence;
        int from = goesOn ? contents.start.replayOffset() : HeaderDescriptor.PAGE_LENGTH;
        used.endOffset = from;
        long expected = goesOn ? contents.start.firstSequence() : expectedSequence;
        used.lastSequence = expected - 1;
        while (!isCleanEnd(used, from)) {
            final SegmentScanner.Result result = hinted.scan(used, from, expected,
                (offset, shape, sequence, hash, buffer, keyOffset) ->
                    onRecord(used, offset, shape, sequence, hash, buffer, keyOffset));
            expected = result.records() == 0 ? expected : result.lastSequence() + 1;
            used.endOffset = result.endOffset();
            used.lastSequence = expected - 1;
            if (!isDamage(used, result, expected)) {
                afterLastRecord(index, used, result, expected);
                break;
            }
            final int next = resync(used, result.endOffset());
            contents.damages.add(recordDamage(used, result, expected, next));
            loader.dropOpenBatch();
            if (next < 0) {
                expected = Math.max(expected, used.header.seal() == null ? expected :
                    used.header.seal().lastSequence() + 1);
                break;
            }
            from = next;
            expected = scanner.sequenceAt(file, next);
        }
        used.segment.endRelease(used.endOffset);
        used.segment.firstSequence(used.firstSequence);
        countDone(used);
        return expected;
    }

    /**
     * Whether the log ended here when it was closed properly: what is behind that is not even read, since the kernel
     * takes a read there for one that goes on from what it has in memory, and makes 8 MiB of zeros out of a hole.
     */
    private boolean isCleanEnd(final Used used, final int offset) {
        return !strict && contents.isClean() && used == contents.last() && offset == used.header.durableEnd();
    }

    private void countDone(final Used used) {
        bytesDone += used.header.identity().length();
        settings.progress().onProgress("reading the log", bytesDone, bytesTotal);
    }

    private int resync(final Used used, final int damagedOffset) {
        return scanner.resync(used.segment.file(), used.header, damagedOffset + RecordDescriptor.ALIGNMENT,
            (int)used.header.identity().length());
    }

    /** The end of a segment is damage when some header says that there must be more, or that it ends elsewhere. */
    private boolean isDamage(final Used used, final SegmentScanner.Result result, final long expected) {
        if (used.header.seal() != null) {
            return result.endOffset() != used.header.seal().endOffset() || result.stop() != ScanStop.END;
        }
        if (result.endOffset() < used.header.durableEnd()) {
            return true;
        }
        return result.stop() != ScanStop.END && contents.covered.nextOutside(expected) <= contents.durableSequence;
    }

    private Damage recordDamage(final Used used, final SegmentScanner.Result result, final long expected,
        final int next) {
        final String detail = result.stop() == ScanStop.END ? "nothing is written where a durable record was" :
            result.detail();
        final long behind = next >= 0 ? scanner.sequenceAt(used.segment.file(), next) - 1 :
            used.header.seal() != null ? used.header.seal().lastSequence() : Math.max(expected,
                contents.durableSequence);
        return new Damage(used.segment.name(), result.endOffset(), Damage.Kind.RECORD, expected, Math.max(expected,
            behind), detail);
    }

    private void afterLastRecord(
        final int index, final Used used, final SegmentScanner.Result result, final long expected) {
        final boolean last = index == contents.used.size() - 1;
        final boolean clean = contents.isClean();
        final boolean sealed = used.header.seal() != null;
        if (strict && clean && !last && !sealed) {
            contents.damages.add(new Damage(used.segment.name(), HeaderDescriptor.SEAL_OFFSET, Damage.Kind.HEADER, 0, 0,
                "a segment that others follow has no seal"));
        }
        if (result.stop() != ScanStop.END) {
            if (strict && clean) {
                addUnusedSpace(used.segment.name(), result.endOffset(), result.detail());
            } else {
                tear(index, result.detail());
            }
            return;
        }
        if (!strict && (sealed || last && clean)) {
            return;
        }
        final int inUse = scanner.firstByteInUse(used.segment.file(), zeros.from(used), result.endOffset());
        if (inUse < 0) {
            return;
        }
        final long next = contents.covered.nextOutside(expected);
        if (!sealed && !clean && next > contents.durableSequence && !goesOnBehind(index, next)) {
            tear(index, "bytes behind the last record, from offset " + inUse + " on");
        } else if (strict) {
            addUnusedSpace(used.segment.name(), inUse, "bytes behind the last record are not zero");
        }
    }

    /**
     * A prepared segment is zero, unless a crash kept the header of its use from the disk, or a value was never
     * published in it. What is in it does not count.
     */
    private void checkSpare(final SegmentHeader header) {
        final String name = SegmentFileNames.of(header.identity().segmentId());
        try (StoreFile file = open(header)) {
            final int inUse = scanner.firstByteInUse(
                file, (int)Math.min(header.identity().length(), header.fileLength()), HeaderDescriptor.PAGE_LENGTH);
            if (inUse >= 0) {
                contents.notes.add(
                    name + ": not zero at offset " + inUse + ", but never taken into use; the next open removes it");
            }
        }
    }

    private void addUnusedSpace(final String name, final int offset, final String detail) {
        contents.damages.add(new Damage(name, offset, Damage.Kind.UNUSED_SPACE, 0, 0, detail));
    }

    private void tear(final int index, final String detail) {
        contents.dropFrom = index + 1;
        contents.tornIndex = index;
        contents.tornOffset = contents.used.get(index).endOffset;
        contents.tornDetail = detail;
    }

    /** Nothing from this segment on counts, and the one before it, if any, lost its end. */
    private void cutBefore(final int index, final String detail) {
        contents.dropFrom = index;
        if (index > 0) {
            tear(index - 1, detail);
        } else {
            contents.notes.add(detail);
        }
    }

    private void onRecord(
        final Used used, final int offset, final long shape, final long sequence, final long hash,
        final UnsafeBuffer buffer, final int keyOffset) {
        final int length = RecordDescriptor.length(shape);
        contents.records++;
        contents.recordBytes += RecordDescriptor.alignedLength(length);
        loader.accept(used.segment.basePosition() + offset, length, shape, sequence, hash, buffer, keyOffset,
            RecordDescriptor.keyLength(shape));
    }
}
