package org.mapcask.recovery;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.mapcask.checkpoint.HintBlock;
import org.mapcask.keydir.DeferredChanges;
import org.mapcask.keydir.Keydir;
import org.mapcask.keydir.KeydirParts;
import org.mapcask.recovery.LogContents.Used;
import org.mapcask.segment.Segment;
import org.mapcask.segment.SegmentTable;

/**
 * The log behind a checkpoint on its way into the keydir. The pages hold some of its records already, and figures have
 * counted some; entered in the order of the log all of them lead to the keydir that was there.
 * <p>
 * Records are entered at once, until the first block of hints comes. From there on they wait, those of the hints in
 * their files and the others in memory, and the keydir has those of one of its parts entered when it is asked for a key
 * of that part, or in the background: so the time of an open does not depend on how many there are. What hints tell is
 * read in the log where they are not sound. If too many records come of which no hint tells, all that wait are entered,
 * and from then on each as it comes.
 * <p>
 * Belongs to the thread of the recovery, then to the writer.
 */
final class DeferredTail implements DeferredChanges {
    /** So many records may wait in memory, 40 bytes each. */
    private static final int READ_MAX = 1 << 17;

    private final Keydir keydir;
    private final CheckpointStart start;
    private final LongSupplier clock;
    private final long hashSeed;
    private final TailHints hints;
    private final List<TailPiece> pieces = new ArrayList<>();
    private final boolean[] entered;
    /** What was gathered of a part whose entering failed, and how much of that is entered. */
    private final Map<Integer, Unfinished> unfinished = new HashMap<>();
    private SegmentTable table;
    private ReadPiece open;
    private int readRecords;
    private boolean deferring;
    private boolean tooMany;

    /** Some entries on their way. */
    private static final class Unfinished {
        private final TailEntries entries;
        private int next;

        Unfinished(final TailEntries entries) {
            this.entries = entries;
        }
    }

    DeferredTail(final Keydir keydir, final CheckpointStart start, final SegmentTable table, final LongSupplier clock,
        final long hashSeed, final TailHints hints) {
        this.keydir = keydir;
        this.start = start;
        this.table = table;
        this.clock = clock;
        this.hashSeed = hashSeed;
        this.hints = hints;
        this.entered = new boolean[1 << hints.partBits()];
    }

    /** The hints of which blocks may come. */
    TailHints hints() {
        return hints;
    }

    /** The segments are in this table from now on. */
    void in(final SegmentTable newTable) {
        table = newTable;
    }

    /**
     * Takes the next record of the log that counts.
     *
     * @param length  with padding.
     * @param gone    whether it is a deletion, which figures have counted already.
     * @param expires whether it expires.
     */
    void take(final long hash, final long position, final int length, final long sequence, final boolean gone,
        final boolean expires, final long expiry) {
        if (!deferring || entered[KeydirParts.part(hash, hints.partBits())]) {
            count(position, length, sequence, gone, expires, expiry, false);
            keydir.enter(hash, position, gone, start.isSettled(sequence, position));
            return;
        }
        if (open == null) {
            open = new ReadPiece(hints.partBits());
            pieces.add(open);
        }
        open.entries().add(hash, position, length, sequence, gone, expires, expiry, false);
        open.link();
        if (++readRecords > READ_MAX) {
            tooMany = true;
            keydir.deferred().enterAll();
        }
    }

    /**
     * Takes the next records of the log from hints.
     *
     * @param fromSequence the first that is wanted.
     */
    void take(final Used used, final HintBlock block, final long fromSequence) {
        if (!deferring) {
            deferring = true;
            keydir.deferred().begin(this);
        }
        pieces.add(new HintedPiece(used, block, fromSequence, hints));
        open = null;
        if (tooMany) {
            keydir.deferred().enterAll();
        }
    }

    /** Tells that no more hints come. */
    void endOfHints() {
        if (!deferring) {
            hints.close();
        }
    }

    @Override
    public int partBits() {
        return hints.partBits();
    }

    @Override
    public void enter(final int part) {
        Unfinished work = unfinished.get(part);
        if (work == null) {
            work = new Unfinished(gather(part));
            unfinished.put(part, work);
            count(work.entries);
        }
        final TailEntries entries = work.entries;
        while (work.next < entries.count()) {
            final int i = work.next;
            keydir.enter(entries.hash(i), entries.position(i), entries.isGone(i),
                start.isSettled(entries.sequence(i), entries.position(i)));
            work.next++;
        }
        unfinished.remove(part);
        entered[part] = true;
    }

    private TailEntries gather(final int part) {
        final TailEntries entries = new TailEntries();
        for (int i = 0; i < pieces.size(); i++) {
            if (!pieces.get(i).gather(part, entries) && pieces.get(i) instanceof final HintedPiece hinted) {
                pieces.set(i, hinted.read(hashSeed));
                pieces.get(i).gather(part, entries);
            }
        }
        return entries;
    }

    private void count(final TailEntries entries) {
        for (int i = 0; i < entries.count(); i++) {
            count(entries.position(i), entries.length(i), entries.sequence(i), entries.isGone(i), entries.expires(i),
                entries.expiry(i), entries.isUncounted(i));
        }
    }

    private void count(final long position, final int length, final long sequence, final boolean gone,
        final boolean expires, final long expiry, final boolean uncounted) {
        if (start.isCounted(sequence) || gone && !uncounted) {
            return;
        }
        final Segment segment = table.segmentAt(position);
        if (gone) {
            segment.addTombstoneBytes(length);
            return;
        }
        segment.addLiveBytes(length);
        if (expires) {
            segment.addExpiring(expiry, length, clock.getAsLong());
        }
    }

    @Override
    public void close() {
        deferring = false;
        pieces.clear();
        open = null;
        readRecords = 0;
        Arrays.fill(entered, false);
        hints.close();
    }
}
