package org.mapcask.engine;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.mapcask.checkpoint.Checkpoint;
import org.mapcask.checkpoint.CheckpointFiles;
import org.mapcask.checkpoint.HintEnd;
import org.mapcask.checkpoint.HintFiles;
import org.mapcask.checkpoint.HintReader;
import org.mapcask.checkpoint.HintWriter;
import org.mapcask.errors.MapcaskException;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.keydir.KeyHash;
import org.mapcask.segment.Log;
import org.mapcask.segment.Segment;
import org.mapcask.segment.SegmentScanner;

/**
 * Writes hints of the log behind the newest checkpoint while writers go on, and removes them when a later checkpoint
 * has what they tell: an open after a crash reads 16 bytes of a record then, and does not sum it up. The idea is that
 * of the hint files of Bitcask, for the end of the log alone.
 * <p>
 * A hint tells only of records that are durable in their segment, and is never synced: after a power cut what is left
 * of it is true, and what it does not tell is read from the log. Nothing here is needed, so a failure is told once and
 * latches nothing. Thread-safe: a thread of its own writes, which is not started before there is something to write;
 * that of the checkpoints removes.
 */
final class Hints {
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long RETRY_NS = TimeUnit.SECONDS.toNanos(5);
    /** Bytes of log that are read inside of one context. */
    private static final int PIECE_BYTES = 8 << 20;
    private static final System.Logger LOGGER = System.getLogger(Hints.class.getName());

    private final Log log;
    private final HintFiles files;
    private final ContextPool contexts;
    private final FailStop failStop;
    private final long stepBytes;
    private final SegmentScanner scanner = new SegmentScanner();
    /** By the ids of the segments. */
    private final Map<Long, HintEnd> ends = new HashMap<>();
    /** Ids of segments with hints that were there when the store was opened, and were not looked at yet. */
    private final Set<Long> found = new HashSet<>();
    /** Up to where the end of a segment was read, be it that a batch is not over there. */
    private final Map<Long, Integer> tried = new HashMap<>();
    private final BackgroundLoop loop;
    private HintWriter writer;
    private boolean started;
    /** Whether the hint files of the directory are known. */
    private boolean looked;
    private volatile boolean stopping;
    private volatile boolean failed;
    private long notBeforeNs;
    /** Of the newest checkpoint: -1 without one. */
    private long coveredSequence = -1;
    private long replaySegment;
    private int replayOffset;

    Hints(final EngineSettings settings, final Log log, final CheckpointFiles files, final ContextPool contexts,
        final FailStop failStop) {
        this.log = log;
        this.files = files.store().hints();
        this.contexts = contexts;
        this.failStop = failStop;
        this.stepBytes = settings.hintBytes();
        this.loop = new BackgroundLoop("mapcask-hints-" + settings.name(), PAUSE_NS, this::round);
        final Checkpoint last = files.last();
        if (last != null) {
            begin(last.coveredSequence(), last.replaySegment(), last.replayOffset());
        }
    }

    /** The log behind this is what an open has to read from now on. */
    private void begin(final long sequence, final long segment, final long offset) {
        coveredSequence = sequence;
        replaySegment = segment;
        replayOffset = (int)offset;
    }

    /** Starts the thread if there is something to write, or if it cannot be told: then the thread tells why. */
    synchronized void startIfDue() {
        if (!started && isDue()) {
            start();
        }
    }

    private boolean isDue() {
        try {
            return next() != null;
        } catch (final MapcaskException ex) {
            return true;
        }
    }

    /** Starts the thread, since there may soon be something to write, and who would see it is busy then. */
    synchronized void start() {
        if (!started && !stopping && stepBytes > 0) {
            started = true;
            loop.start();
        }
    }

    /** Writes what is due, in pieces. */
    void round() {
        while (!stopping && !failStop.isLatched() && writePiece()) {
            Thread.yield();
        }
    }

    private synchronized boolean writePiece() {
        if (failed && System.nanoTime() - notBeforeNs < 0) {
            return false;
        }
        final ReadContext context = contexts.enter();
        try {
            final Segment segment = next();
            if (segment == null) {
                return false;
            }
            write(segment, end(segment));
            failed = false;
            return true;
        } catch (final MapcaskException ex) {
            if (!failed) {
                LOGGER.log(System.Logger.Level.WARNING, "no hints, tried again later: " + ex.getMessage());
            }
            failed = true;
            notBeforeNs = System.nanoTime() + RETRY_NS;
            return false;
        } finally {
            context.exit();
        }
    }

    /** The first segment of the log of which enough is durable without a hint; null if there is none. */
    private Segment next() {
        if (stepBytes == 0 || coveredSequence < 0) {
            return null;
        }
        for (final Segment segment : log.table().segments()) {
            // Sealed first: the end of a seal is told before the seal itself.
            final boolean sealed = segment.isSealed();
            if (!segment.isMerged() && !isCovered(segment)) {
                final int left = segment.syncedEnd() -
                    Math.max(end(segment).offset(), tried.getOrDefault(segment.id(), 0));
                if (left >= stepBytes || sealed && left > 0) {
                    return segment;
                }
            }
        }
        return null;
    }

    private boolean isCovered(final Segment segment) {
        return segment.isSealed() && segment.highestSequence() <= coveredSequence;
    }

    /** Where the hints of a segment end; of one that had some when the store was opened, by looking. */
    private HintEnd end(final Segment segment) {
        look();
        if (found.remove(segment.id())) {
            ends.put(segment.id(), endOfFound(segment));
        }
        final HintEnd end = ends.getOrDefault(segment.id(), HintEnd.NONE);
        return segment.id() == replaySegment && end.offset() < replayOffset ?
            end.passedTo(replayOffset, coveredSequence) : end;
    }

    private void look() {
        if (!looked) {
            found.addAll(files.segments());
            found.removeAll(ends.keySet());
            looked = true;
        }
    }

    private HintEnd endOfFound(final Segment segment) {
        try (HintReader reader = files.reader(segment.id(), segment.salt())) {
            final HintEnd end = reader.soundEnd();
            if (end.fileLength() > 0) {
                return end;
            }
        }
        files.remove(segment.id());
        return HintEnd.NONE;
    }

    /** If it fails, what was written is looked at the next time. */
    private void write(final Segment segment, final HintEnd from) {
        final int end = segment.syncedEnd();
        final int limit = (int)Math.min(end, (long)from.offset() + PIECE_BYTES);
        ends.remove(segment.id());
        looked = false;
        try (HintWriter into = files.begin(writer(), segment.id(), segment.salt(), from)) {
            final SegmentScanner.Result result = scanner.scan(segment, from.offset(), limit, end,
                (offset, length, shape, sequence, buffer, keyOffset) -> into.add(offset, shape, sequence,
                    KeyHash.hash(buffer, keyOffset, RecordDescriptor.keyLength(shape), log.identity().hashSeed()),
                    RecordDescriptor.expiryOf(
                        buffer, keyOffset - RecordDescriptor.bodyOffset(RecordDescriptor.flags(shape)))));
            into.write();
            final HintEnd written = into.end();
            tried.put(segment.id(), limit < end ? 0 : end);
            // What is damaged is no matter of the hints, and neither is what comes behind it; and a batch, or a record,
            // that is too long for them is passed over.
            final int passed = result.endOffset() < limit ? end :
                limit < end && written.offset() <= from.offset() ? result.endOffset() : written.offset();
            ends.put(segment.id(), written.passedTo(passed, written.lastSequence()));
        }
        looked = true;
    }

    private HintWriter writer() {
        if (writer == null) {
            writer = new HintWriter();
        }
        return writer;
    }

    /** Tells that a checkpoint is durable: the log up to where it goes on is not read any more. */
    synchronized void covered(final long sequence, final long segment, final long offset) {
        begin(sequence, segment, offset);
        final Set<Long> needed = new HashSet<>();
        for (final Segment one : log.table().segments()) {
            if (!isCovered(one)) {
                needed.add(one.id());
            }
        }
        tried.keySet().retainAll(needed);
        look();
        found.stream().filter(id -> !needed.contains(id)).toList().forEach(this::remove);
        for (final Map.Entry<Long, HintEnd> one : List.copyOf(ends.entrySet())) {
            final HintEnd end = one.getValue();
            if (!needed.contains(one.getKey()) || end.lastSequence() <= sequence) {
                remove(one.getKey());
            }
            if (needed.contains(one.getKey())) {
                ends.putIfAbsent(one.getKey(), end.withoutFile());
            }
        }
    }

    /** Removes all hints: there is no checkpoint any more. */
    synchronized void forget() {
        coveredSequence = -1;
        tried.clear();
        look();
        List.copyOf(found).forEach(this::remove);
        List.copyOf(ends.keySet()).forEach(this::remove);
    }

    private void remove(final long id) {
        final HintEnd end = ends.remove(id);
        if (found.remove(id) || end != null && end.fileLength() > 0) {
            files.remove(id);
        }
    }

    /** Ends the thread. */
    void stop() {
        synchronized (this) {
            stopping = true;
        }
        if (started) {
            loop.stop();
        }
    }
}
