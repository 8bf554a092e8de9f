package org.mapcask.engine;

import java.util.function.Consumer;
import java.util.function.Supplier;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.errors.CorruptionException;
import org.mapcask.errors.StoreIoException;
import org.mapcask.keydir.KeyHash;
import org.mapcask.keydir.Keydir;
import org.mapcask.keydir.KeydirCursor;
import org.mapcask.segment.Log;
import org.mapcask.segment.Segment;

/**
 * Visits the records of all keys: many pages of the keydir at a time, and the records they lead to in the order of the
 * log ({@link PositionBatch}). The positions are held by a lease up to the last of these records: a merge may copy them
 * meanwhile, but what they were read from stays. Thread-safe.
 */
final class Iteration {
    private final Log log;
    private final Keydir keydir;
    private final ContextPool contexts;
    private final Leases leases;
    private final InstallGate gate;
    private final ExactKeydir exact;
    private final Consumer<ReadContext> checkOpen;

    Iteration(
        final Log log, final Keydir keydir, final ContextPool contexts, final Leases leases, final InstallGate gate,
        final ExactKeydir exact, final Consumer<ReadContext> checkOpen) {
        this.log = log;
        this.keydir = keydir;
        this.contexts = contexts;
        this.leases = leases;
        this.gate = gate;
        this.exact = exact;
        this.checkOpen = checkOpen;
    }

    /** Visits; see {@link Engine#forEach(Engine.RecordVisitor, Engine.FailureVisitor)}. */
    void run(final Engine.RecordVisitor visitor, final Engine.FailureVisitor failures) {
        final ReadContext context = contexts.reserve();
        final Leases.Lease lease = leases.reserve();
        try {
            final KeydirCursor cursor = inside(context, this::cursor);
            final PositionBatch batch = new PositionBatch();
            final ScanTouch touch = new ScanTouch(log.table());
            while (gather(context, cursor, lease, batch)) {
                touch.begin();
                for (int from = 0; from < batch.count(); from += ScanTouch.AT_ONCE) {
                    final int to = Math.min(batch.count(), from + ScanTouch.AT_ONCE);
                    touch(context, touch, batch, from);
                    for (int i = from; i < to; i++) {
                        visit(context, batch.positions()[i], visitor, failures);
                    }
                }
            }
        } finally {
            leases.release(lease);
            contexts.release(context);
        }
    }

    /** Goes through the pages, in which everything that was written so far has to stand. */
    private KeydirCursor cursor() {
        exact.enterDeferred();
        exact.settle();
        return keydir.cursor();
    }

    private void visit(
        final ReadContext context, final long position, final Engine.RecordVisitor visitor,
        final Engine.FailureVisitor failures) {
        final DirectBuffer record = readOrTell(context, position, failures);
        if (record != null) {
            visitor.onRecord(record, context.reader());
        }
    }

    /** False when all has been visited. */
    private boolean gather(
        final ReadContext context, final KeydirCursor cursor, final Leases.Lease lease, final PositionBatch batch) {
        lease.end();
        lease.begin();
        batch.begin();
        while (!batch.isFull() && inside(context, () -> nextPage(cursor, batch))) {
            if (batch.isBehind()) {
                cursor.again();
                break;
            }
            batch.add(cursor);
        }
        batch.sort();
        return batch.count() > 0;
    }

    private void touch(
        final ReadContext context, final ScanTouch touch, final PositionBatch batch, final int from) {
        inside(context, () -> {
            touch.bring(batch.positions(), from, batch.count());
            return true;
        });
    }

    private DirectBuffer readOrTell(
        final ReadContext context, final long position, final Engine.FailureVisitor failures) {
        try {
            return inside(context, () -> {
                context.reader().load(position);
                return context.isExpired() ? null : context.reader().record();
            });
        } catch (final CorruptionException | StoreIoException ex) {
            if (failures == null) {
                throw ex;
            }
            final byte[] key = inside(context, () -> soundKey(context, position));
            final Segment segment = log.table().segmentAt(position);
            failures.onUnreadable(segment.name(), position - segment.basePosition(), key, ex);
            return null;
        }
    }

    /** The key of a record with a wrong checksum: taken for sound if the keydir knows it by its hash, else null. */
    private byte[] soundKey(final ReadContext context, final long position) {
        try {
            context.reader().load(position);
            final byte[] key = context.reader().uncheckedKey();
            final long hash = KeyHash.hash(new UnsafeBuffer(key), 0, key.length, log.identity().hashSeed());
            return keydir.find(hash, candidate -> candidate == position) == position ? key : null;
        } catch (final CorruptionException | StoreIoException ex) {
            return null;
        }
    }

    /** A page shows all or nothing of a batch; one that was copied while a batch came is copied once more. */
    private boolean nextPage(final KeydirCursor cursor, final PositionBatch batch) {
        final long quiet = gate.awaitQuiet();
        final boolean more = cursor.nextPage();
        if (gate.isUnchanged(quiet) && !cursor.needsWriter()) {
            batch.copiedAt(quiet);
            return more;
        }
        cursor.again();
        return exact.undisturbed(() -> {
            batch.copiedAt(gate.awaitQuiet());
            return cursor.nextPageByWriter();
        });
    }

    private <T> T inside(final ReadContext context, final Supplier<T> step) {
        context.tryEnter();
        checkOpen.accept(context);
        try {
            return step.get();
        } finally {
            context.exit();
        }
    }
}
