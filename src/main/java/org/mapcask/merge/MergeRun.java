package org.mapcask.merge;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.errors.CorruptionException;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.MapcaskException;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.format.MergeDescriptor;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.keydir.KeyHash;
import org.mapcask.segment.CoveredRanges;
import org.mapcask.segment.MergeMarks;
import org.mapcask.segment.ScanStop;
import org.mapcask.segment.Segment;
import org.mapcask.segment.SegmentFactory;
import org.mapcask.segment.SegmentHeader;
import org.mapcask.segment.SegmentScanner;

/**
 * One merge: rewrites what lives in some segments, and takes these out of use. In this order, so that a crash at any
 * step leaves either the inputs or the outputs:
 * <ol>
 *   <li>Read the inputs, verified, and copy what lives and the deletions that are still needed.
 *   <li>Make the outputs durable, and seal them.
 *   <li>Make the log durable: what made a record dead must be so before the record goes, and of a batch of which a part
 *       was copied, the rest. So that the newest segment is known, its header is made durable even if it is empty.
 *   <li>Commit: one region in the header of the last output, durable. From here on there is no way back; a failure
 *       stops the store.
 *   <li>Stamp the other outputs, and have the keydir lead to the copies.
 *   <li>Retire the inputs.
 * </ol>
 * A deletion is copied if its key is absent, and something outside of the inputs may hold what it hides. A value that
 * has expired is left out, and its entry goes when the others are moved; a deletion with its sequence takes its place
 * if something outside of the inputs may hold an older value. One thread, one use.
 */
final class MergeRun {
    /** Entries that are moved in one go under the write lock: a bit of a long for each. */
    private static final int MOVES_MAX = Long.SIZE;
    private static final int REPORT_LENGTH = 64 << 10;

    private final MergeHost host;
    private final int segmentLength;
    private final List<SegmentUse> inputs;
    private final long hidesNothingUpTo;
    private final MergePace pace;
    private final SegmentScanner scanner = new SegmentScanner();
    private final List<MergeOutput> outputs = new ArrayList<>();
    private final MoveList moves = new MoveList();
    private HashOrder order;
    private final CopyBatch batch = new CopyBatch();
    private final BitSet live = new BitSet();
    private LiveRecords liveRecords;
    private boolean liveKnown;
    private int taken;
    private final Map<Segment, Long> foundLive = new HashMap<>();
    private final ByteBuffer recordStart =
        ByteBuffer.allocateDirect(RecordDescriptor.HEADER_LENGTH + RecordDescriptor.EXPIRY_LENGTH);
    private long liveOfInput;
    private long left;
    private long movedBytes;
    private long expired;
    private long unreported;
    private boolean committing;
    private boolean published;

    /**
     * A run.
     *
     * @param all  segments of the store, as they were when the inputs were chosen.
     * @param pace told what is done, and asked between steps.
     */
    MergeRun(
        final MergeHost host, final MergeSettings settings, final List<SegmentUse> all, final List<SegmentUse> inputs,
        final MergePace pace) {
        this.host = host;
        this.inputs = inputs;
        this.pace = pace;
        int longest = settings.segmentLength();
        for (final SegmentUse input : inputs) {
            longest = Math.max(longest, input.length());
            left += input.kept();
        }
        segmentLength = longest;
        hidesNothingUpTo = MergePolicy.hidesNothingUpTo(all, new HashSet<>(inputs));
    }

    /** What a run did. */
    record Result(List<Segment> outputs, long records, long expired, long movedBytes, long reclaimedBytes) {
    }

    /** Runs. If it throws before the commit, nothing has happened; if after it, the store takes no more writes. */
    Result run() {
        boolean done = false;
        try {
            copy();
            final Result result = commit();
            done = true;
            return result;
        } finally {
            if (!done && !committing) {
                outputs.forEach(this::discard);
            } else if (!done && !published) {
                outputs.forEach(output -> output.segment().close());
            }
        }
    }

    private void discard(final MergeOutput output) {
        try {
            host.factory().discard(List.of(output.segment()));
        } catch (final MapcaskException ignored) {
            // the next open removes it; the failure that led here is the one to tell
        }
    }

    private void copy() {
        for (final SegmentUse input : inputs) {
            copy(input.segment());
        }
        if (outputs.isEmpty()) {
            addOutput(0);
        }
        outputs.forEach(output -> {
            output.finish();
            output.seal();
            pace.onProgress(0);
        });
    }

    private void copy(final Segment input) {
        liveOfInput = 0;
        final SegmentHeader header;
        final SegmentScanner.Result result;
        try {
            header = SegmentHeader.read(input.file());
            liveKnown = host.readsPages();
            if (liveKnown) {
                liveRecords = liveRecords == null ? new LiveRecords(host, pace) : liveRecords;
                liveRecords.find(input, header, scanner);
            }
            result = scanner.scan(input.file(), header, HeaderDescriptor.PAGE_LENGTH,
                LiveRecords.expectedSequence(input), (offset, length, shape, sequence, buffer, keyOffset) ->
                onRecord(input, offset, shape, sequence, buffer, keyOffset));
            takeBatch(input);
        } catch (final CopyFailure ex) {
            throw ex.failure();
        } catch (final MapcaskException ex) {
            throw new DamagedInputException(input, ex);
        }
        if (result.stop() != ScanStop.END || result.endOffset() != input.endAcquire()) {
            throw new DamagedInputException(input, new CorruptionException(input.name(), result.endOffset(),
                ErrorText.what("a segment cannot be merged").where(input.file().path(), result.endOffset())
                .expected("sound records up to offset " + input.endAcquire()).found(
                result.detail().isEmpty() ? "no record" : result.detail())
                .todo("run `verify` on the store, then restore the file from a backup, or copy the rest with " +
                    "`recover DIR DEST`")));
        }
        foundLive.put(input, liveOfInput);
    }

    private void onRecord(
        final Segment input, final int offset, final long shape, final long sequence, final UnsafeBuffer buffer,
        final int keyOffset) {
        try {
            final int start = keyOffset - RecordDescriptor.bodyOffset(RecordDescriptor.flags(shape));
            final int aligned = RecordDescriptor.alignedLength(RecordDescriptor.length(buffer, start));
            final int keyLength = RecordDescriptor.keyLength(shape);
            final long hash = KeyHash.hash(buffer, keyOffset, keyLength, host.hashSeed());
            final long position = input.basePosition() + offset;
            if (RecordDescriptor.type(shape) == RecordDescriptor.TYPE_DELETE) {
                if (sequence > hidesNothingUpTo && host.isAbsent(hash, buffer, keyOffset, keyLength)) {
                    append(input, offset, buffer, start, aligned);
                }
                report(aligned);
                pace.between();
            } else if (liveKnown) {
                takeKnown(input, offset, hash, position, buffer, start, aligned);
            } else if (CopyBatch.takes(aligned)) {
                if (!batch.hasRoomFor(aligned)) {
                    takeBatch(input);
                }
                batch.add(hash, position, offset, buffer, start, aligned);
            } else {
                takeLong(input, offset, hash, position, buffer, start, aligned);
            }
        } catch (final RuntimeException ex) {
            throw CopyFailure.of(ex);
        }
    }

    /** Copies a record of which it is known whether it lives. */
    private void takeKnown(
        final Segment input, final int offset, final long hash, final long position, final UnsafeBuffer buffer,
        final int start, final int aligned) {
        if (liveRecords.isLive(offset)) {
            take(input, offset, hash, position, buffer, start, aligned);
        }
        report(aligned);
        if (++taken % CopyBatch.RECORDS_MAX == 0) {
            pace.between();
        }
    }

    /** Copies what lives of the records that were gathered. */
    private void takeBatch(final Segment input) {
        try {
            host.live(batch.hashes(), batch.positions(), batch.count(), live);
            for (int i = 0; i < batch.count(); i++) {
                final int aligned = batch.alignedLength(i);
                if (live.get(i)) {
                    take(input, batch.inputOffset(i), batch.hashes()[i], batch.positions()[i], batch.buffer(),
                        batch.start(i), aligned);
                }
                report(aligned);
            }
            batch.clear();
            pace.between();
        } catch (final RuntimeException ex) {
            throw CopyFailure.of(ex);
        }
    }

    /** Copies a record that is too long to be gathered, if it lives. */
    private void takeLong(
        final Segment input, final int offset, final long hash, final long position, final UnsafeBuffer buffer,
        final int start, final int aligned) {
        host.live(new long[] {hash}, new long[] {position}, 1, live);
        if (live.get(0)) {
            take(input, offset, hash, position, buffer, start, aligned);
        }
        report(aligned);
        pace.between();
    }

    private void take(
        final Segment input, final int offset, final long hash, final long position, final UnsafeBuffer buffer,
        final int start, final int aligned) {
        moves.add(hash, position,
            isExpired(buffer, start) ? bury(buffer, start, aligned) : append(input, offset, buffer, start, aligned),
            aligned);
        liveOfInput += aligned;
    }

    /** Asks the clock of the store; the record was found sound. */
    private boolean isExpired(final UnsafeBuffer buffer, final int start) {
        final int flags = RecordDescriptor.flags(RecordDescriptor.shape(buffer, start));
        return (flags & RecordDescriptor.FLAG_EXPIRY) != 0 &&
            host.nowMs() >= RecordDescriptor.expiry(buffer, start);
    }

    /**
     * Leaves an expired record out; in its place a deletion is written, if there may be something older, which would
     * come up again.
     */
    private long bury(final UnsafeBuffer buffer, final int start, final int aligned) {
        final long shape = RecordDescriptor.shape(buffer, start);
        final long sequence = RecordDescriptor.sequence(buffer, start);
        final int keyOffset = start + RecordDescriptor.bodyOffset(RecordDescriptor.flags(shape));
        final int keyLength = RecordDescriptor.keyLength(shape);
        left -= aligned;
        expired++;
        if (sequence > hidesNothingUpTo) {
            final int needed = MergeOutput.deletionLength(keyLength);
            makeRoom(needed);
            last().appendDeletion(sequence, buffer, keyOffset, keyLength);
            movedBytes += needed;
            unreported += needed;
        }
        return MoveList.REMOVED;
    }

    private void makeRoom(final int aligned) {
        if (outputs.isEmpty() || !last().hasRoomFor(aligned)) {
            addOutput(aligned);
        }
    }

    private long append(
        final Segment input, final int offset, final UnsafeBuffer buffer, final int start, final int aligned) {
        makeRoom(aligned);
        final boolean whole = start + aligned <= buffer.capacity();
        final long position = last().append(buffer, start, whole, input, offset);
        final long expiry = RecordDescriptor.expiryOf(buffer, start);
        if (expiry != RecordDescriptor.EXPIRY_NEVER) {
            last().segment().addExpiring(expiry, aligned, host.nowMs());
        }
        left -= aligned;
        movedBytes += aligned;
        unreported += aligned;
        return position;
    }

    private void report(final long bytes) {
        unreported += bytes;
        if (unreported >= REPORT_LENGTH) {
            pace.onProgress(unreported);
            unreported = 0;
        }
    }

    private MergeOutput last() {
        return outputs.get(outputs.size() - 1);
    }

    /** As long as what is still to come, so that the last one is not longer than it has to be. */
    private void addOutput(final int aligned) {
        if (outputs.size() == MergeDescriptor.OUTPUTS_MAX) {
            throw new IllegalStateException("a merge of " + inputs + " needs too many outputs");
        }
        final long wanted = HeaderDescriptor.PAGE_LENGTH +
            BitUtil.align(Math.max(left, aligned), (long)HeaderDescriptor.PAGE_LENGTH);
        final int length = (int)Math.max(Math.max(SegmentFactory.SEGMENT_LENGTH_MIN, SegmentFactory.lengthFor(aligned)),
            Math.min(wanted, segmentLength));
        outputs.add(new MergeOutput(host.factory().createMerged(length), outputs.isEmpty() ? null : last()));
    }

    private Result commit() {
        final long sequence = host.lastSequence();
        inputs.forEach(input -> checkNothingMissed(input.segment()));
        // Before the commit: a lack of memory may not stop the store.
        order = host.readsPages() && moves.count() <= HashOrder.COUNT_MAX ?
            new HashOrder(moves.count(), moves::hash) : null;
        host.syncLog(sequence);
        host.checkWritable();
        pace.onProgress(0);
        final CoveredRanges covered = coveredThen();
        final MergeDescriptor.Commit commit = new MergeDescriptor.Commit(
            outputs.stream().map(output -> output.segment().id()).toList(),
            inputs.stream().map(SegmentUse::id).toList(), covered.list());
        try {
            committing = true;
            MergeMarks.writeCommit(last().segment(), commit);
            last().segment().file().sync();
            covered.list().forEach(range -> host.covered().add(range.first(), range.last()));
            return host.install(this::install);
        } catch (final RuntimeException | Error ex) {
            host.latch(ex);
            throw ex;
        }
    }

    /** What lives can only become less: a segment with more of it than was found has something that was passed over. */
    private void checkNothingMissed(final Segment input) {
        if (input.liveBytes() > foundLive.get(input)) {
            throw new DamagedInputException(input, new CorruptionException(input.name(), 0,
                ErrorText.what("a segment cannot be merged").where(input.file().path())
                .expected(input.liveBytes() + " live bytes").found(foundLive.get(input) + " live bytes")
                .todo("open the store anew, and report this")));
        }
    }

    private CoveredRanges coveredThen() {
        final CoveredRanges covered = host.covered().copy();
        for (final SegmentUse input : inputs) {
            if (!input.merged() && input.hasRecords()) {
                covered.add(input.lowest(), input.highest());
            }
        }
        return covered;
    }

    private Result install() {
        for (int i = 0; i < outputs.size() - 1; i++) {
            MergeMarks.writeStamp(outputs.get(i).segment());
            outputs.get(i).segment().file().sync();
        }
        final List<Segment> made = outputs.stream().map(MergeOutput::segment).toList();
        host.publish(made);
        published = true;
        move();
        long reclaimed = 0;
        for (final SegmentUse input : inputs) {
            reclaimed += input.used();
        }
        for (final MergeOutput output : outputs) {
            reclaimed -= output.used();
        }
        host.retire(inputs.stream().map(SegmentUse::segment).toList(), made, reclaimed);
        return new Result(made, moves.count() - expired, expired, movedBytes, reclaimed);
    }

    private void move() {
        final long[] hashes = new long[MOVES_MAX];
        final long[] from = new long[MOVES_MAX];
        final long[] to = new long[MOVES_MAX];
        final int[] lengths = new int[MOVES_MAX];
        for (int next = 0; next < moves.count(); next += MOVES_MAX) {
            final int count = Math.min(MOVES_MAX, moves.count() - next);
            for (int i = 0; i < count; i++) {
                final int move = order == null ? next + i : order.at(next + i);
                hashes[i] = moves.hash(move);
                from[i] = moves.from(move);
                to[i] = moves.to(move);
                lengths[i] = moves.length(move);
            }
            final long moved = host.move(hashes, from, to, lengths, count);
            for (int i = 0; i < count; i++) {
                if ((moved >>> i & 1) == 0 && to[i] != MoveList.REMOVED) {
                    forgetExpiring(to[i], lengths[i]);
                }
            }
            pace.between();
        }
    }

    /** A copy to which nothing leads was counted when it was written. */
    private void forgetExpiring(final long position, final int aligned) {
        for (final MergeOutput output : outputs) {
            final long offset = position - output.segment().basePosition();
            if (offset > 0 && offset < output.segment().length() && output.segment().hasExpiring()) {
                output.segment().file().read(offset, recordStart.clear());
                output.segment().removeExpiring(
                    RecordDescriptor.expiryOf(new UnsafeBuffer(recordStart), 0), aligned);
            }
        }
    }
}
