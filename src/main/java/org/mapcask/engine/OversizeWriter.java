package org.mapcask.engine;

import java.util.List;
import org.agrona.DirectBuffer;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.segment.Segment;
import org.mapcask.segment.SegmentFactory;

/**
 * Writes a record that is too long for a segment into a segment of its own. All but the header is written before the
 * lock is taken; under it the record gets its sequence and the segment its place in the log. Thread-safe.
 */
final class OversizeWriter {
    private final WritePath path;
    private final Appender appender;
    private final SegmentFactory factory;
    private final FailStop failStop;
    private final InstallGate gate;
    private final Runnable background;

    OversizeWriter(
        final WritePath path, final Appender appender, final SegmentFactory factory, final FailStop failStop,
        final InstallGate gate, final Runnable background) {
        this.path = path;
        this.appender = appender;
        this.factory = factory;
        this.failStop = failStop;
        this.gate = gate;
        this.background = background;
    }

    /** As the write of any other value. */
    boolean write(
        final ReadContext context, final Condition condition, final long hash, final long shape, final int length,
        final DirectBuffer value, final int valueOffset,
        final DirectBuffer expected, final int expectedOffset, final int expectedLength) {
        failStop.check();
        gate.awaitQuiet();
        final int type = RecordDescriptor.type(shape);
        // A write whose condition fails already makes no file; one whose condition holds asks again under the lock.
        if (!path.holds(context, condition, type, path.find(context, hash), expected, expectedOffset,
            expectedLength)) {
            return false;
        }
        path.begin();
        final Segment own = factory.create(SegmentFactory.lengthFor(length));
        boolean written = false;
        try {
            context.copyRecord(own.buffer(), HeaderDescriptor.PAGE_LENGTH, shape, length, value, valueOffset);
            path.lock().lock();
            try {
                failStop.check();
                if (!path.isWanted(context, condition, type, hash, expected, expectedOffset, expectedLength)) {
                    return false;
                }
                final Segment next = appender.takeBehindOwn();
                appender.addOwn(own);
                written = true;
                publish(context, own, next, shape, length);
                return !context.buriesExpired();
            } finally {
                path.lock().unlock();
            }
        } finally {
            if (!written) {
                factory.discard(List.of(own));
            }
        }
    }

    /** What fails in here leaves sequences, log and keydir apart, so it latches the store, whatever it is. */
    private void publish(
        final ReadContext context, final Segment own, final Segment next, final long shape, final int length) {
        try {
            final long position = appender.appendOwn(own, next, context.checksum(), shape, length);
            path.install(context, shape, own, position, RecordDescriptor.alignedLength(length));
            appender.written();
            path.commits().passOver(appender.lastSequence());
            context.written(appender.lastSequence(), false);
            background.run();
        } catch (final RuntimeException | Error ex) {
            failStop.latch(ex);
            throw ex;
        }
    }
}
