package org.mapcask.engine;

import java.util.concurrent.locks.ReentrantLock;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.mapcask.errors.MapcaskException;
import org.mapcask.keydir.KeyHash;
import org.mapcask.keydir.Keydir;
import org.mapcask.segment.RecordReader;

/**
 * Reads: asks the keydir, which asks the record for its key, and copies the value out. No lock is taken; only a page of
 * the keydir that had to be read from the disk is offered to the keydir under the write lock, if nobody holds it.
 * <p>
 * Thread-safe, inside a {@link ReadContext}. Allocates nothing.
 */
final class ReadPath {
    private static final System.Logger LOGGER = System.getLogger(ReadPath.class.getName());

    private final long hashSeed;
    private final Keydir keydir;
    private final InstallGate gate;
    private final ReentrantLock adopting;

    ReadPath(final long hashSeed, final Keydir keydir, final InstallGate gate, final ReentrantLock adopting) {
        this.hashSeed = hashSeed;
        this.keydir = keydir;
        this.gate = gate;
        this.adopting = adopting;
    }

    /**
     * Copies a value.
     *
     * @return its length, also when it is longer than {@code destinationLength} and nothing was copied; or {@link
     *         Engine#NOT_FOUND}.
     */
    int get(
        final ReadContext context, final DirectBuffer key, final int keyOffset, final int keyLength,
        final MutableDirectBuffer destination, final int destinationOffset, final int destinationLength) {
        if (!locate(context, key, keyOffset, keyLength)) {
            return Engine.NOT_FOUND;
        }
        final RecordReader reader = context.reader();
        final int length = reader.valueLength();
        if (length <= destinationLength) {
            reader.copyValue(destination, destinationOffset);
        }
        return length;
    }

    /**
     * Finds the record of a key, and leaves it in the reader of the context; its value is not checked yet. A key whose
     * record has expired is not found.
     */
    boolean locate(final ReadContext context, final DirectBuffer key, final int keyOffset, final int keyLength) {
        final long hash = KeyHash.hash(key, keyOffset, keyLength, hashSeed);
        return locate(context.seeking(key, keyOffset, keyLength), hash);
    }

    /** As {@link #locate}, for a caller who does without the value: none of it is read, but where there is damage. */
    boolean locateHead(final ReadContext context, final DirectBuffer key, final int keyOffset, final int keyLength) {
        final long hash = KeyHash.hash(key, keyOffset, keyLength, hashSeed);
        return locate(context.seekingHead(key, keyOffset, keyLength), hash);
    }

    private boolean locate(final ReadContext context, final long hash) {
        context.countGet();
        gate.awaitQuiet();
        final boolean found = keydir.find(hash, context) != Keydir.NOT_FOUND;
        if (context.pageReads().hasPage()) {
            offerPage(context);
        }
        return found && !context.isExpired();
    }

    /** A page that was read may come into memory, unless somebody writes just now. */
    private void offerPage(final ReadContext context) {
        if (adopting.tryLock()) {
            try {
                keydir.adopt(context.pageReads());
            } catch (final MapcaskException ex) {
                LOGGER.log(System.Logger.Level.DEBUG, "a page of the keydir stays where it is", ex);
            } finally {
                adopting.unlock();
            }
        }
    }
}
