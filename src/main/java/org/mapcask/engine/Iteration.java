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
 * Visits the records of all keys, a page of the keydir after the other. The positions of a page are held by a lease up
 * to the last of its records: a merge may copy these records meanwhile, but what they were read from stays.
 * Thread-safe.
 */
final class Iteration {
    private final Log log;
    private final Keydir keydir;
    private final ContextPool contexts;
    private final Leases leases;
    private final InstallGate gate;
    private final WritePath writePath;
    private final Consumer<ReadContext> checkOpen;

    Iteration(
        final Log log, final Keydir keydir, final ContextPool contexts, final Leases leases, final InstallGate gate,
        final WritePath writePath, final Consumer<ReadContext> checkOpen) {
        this.log = log;
        this.keydir = keydir;
        this.contexts = contexts;
        this.leases = leases;
        this.gate = gate;
        this.writePath = writePath;
        this.checkOpen = checkOpen;
    }

    /** Visits; see {@link Engine#forEach(Engine.RecordVisitor, Engine.FailureVisitor)}. */
    void run(final Engine.RecordVisitor visitor, final Engine.FailureVisitor failures) {
        final ReadContext context = contexts.reserve();
        final Leases.Lease lease = leases.reserve();
        try {
            final KeydirCursor cursor = inside(context, keydir::cursor);
            while (inside(context, () -> nextPage(cursor, lease))) {
                for (int i = 0; i < cursor.count(); i++) {
                    final long position = cursor.position(i);
                    final DirectBuffer record = readOrTell(context, position, failures);
                    if (record != null) {
                        visitor.onRecord(record, context.reader());
                    }
                }
            }
        } finally {
            leases.release(lease);
            contexts.release(context);
        }
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
    private boolean nextPage(final KeydirCursor cursor, final Leases.Lease lease) {
        lease.end();
        lease.begin();
        final long quiet = gate.awaitQuiet();
        final boolean more = cursor.nextPage();
        if (gate.isUnchanged(quiet) && !cursor.needsWriter()) {
            return more;
        }
        cursor.again();
        return writePath.undisturbed(cursor::nextPageByWriter);
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
