package org.mapcask.recovery;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.agrona.DirectBuffer;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.format.MergeDescriptor;
import org.mapcask.format.RecordChecksum;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.keydir.KeyHash;
import org.mapcask.keydir.Keydir;
import org.mapcask.segment.CoveredRanges;
import org.mapcask.segment.Log;
import org.mapcask.segment.RecordReader;
import org.mapcask.segment.MergeMarks;
import org.mapcask.segment.Segment;
import org.mapcask.segment.SegmentHeader;
import org.mapcask.segment.SegmentScanner;
import org.mapcask.support.EngineStore;
import org.mapcask.support.MemoryFileOps;

/**
 * A merge step by step, as the contract of the format wants it, with a moment to look at the files after each. Sealed
 * segments are taken at random, but never the newest of the log, and none that goes on with a batch without the one
 * before it.
 */
final class HandMerge {
    /** Told after each step. */
    interface Moments {
        void after(String step);
    }

    private final MemoryFileOps files;
    private final Random random;
    private final Moments moments;
    private final int outputLength;
    private final List<Segment> outputs = new ArrayList<>();
    private final SegmentScanner scanner = new SegmentScanner();
    private Log log;
    private Keydir keydir;
    private List<Segment> inputs;
    private List<Segment> others;
    private long lowest;
    private long highest;
    private int droppedTombstones;
    private int keptTombstones;

    HandMerge(final MemoryFileOps files, final Random random, final int outputLength, final Moments moments) {
        this.files = files;
        this.random = random;
        this.outputLength = outputLength;
        this.moments = moments;
    }

    int droppedTombstones() {
        return droppedTombstones;
    }

    int keptTombstones() {
        return keptTombstones;
    }

    /** Does it, with each of the candidates taken in with this chance; false if there was nothing to merge. */
    boolean run(final double share) {
        return run(segment -> random.nextDouble() < share);
    }

    /** Does it with these candidates; false if there are none. */
    boolean run(final Predicate<Segment> choice) {
        try (Recovery recovery = new Recovery(EngineStore.settings(files, StoreDamage.DIRECTORY, true, false))) {
            log = recovery.run();
            keydir = recovery.keydir();
            if (log.markedClean()) {
                // As the engine does before it changes anything.
                log.active().writeWatermark(log.active().syncedEnd(), log.durableSequence(), false);
            }
            choose(choice);
            if (inputs.isEmpty()) {
                return false;
            }
            try {
                copyAndSeal();
                commitAndStamp();
            } finally {
                outputs.forEach(Segment::close);
            }
            Collections.shuffle(inputs, random);
            for (final Segment input : inputs) {
                files.delete(input.file().path());
                moments.after("delete " + input);
            }
            files.syncDirectory(StoreDamage.DIRECTORY);
            return true;
        }
    }

    private void choose(final Predicate<Segment> choice) {
        final List<Segment> all = log.table().segments();
        inputs = new ArrayList<>();
        for (int i = 0; i < all.size() - 1; i++) {
            if (all.get(i).isSealed() && choice.test(all.get(i))) {
                inputs.add(all.get(i));
            }
        }
        while (inputs.removeIf(input -> !input.isMerged() && goesOnWithBatch(input) && isBeforeKept(all, input))) {
            // one that goes may be the one before another
        }
        others = new ArrayList<>(all);
        others.removeAll(inputs);
    }

    private boolean goesOnWithBatch(final Segment input) {
        final RecordReader reader = new RecordReader(log.table(), true);
        reader.load(input.basePosition() + HeaderDescriptor.PAGE_LENGTH);
        final int flags = RecordDescriptor.flags(RecordDescriptor.shape(reader.record(), 0));
        final int place = flags & RecordDescriptor.BATCH_MASK;
        return place == RecordDescriptor.BATCH_INSIDE || place == RecordDescriptor.BATCH_LAST;
    }

    private boolean isBeforeKept(final List<Segment> all, final Segment input) {
        return all.stream().anyMatch(segment -> !segment.isMerged() && !inputs.contains(segment)
            && segment.highestSequence() == input.lowestSequence() - 1);
    }

    private void copyAndSeal() {
        startOutput();
        moments.after("create");
        for (final Segment input : inputs) {
            final SegmentHeader header = SegmentHeader.read(input.file());
            scanner.scan(input.file(), header, HeaderDescriptor.PAGE_LENGTH, SegmentScanner.ANY_ORDER,
                (offset, length, shape, sequence, buffer, keyOffset) -> {
                    if (isNeeded(input.basePosition() + offset, shape, sequence, buffer, keyOffset)) {
                        copy(length, shape, sequence, buffer, keyOffset);
                    }
                });
            moments.after("copy of " + input);
        }
        sealOutput();
        moments.after("seals");
    }

    private boolean isNeeded(
        final long position, final long shape, final long sequence, final DirectBuffer buffer, final int keyOffset) {
        final int keyLength = RecordDescriptor.keyLength(shape);
        final long hash = KeyHash.hash(buffer, keyOffset, keyLength, log.identity().hashSeed());
        if (RecordDescriptor.type(shape) == RecordDescriptor.TYPE_PUT) {
            return keydir.isAt(hash, position);
        }
        final RecordReader reader = new RecordReader(log.table(), true);
        final boolean absent = keydir.find(
            hash, candidate -> reader.load(candidate, buffer, keyOffset, keyLength)) == Keydir.NOT_FOUND;
        final boolean needed = absent && others.stream().anyMatch(
            segment -> segment.firstSequence() > 0 && segment.firstSequence() < sequence);
        droppedTombstones += needed ? 0 : 1;
        keptTombstones += needed ? 1 : 0;
        return needed;
    }

    private void copy(
        final int length, final long shape, final long sequence, final DirectBuffer buffer, final int keyOffset) {
        final int aligned = RecordDescriptor.alignedLength(length);
        if (output().endAcquire() + aligned > output().length() || random.nextInt(12) == 0) {
            sealOutput();
            startOutput();
        }
        final int end = output().endAcquire();
        final int body = length - RecordDescriptor.HEADER_LENGTH;
        final byte[] bytes = new byte[body];
        buffer.getBytes(keyOffset, bytes);
        final long alone = RecordDescriptor.shape(RecordDescriptor.type(shape), 0, RecordDescriptor.keyLength(shape),
            RecordDescriptor.valueLength(shape));
        final RecordChecksum checksum = new RecordChecksum();
        checksum.update(bytes, 0, body);
        output().buffer().putBytes(end + RecordDescriptor.HEADER_LENGTH, bytes);
        RecordDescriptor.putHeader(output().buffer(), end,
            checksum.finish(sequence, alone, output().salt(), end, length), sequence, alone);
        RecordDescriptor.publishLength(output().buffer(), end, length);
        output().endRelease(end + aligned);
        lowest = lowest == 0 ? sequence : Math.min(lowest, sequence);
        highest = Math.max(highest, sequence);
    }

    private Segment output() {
        return outputs.get(outputs.size() - 1);
    }

    private void startOutput() {
        outputs.add(log.factory().createMerged(outputLength));
        lowest = 0;
        highest = 0;
    }

    private void sealOutput() {
        output().file().sync();
        output().writeSeal(output().endAcquire(), lowest, highest);
        output().mapping().sync(0, HeaderDescriptor.PAGE_LENGTH);
    }

    private void commitAndStamp() {
        final CoveredRanges covered = log.covered().copy();
        inputs.stream().filter(input -> !input.isMerged()).forEach(
            input -> covered.add(input.lowestSequence(), input.highestSequence()));
        MergeMarks.writeCommit(output(), new MergeDescriptor.Commit(ids(outputs), ids(inputs), covered.list()));
        moments.after("commit of " + output());
        output().mapping().sync(0, HeaderDescriptor.PAGE_LENGTH);
        for (final Segment other : outputs.subList(0, outputs.size() - 1)) {
            MergeMarks.writeStamp(other);
            other.mapping().sync(0, HeaderDescriptor.PAGE_LENGTH);
            moments.after("stamp of " + other);
        }
    }

    private static List<Long> ids(final List<Segment> segments) {
        return segments.stream().map(Segment::id).toList();
    }
}
