package org.mapcask.engine;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.format.RecordChecksum;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.keydir.KeyHash;
import org.mapcask.keydir.Keydir;
import org.mapcask.segment.Log;
import org.mapcask.segment.RecordReader;
import org.mapcask.segment.Segment;
import org.mapcask.segment.SegmentFactory;
import org.mapcask.segment.SegmentTable;

/**
 * Appends records and enters them into the keydir, one writer at a time under a short lock. A record is built and
 * summed up before the lock is taken; under it there are a look into the keydir, a copy into the mapping, the
 * release store of the length, and the store of the slot. A value too long for a segment is written into a segment
 * of its own before the lock is taken.
 * <p>
 * Thread-safe. Allocates nothing, but when a segment is rolled.
 */
final class WritePath {
    private final ReentrantLock lock = new ReentrantLock();
    private final EngineSettings settings;
    private final Keydir keydir;
    private final SegmentTable table;
    private final SegmentFactory factory;
    private final long hashSeed;
    private final SegmentSupply supply;
    private final LogSync sync;
    private final FailStop failStop;
    private final Runnable background;
    private final int signalStep;
    private final InstallGate gate;
    private final BatchWriter batches;

    private Segment active;
    private UnsafeBuffer activeBuffer;
    private int end;
    private int signalAt;
    private long lastSequence;
    private volatile Segment activeSeen;
    private long puts;
    private long deletes;
    private long rolls;
    private long logBytes;

    WritePath(
        final EngineSettings settings, final Log log, final Keydir keydir, final SegmentSupply supply,
        final LogSync sync,
        final FailStop failStop, final Runnable background, final InstallGate gate) {
        this.settings = settings;
        this.keydir = keydir;
        this.table = log.table();
        this.factory = log.factory();
        this.hashSeed = log.identity().hashSeed();
        this.supply = supply;
        this.sync = sync;
        this.failStop = failStop;
        this.background = background;
        this.signalStep = signalStep(settings);
        this.gate = gate;
        this.batches = new BatchWriter(this, settings, keydir, table, supply, failStop, gate, hashSeed);
        this.lastSequence = log.lastSequence();
        if (log.active() != null) {
            use(log.active());
        } else {
            activate(supply.take());
        }
    }

    /**
     * Writes a value, or a tombstone when {@code value} is null, if the condition holds.
     *
     * @return whether it was written; a delete of an absent key writes nothing.
     */
    boolean write(
        final ReadContext context, final Condition condition,
        final DirectBuffer key, final int keyOffset, final int keyLength,
        final DirectBuffer value, final int valueOffset, final int valueLength,
        final DirectBuffer expected, final int expectedOffset, final int expectedLength) {
        final long hash = KeyHash.hash(key, keyOffset, keyLength, hashSeed);
        final int length = RecordDescriptor.length(0, keyLength, valueLength);
        final int type = value == null ? RecordDescriptor.TYPE_DELETE : RecordDescriptor.TYPE_PUT;
        final long shape = RecordDescriptor.shape(type, 0, keyLength, valueLength);
        context.seeking(key, keyOffset, keyLength);
        context.touched(keydir.touch(hash));
        if (SegmentFactory.lengthFor(length) > settings.segmentLength()) {
            return writeOversize(context, condition, type, hash, shape, length, value, valueOffset, expected,
                expectedOffset, expectedLength);
        }
        final boolean staged = RecordDescriptor.alignedLength(length) <= RecordReader.COPY_LENGTH;
        if (staged) {
            context.stage(length, value, valueOffset, valueLength);
        }
        lock.lock();
        try {
            failStop.check();
            final long existing = keydir.locate(hash, context);
            if (!condition.holds(type, existing, context.reader(), expected, expectedOffset, expectedLength)) {
                return false;
            }
            reserve(type);
            if (RecordDescriptor.alignedLength(length) > active.length() - end) {
                roll();
            }
            if (!staged) {
                appendLong(context, activeBuffer, end, shape, length, value, valueOffset);
            }
            publish(context, staged, type, existing, shape, length);
            return true;
        } catch (final InternalError ex) {
            failStop.latch(ex);
            throw ex;
        } finally {
            lock.unlock();
        }
    }

    /** Makes room in the keydir before anything is published: when it has none, this one write fails and no more. */
    private void reserve(final int type) {
        if (type == RecordDescriptor.TYPE_PUT) {
            keydir.reserveLocated();
        }
    }

    /**
     * Publishes the record at the end of the log. What fails in here leaves sequences, log and keydir apart, so it
     * latches the store, whatever it is.
     */
    private void publish(
        final ReadContext context, final boolean staged, final int type, final long existing, final long shape,
        final int length) {
        try {
            if (staged) {
                appendStaged(context, shape, length);
            } else {
                finish(context, active, end, shape, length);
            }
            install(context.reader(), type, existing, active, end, length);
            end += RecordDescriptor.alignedLength(length);
            active.endRelease(end);
            context.written(lastSequence);
            if (end >= signalAt) {
                signalBackground();
            }
        } catch (final RuntimeException | Error ex) {
            failStop.latch(ex);
            throw ex;
        }
    }

    private void appendStaged(final ReadContext context, final long shape, final int length) {
        final long sequence = ++lastSequence;
        final UnsafeBuffer staged = context.stagedBuffer();
        final int checksum = context.checksum().finish(sequence, shape, active.salt(), end, length);
        RecordDescriptor.putHeader(staged, 0, checksum, sequence, shape);
        final int from = RecordDescriptor.CHECKSUM_OFFSET;
        activeBuffer.putBytes(end + from, staged, from, RecordDescriptor.alignedLength(length) - from);
        RecordDescriptor.publishLength(activeBuffer, end, length);
    }

    /**
     * Copies key and value into a mapping, and leaves their checksum in the context. If the caller's buffers fail on
     * the way, the mapping is zero again: what a shorter record does not cover later would look like damage.
     */
    private static void appendLong(
        final ReadContext context, final UnsafeBuffer target, final int offset, final long shape, final int length,
        final DirectBuffer value, final int valueOffset) {
        final int keyStart = offset + RecordDescriptor.HEADER_LENGTH;
        final int keyLength = RecordDescriptor.keyLength(shape);
        boolean done = false;
        try {
            context.checksum().reset();
            context.copyKeyThrough(target, keyStart);
            context.copyThrough(value, valueOffset, target, keyStart + keyLength, RecordDescriptor.valueLength(shape));
            target.setMemory(offset + length, RecordDescriptor.alignedLength(length) - length, (byte)0);
            done = true;
        } finally {
            if (!done) {
                target.setMemory(offset, RecordDescriptor.alignedLength(length), (byte)0);
            }
        }
    }

    private void finish(
        final ReadContext context, final Segment segment, final int offset, final long shape, final int length) {
        final long sequence = ++lastSequence;
        final int checksum = context.checksum().finish(sequence, shape, segment.salt(), offset, length);
        RecordDescriptor.putHeader(segment.buffer(), offset, checksum, sequence, shape);
        RecordDescriptor.publishLength(segment.buffer(), offset, length);
    }

    /** Enters a published record into the keydir. */
    private void install(
        final RecordReader reader, final int type, final long existing, final Segment segment, final int offset,
        final int length) {
        final int aligned = RecordDescriptor.alignedLength(length);
        if (type == RecordDescriptor.TYPE_PUT) {
            keydir.putLocated(segment.basePosition() + offset);
            segment.addLiveBytes(aligned);
            puts++;
        } else {
            keydir.removeLocated();
            deletes++;
        }
        if (existing != Keydir.NOT_FOUND) {
            reader.segment().addLiveBytes(-reader.alignedLength());
        }
        logBytes += aligned;
    }

    private boolean writeOversize(
        final ReadContext context, final Condition condition, final int type, final long hash, final long shape,
        final int length,
        final DirectBuffer value, final int valueOffset, final DirectBuffer expected, final int expectedOffset,
        final int expectedLength) {
        failStop.check();
        gate.awaitQuiet();
        // A write whose condition fails already makes no file; one whose condition holds asks again under the lock.
        if (!condition.holds(type, keydir.find(hash, context), context.reader(), expected, expectedOffset,
            expectedLength)) {
            return false;
        }
        final Segment own = factory.create(SegmentFactory.lengthFor(length));
        final int offset = HeaderDescriptor.PAGE_LENGTH;
        boolean written = false;
        try {
            appendLong(context, own.buffer(), offset, shape, length, value, valueOffset);
            lock.lock();
            try {
                failStop.check();
                final long existing = keydir.locate(hash, context);
                if (!condition.holds(type, existing, context.reader(), expected, expectedOffset, expectedLength)) {
                    return false;
                }
                reserve(type);
                final Segment next = end > HeaderDescriptor.PAGE_LENGTH ? supply.take() : null;
                own.firstSequence(lastSequence + 1);
                own.writeWatermark(offset, 0, false);
                table.add(own);
                written = true;
                publishOversize(context, own, next, type, existing, shape, length);
                return true;
            } finally {
                lock.unlock();
            }
        } finally {
            if (!written) {
                factory.discard(own);
            }
        }
    }

    /** As {@link #publish}, for a record in a segment of its own; {@code next} is appended to then, if there is one. */
    private void publishOversize(
        final ReadContext context, final Segment own, final Segment next, final int type, final long existing,
        final long shape, final int length) {
        final int offset = HeaderDescriptor.PAGE_LENGTH;
        try {
            if (next != null) {
                sync.onRolled(active, end, lastSequence);
            }
            finish(context, own, offset, shape, length);
            install(context.reader(), type, existing, own, offset, length);
            own.endRelease(offset + RecordDescriptor.alignedLength(length));
            sync.onRolled(own, own.endAcquire(), lastSequence);
            context.written(lastSequence);
            if (next != null) {
                activate(next);
            } else {
                active.firstSequence(lastSequence + 1);
                active.writeWatermark(HeaderDescriptor.PAGE_LENGTH, 0, false);
            }
            background.run();
        } catch (final RuntimeException | Error ex) {
            failStop.latch(ex);
            throw ex;
        }
    }

    /** Writes a batch: all of it, or, when it throws and the store is not latched, nothing. */
    void write(final ReadContext context, final BatchEntries batch) {
        batches.prepare(context, batch);
        lock.lock();
        try {
            failStop.check();
            batches.write(context, batch);
            context.written(lastSequence);
        } catch (final InternalError ex) {
            failStop.latch(ex);
            throw ex;
        } finally {
            lock.unlock();
        }
    }

    /** Reads something while nobody writes. */
    <T> T undisturbed(final Supplier<T> read) {
        lock.lock();
        try {
            return read.get();
        } finally {
            lock.unlock();
        }
    }

    /** Bytes of records that the active segment still takes; under the lock, as what follows for batches. */
    int room() {
        return active.length() - end;
    }

    /**
     * Appends a record of a batch, for which there is room; no keydir entry leads to it yet.
     *
     * @param image holds key and value in their places, and room for the header.
     * @return its position.
     */
    long append(final RecordChecksum checksum, final UnsafeBuffer image, final int start, final long shape) {
        final int length = RecordDescriptor.length(
            0, RecordDescriptor.keyLength(shape), RecordDescriptor.valueLength(shape));
        final int aligned = RecordDescriptor.alignedLength(length);
        final long sequence = ++lastSequence;
        checksum.reset();
        checksum.update(
            image.byteArray(), start + RecordDescriptor.HEADER_LENGTH, length - RecordDescriptor.HEADER_LENGTH);
        RecordDescriptor.putHeader(
            image, start, checksum.finish(sequence, shape, active.salt(), end, length), sequence, shape);
        final int from = RecordDescriptor.CHECKSUM_OFFSET;
        activeBuffer.putBytes(end + from, image, start + from, aligned - from);
        RecordDescriptor.publishLength(activeBuffer, end, length);
        final long position = active.basePosition() + end;
        end += aligned;
        active.endRelease(end);
        logBytes += aligned;
        return position;
    }

    /** Counts what a batch did. */
    void onBatch(final int batchPuts, final int batchDeletes) {
        puts += batchPuts;
        deletes += batchDeletes;
        if (end >= signalAt) {
            signalBackground();
        }
    }

    /** No room for a new segment is the caller's error; what fails after that latches the store. */
    private void roll() {
        rollTo(supply.take());
    }

    void rollTo(final Segment next) {
        try {
            sync.onRolled(active, end, lastSequence);
            activate(next);
            rolls++;
            background.run();
        } catch (final RuntimeException | Error ex) {
            failStop.latch(ex);
            throw ex;
        }
    }

    private void activate(final Segment segment) {
        segment.firstSequence(lastSequence + 1);
        segment.writeWatermark(HeaderDescriptor.PAGE_LENGTH, 0, false);
        table.add(segment);
        use(segment);
    }

    private void use(final Segment segment) {
        active = segment;
        activeBuffer = segment.buffer();
        end = segment.endAcquire();
        activeSeen = segment;
        signalAt = end + signalStep;
    }

    private void signalBackground() {
        signalAt = end + signalStep;
        background.run();
    }

    /** Bytes after which a background thread has something to do: to prefault, or to sync. */
    private static int signalStep(final EngineSettings settings) {
        final int prefault = settings.prefaultWindow() / 4;
        final int sync = settings.syncPolicy().bytes();
        final int step = prefault == 0 || sync != 0 && sync < prefault ? sync : prefault;
        return step == 0 ? Integer.MAX_VALUE / 2 : Math.max(HeaderDescriptor.PAGE_LENGTH, step);
    }

    /** The segment that is appended to now, for the background threads. */
    Segment active() {
        return activeSeen;
    }

    /** Makes everything up to a record durable; who waits at the same time shares the sync. */
    void syncTo(final long sequence) {
        sync.sync(sequence, this::tip);
    }

    /** Makes everything that was written so far durable. */
    void sync() {
        sync.sync(tip().lastSequence(), this::tip);
    }

    /** Makes everything durable and marks the log as clean; no writer may follow. */
    void syncAndMarkClean() {
        sync.syncAndMarkClean(tip());
    }

    private LogSync.Tip tip() {
        lock.lock();
        try {
            failStop.check();
            return new LogSync.Tip(active, end, lastSequence);
        } finally {
            lock.unlock();
        }
    }

    /** Counters of the writer at one moment. */
    record Counters(long puts, long deletes, long rolls, long logBytes, long lastSequence) {
    }

    Counters counters() {
        lock.lock();
        try {
            return new Counters(puts, deletes, rolls, logBytes, lastSequence);
        } finally {
            lock.unlock();
        }
    }
}
