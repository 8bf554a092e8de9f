package org.mapcask.engine;

import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.format.RecordChecksum;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.segment.Log;
import org.mapcask.segment.Segment;
import org.mapcask.segment.SegmentFactory;
import org.mapcask.segment.SegmentTable;

/**
 * The end of the log: appends a record, rolls into the next segment, and tells where the log ends. Everything under the
 * write lock, except {@link #tip()} and {@link #activeSeen()}, which any thread may ask. Allocates nothing, but when a
 * segment is rolled.
 */
final class Appender {
    private final SegmentTable table;
    private final SegmentSupply supply;
    private final LogSync sync;
    private final FailStop failStop;
    private final Runnable background;
    private final int signalStep;
    private final SharedTip shared = new SharedTip();

    private Segment active;
    private UnsafeBuffer buffer;
    private int end;
    private int signalAt;
    private long lastSequence;
    private boolean walInUse;
    private volatile Segment activeSeen;
    private long rolls;
    private long logBytes;

    Appender(
        final EngineSettings settings, final Log log, final SegmentSupply supply, final LogSync sync,
        final FailStop failStop, final Runnable background) {
        this.table = log.table();
        this.supply = supply;
        this.sync = sync;
        this.failStop = failStop;
        this.background = background;
        this.signalStep = signalStep(settings);
        this.lastSequence = log.lastSequence();
        if (log.active() != null) {
            use(log.active());
        } else {
            activate(supply.take());
        }
        tellTip();
    }

    /** From now on segments that are taken into use say that commits are in the write-ahead log. */
    void walInUse() {
        walInUse = true;
    }

    /** Bytes of records that the active segment still takes. */
    int room() {
        return active.limit() - end;
    }

    /** The segment that the next record goes to. */
    Segment active() {
        return active;
    }

    /** The mapping of that segment. */
    UnsafeBuffer buffer() {
        return buffer;
    }

    /** Where the next record begins in it. */
    int end() {
        return end;
    }

    /** Sequence of the last record. */
    long lastSequence() {
        return lastSequence;
    }

    long rolls() {
        return rolls;
    }

    /** Bytes of the records that were appended. */
    long logBytes() {
        return logBytes;
    }

    /**
     * Appends a record for which there is room; no keydir entry leads to it yet.
     *
     * @param checksum has summed up all behind the header.
     * @param image    holds key and value in their places, and gets the header, but for the length.
     * @return its position.
     */
    long append(
        final RecordChecksum checksum, final UnsafeBuffer image, final int start, final long shape, final int length) {
        final long sequence = ++lastSequence;
        RecordDescriptor.putHeader(
            image, start, checksum.finish(sequence, shape, active.salt(), end, length), sequence, shape);
        final int from = RecordDescriptor.CHECKSUM_OFFSET;
        buffer.putBytes(end + from, image, start + from, RecordDescriptor.alignedLength(length) - from);
        RecordDescriptor.publishLength(buffer, end, length);
        return advance(length);
    }

    /** As {@link #append}, for a record of which all but the header is in its place. */
    long appendPlaced(final RecordChecksum checksum, final long shape, final int length) {
        putHeader(active, end, checksum, shape, length);
        return advance(length);
    }

    private long advance(final int length) {
        final int aligned = RecordDescriptor.alignedLength(length);
        final long position = active.basePosition() + end;
        end += aligned;
        active.endRelease(end);
        logBytes += aligned;
        return position;
    }

    private void putHeader(
        final Segment segment, final int offset, final RecordChecksum checksum, final long shape, final int length) {
        final long sequence = ++lastSequence;
        RecordDescriptor.putHeader(segment.buffer(), offset,
            checksum.finish(sequence, shape, segment.salt(), offset, length), sequence, shape);
        RecordDescriptor.publishLength(segment.buffer(), offset, length);
    }

    /** A write is whole: tells syncs the new end, and the background threads once in a while. */
    void written() {
        tellTip();
        if (end >= signalAt) {
            signalAt = end + signalStep();
            background.run();
        }
    }

    private void tellTip() {
        shared.set(active, end, lastSequence);
    }

    /**
     * Goes on in a new segment. No room for one is the caller's error; what fails after that latches the store.
     *
     * @param length of a record that has to fit in.
     */
    void roll(final int length) {
        rollTo(supply.take(SegmentFactory.lengthFor(length)));
    }

    void rollTo(final Segment next) {
        try {
            sync.onRolled(active, end, lastSequence);
            activate(next);
            rolls++;
            background.run();
            sync.limitBacklog();
        } catch (final RuntimeException | Error ex) {
            failStop.latch(ex);
            throw ex;
        }
    }

    /** A segment for {@link #rollTo}, taken ahead of the lock; it may be given back. */
    Segment takeNext() {
        return supply.take();
    }

    /** Takes back what {@link #takeNext()} gave. */
    void giveBack(final Segment next) {
        supply.giveBack(next);
    }

    /** What {@link #appendOwn} needs to go on with afterwards: a new segment, or null if the active one is empty. */
    Segment takeBehindOwn() {
        return end > HeaderDescriptor.PAGE_LENGTH ? supply.take() : null;
    }

    /** Takes a segment into use that holds one record; it is the caller's no more. */
    void addOwn(final Segment own) {
        own.firstSequence(lastSequence + 1);
        own.walInUse(walInUse);
        own.writeWatermark(HeaderDescriptor.PAGE_LENGTH, 0, false);
        table.add(own);
    }

    /**
     * Appends the record that fills a segment of its own; all but its header is in its place.
     *
     * @param next is appended to then; null to stay with the active one, which is empty.
     * @return its position.
     */
    long appendOwn(
        final Segment own, final Segment next, final RecordChecksum checksum, final long shape, final int length) {
        final int offset = HeaderDescriptor.PAGE_LENGTH;
        final int aligned = RecordDescriptor.alignedLength(length);
        if (next != null) {
            sync.onRolled(active, end, lastSequence);
        }
        putHeader(own, offset, checksum, shape, length);
        own.endRelease(offset + aligned);
        logBytes += aligned;
        sync.onRolled(own, offset + aligned, lastSequence);
        if (next != null) {
            activate(next);
        } else {
            active.firstSequence(lastSequence + 1);
            active.writeWatermark(HeaderDescriptor.PAGE_LENGTH, 0, false);
        }
        return own.basePosition() + offset;
    }

    private void activate(final Segment segment) {
        segment.firstSequence(lastSequence + 1);
        segment.walInUse(walInUse);
        segment.writeWatermark(HeaderDescriptor.PAGE_LENGTH, 0, false);
        table.add(segment);
        use(segment);
    }

    private void use(final Segment segment) {
        active = segment;
        buffer = segment.buffer();
        end = segment.endAcquire();
        activeSeen = segment;
        signalAt = end + signalStep();
    }

    private int signalStep() {
        return Math.min(signalStep, active.length() / 4);
    }

    /** Bytes after which a background thread has something to do: the next segment, faults, write-back, or a sync. */
    private static int signalStep(final EngineSettings settings) {
        int step = settings.segmentLength() / 4;
        for (final int each : new int[] {
            settings.prefaultWindow() / 4, settings.syncPolicy().bytes(), settings.writebackStep()}) {
            if (each > 0) {
                step = Math.min(step, each);
            }
        }
        return Math.max(HeaderDescriptor.PAGE_LENGTH, step);
    }

    /** The segment that is appended to now, for the background threads. */
    Segment activeSeen() {
        return activeSeen;
    }

    /** The end of the log behind the last whole write; waits for no writer. */
    LogSync.Tip tip() {
        failStop.check();
        return shared.get();
    }
}
