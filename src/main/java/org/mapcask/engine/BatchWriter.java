package org.mapcask.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.InvalidArgumentException;
import org.mapcask.errors.MapcaskException;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.format.RecordChecksum;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.keydir.Keydir;
import org.mapcask.segment.Segment;
import org.mapcask.segment.SegmentFactory;
import org.mapcask.segment.SegmentTable;

/**
 * Writes a batch in steps, each of which can no longer fail for what an earlier one saw to:
 * <ol>
 *   <li><em>Prepare</em>, before the write lock: hashes, which entry of a key counts, and one lookup of each key, so
 *       that what has to come from disk comes now.
 *   <li><em>Reserve</em>: where each key is, a place in the keydir for each new one, and every segment that the records
 *       need. When there is no room, all of it is given back, and nothing has happened.
 *   <li><em>Append</em>: the records, one behind the other, from one segment into the next. No reader knows them, and
 *       recovery takes none of them before the last one is there.
 *   <li><em>Install</em>: one store for each keydir entry, behind the {@link InstallGate}.
 * </ol>
 * A failure in one of the last two latches the store: log and keydir may be apart. One batch at a time, under the
 * write lock, but for the first step, which keeps its state in the batch. Allocates nothing but when segments are
 * rolled.
 */
final class BatchWriter {
    private final WritePath path;
    private final Appender appender;
    private final EngineSettings settings;
    private final Keydir keydir;
    private final SegmentTable table;
    private final SegmentSupply supply;
    private final FailStop failStop;
    private final InstallGate gate;
    private final long hashSeed;
    private final Deque<Segment> taken = new ArrayDeque<>();

    BatchWriter(
        final WritePath path, final Appender appender, final EngineSettings settings, final Keydir keydir,
        final SegmentTable table, final SegmentSupply supply, final FailStop failStop, final InstallGate gate,
        final long hashSeed) {
        this.path = path;
        this.appender = appender;
        this.settings = settings;
        this.keydir = keydir;
        this.table = table;
        this.supply = supply;
        this.failStop = failStop;
        this.gate = gate;
        this.hashSeed = hashSeed;
    }

    /** The first step, before the lock. */
    void prepare(final ReadContext context, final BatchEntries batch) {
        final int room = settings.segmentLength() - HeaderDescriptor.PAGE_LENGTH;
        if (batch.longest() > room) {
            throw new InvalidArgumentException(ErrorText.what("an entry of the batch is longer than a segment")
                .where(settings.name()).expected("at most " + room + " bytes for header, key and value")
                .found(batch.longest() + " bytes")
                .todo("put that value by itself before the batch, or open the store with a greater segmentLength"));
        }
        batch.prepare(hashSeed);
        boolean expiring = false;
        for (int i = 0; i < batch.count(); i++) {
            if (batch.isWritten(i)) {
                expiring |= batch.expiry(i) != RecordDescriptor.EXPIRY_NEVER;
                seek(context, batch, i);
                found(context, batch, i, keydir.find(batch.hash(i), context));
            }
        }
        if (expiring) {
            context.nowMs();
        }
    }

    /** The other steps, under the lock. */
    void write(final ReadContext context, final BatchEntries batch) {
        boolean done = false;
        context.written(0, false);
        try {
            final int records = reserve(context, batch);
            if (records > 0) {
                takeSegments(batch);
                publish(context, batch, records);
            }
            done = true;
        } finally {
            if (!done) {
                withdraw(batch);
            }
        }
    }

    private static void seek(final ReadContext context, final BatchEntries batch, final int i) {
        context.seekingHead(batch.image(), batch.keyStart(i), batch.keyLength(i));
    }

    private static void found(final ReadContext context, final BatchEntries batch, final int i, final long position) {
        final boolean absent = position == Keydir.NOT_FOUND;
        batch.found(i, position, absent ? 0 : context.reader().alignedLength(),
            absent ? RecordDescriptor.EXPIRY_NEVER : context.reader().expiry());
    }

    /** Returns how many records there are to write. */
    private int reserve(final ReadContext context, final BatchEntries batch) {
        int records = 0;
        for (int i = 0; i < batch.count(); i++) {
            if (!batch.isWritten(i)) {
                continue;
            }
            final long hash = batch.hash(i);
            if (batch.found(i) == Keydir.NOT_FOUND || !keydir.isAt(hash, batch.found(i))) {
                seek(context, batch, i);
                found(context, batch, i, keydir.locate(hash, context));
            }
            final boolean absent = batch.found(i) == Keydir.NOT_FOUND;
            if (absent && !batch.isPut(i)) {
                batch.notWritten(i);
                continue;
            }
            if (absent) {
                keydir.reservePlace(hash);
                batch.holdsPlace(i, true);
            }
            records++;
        }
        return records;
    }

    private void takeSegments(final BatchEntries batch) {
        int room = appender.room();
        for (int i = 0; i < batch.count(); i++) {
            if (batch.isWritten(i)) {
                if (batch.alignedLength(i) > room) {
                    final Segment next = supply.take(SegmentFactory.lengthFor(batch.alignedLength(i)));
                    taken.add(next);
                    room = next.limit() - HeaderDescriptor.PAGE_LENGTH;
                }
                room -= batch.alignedLength(i);
            }
        }
    }

    private void publish(final ReadContext context, final BatchEntries batch, final int records) {
        try {
            append(context, batch, records);
            gate.begin();
            try {
                install(batch);
            } finally {
                gate.end();
            }
            count(context, batch);
            appender.written();
            context.written(appender.lastSequence(), stage(batch));
        } catch (final RuntimeException | Error ex) {
            failStop.latch(ex);
            throw ex;
        }
    }

    private void append(final ReadContext context, final BatchEntries batch, final int records) {
        int done = 0;
        for (int i = 0; i < batch.count(); i++) {
            if (batch.isWritten(i)) {
                if (batch.alignedLength(i) > appender.room()) {
                    appender.rollTo(taken.remove());
                }
                append(context.checksum(), batch, i, batch.shape(i, place(done, records)));
                done++;
            }
        }
    }

    private void append(final RecordChecksum checksum, final BatchEntries batch, final int i, final long shape) {
        final int length = batch.recordLength(i);
        checksum.reset();
        checksum.update(batch.image().byteArray(), batch.start(i) + RecordDescriptor.HEADER_LENGTH,
            length - RecordDescriptor.HEADER_LENGTH);
        batch.position(i, appender.append(checksum, batch.image(), batch.start(i), shape, length));
    }

    /** Tells the batch to what makes it durable: all of its records, or, if that is too much, none. */
    private boolean stage(final BatchEntries batch) {
        long length = 0;
        for (int i = 0; i < batch.count(); i++) {
            length += batch.isWritten(i) ? batch.alignedLength(i) : 0;
        }
        final Commits commits = path.commits();
        if (!commits.beginBatch(length)) {
            commits.passOver(appender.lastSequence());
            return false;
        }
        try {
            for (int i = 0; i < batch.count(); i++) {
                if (batch.isWritten(i)) {
                    commits.stage(batch.image(), batch.start(i), batch.recordLength(i),
                        RecordDescriptor.sequence(batch.image(), batch.start(i)));
                }
            }
        } finally {
            commits.endBatch();
        }
        return true;
    }

    private static int place(final int done, final int records) {
        if (records == 1) {
            return RecordDescriptor.BATCH_NONE;
        }
        return done == 0 ? RecordDescriptor.BATCH_FIRST :
            done == records - 1 ? RecordDescriptor.BATCH_LAST : RecordDescriptor.BATCH_INSIDE;
    }

    private void install(final BatchEntries batch) {
        for (int i = 0; i < batch.count(); i++) {
            if (!batch.isWritten(i)) {
                continue;
            }
            final long hash = batch.hash(i);
            boolean installed = true;
            if (batch.holdsPlace(i)) {
                keydir.fillPlace(hash, batch.position(i));
                batch.holdsPlace(i, false);
            } else if (batch.isPut(i)) {
                installed = keydir.compareAndSet(hash, batch.found(i), batch.position(i));
            } else {
                installed = keydir.removeAt(hash, batch.found(i));
            }
            if (!installed) {
                throw new IllegalStateException("a keydir entry changed under the write lock");
            }
        }
    }

    private void count(final ReadContext context, final BatchEntries batch) {
        int puts = 0;
        int deletes = 0;
        for (int i = 0; i < batch.count(); i++) {
            if (!batch.isWritten(i)) {
                continue;
            }
            if (batch.isPut(i)) {
                final Segment segment = table.segmentAt(batch.position(i));
                segment.addLiveBytes(batch.alignedLength(i));
                segment.addExpiring(batch.expiry(i), batch.alignedLength(i), context.askedMs());
                puts++;
            } else {
                table.segmentAt(batch.position(i)).addTombstoneBytes(batch.alignedLength(i));
                deletes++;
            }
            if (batch.found(i) != Keydir.NOT_FOUND) {
                final Segment segment = table.segmentAt(batch.found(i));
                segment.addLiveBytes(-batch.foundLength(i));
                segment.removeExpiring(batch.foundExpiry(i), batch.foundLength(i));
            }
        }
        path.onBatch(puts, deletes);
    }

    /** Gives back what was reserved. What cannot be removed from the disk is removed by the next open. */
    private void withdraw(final BatchEntries batch) {
        for (int i = 0; i < batch.count(); i++) {
            if (batch.holdsPlace(i)) {
                batch.holdsPlace(i, false);
                keydir.giveBackPlace(batch.hash(i));
            }
        }
        while (!taken.isEmpty()) {
            try {
                supply.giveBack(taken.remove());
            } catch (final MapcaskException ignored) {
                // the failure that led here is the one to tell
            }
        }
    }
}
