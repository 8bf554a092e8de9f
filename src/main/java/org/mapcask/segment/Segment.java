package org.mapcask.segment;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.LongSupplier;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.errors.MapcaskException;
import org.mapcask.errors.StorageSpaceException;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.format.HeaderDescriptor.Identity;
import org.mapcask.format.HeaderDescriptor.Seal;
import org.mapcask.format.HeaderDescriptor.SectorState;
import org.mapcask.format.HeaderDescriptor.Watermark;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.io.MappedFile;
import org.mapcask.io.StoreFile;

/**
 * A file of the log with its mapping. Owns both: {@link #close()} unmaps and closes, after the last reader. One
 * writer appends to the active segment; headers are written by whoever holds the sync lock; readers come from any
 * thread.
 */
public final class Segment {
    /**
     * So many segments that follow each other may be sealed together. So after a crash no more than that many of the
     * last seals of a log may be missing on disk, or be in the page cache alone.
     */
    public static final int SEALED_TOGETHER_MAX = 8;

    private static final System.Logger LOGGER = System.getLogger(Segment.class.getName());
    private static final VarHandle END;
    private static final VarHandle LIVE_BYTES;

    static {
        try {
            END = MethodHandles.lookup().findVarHandle(Segment.class, "end", int.class);
            LIVE_BYTES = MethodHandles.lookup().findVarHandle(Segment.class, "liveBytes", long.class);
        } catch (final ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private final Identity identity;
    private final StoreFile file;
    private final int length;
    private volatile int limit;
    private volatile MappedFile mapping;
    private volatile UnsafeBuffer buffer;

    @SuppressWarnings("unused") // through END
    private int end = HeaderDescriptor.PAGE_LENGTH;
    private long firstSequence;
    private volatile boolean sealed;
    private long watermarkGeneration;
    private boolean watermarkSynced = true;
    private volatile boolean walInUse;
    private volatile int syncedEnd = HeaderDescriptor.PAGE_LENGTH;
    private long liveBytes;
    private volatile long tombstoneBytes;
    private volatile ExpiringBytes expiring;
    private long lowestSequence;
    private long highestSequence;
    private volatile KnownHeader known;
    private boolean mappedLater;
    private volatile boolean huge;

    Segment(final Identity identity, final StoreFile file, final MappedFile mapping) {
        this.identity = identity;
        this.file = file;
        this.length = Math.toIntExact(identity.length());
        this.limit = length;
        this.mapping = mapping;
        this.buffer = mapping == null ? null : mapping.buffer();
    }

    /** Whether a merge made it: it is no part of the log proper, and its records are in no order. */
    public boolean isMerged() {
        return identity.kind() == HeaderDescriptor.KIND_MERGED;
    }

    /** Number of the segment, unique in its store; says nothing about order. */
    public long id() {
        return identity.segmentId();
    }

    /** Position of the first byte of the file in the whole log. */
    public long basePosition() {
        return identity.basePosition();
    }

    /** Length of the file in bytes. */
    public int length() {
        return length;
    }

    /** Offset behind which nothing may be stored: the length, or less if no blocks could be had behind it. */
    public int limit() {
        return limit;
    }

    /**
     * Gives the blocks behind the last record back to the file system. They read as zeros, and the length stays: no
     * mapping loses anything. Of a segment that gets no more records, or not before {@link #takeRoom()}. It saves space
     * and no more, so a failure is only told.
     */
    public void giveRoomBack() {
        final int from = BitUtil.align(endAcquire(), HeaderDescriptor.PAGE_LENGTH);
        if (from < length) {
            known = null;
            try {
                file.punchHole(from, length - (long)from);
            } catch (final MapcaskException ex) {
                LOGGER.log(System.Logger.Level.INFO, "unused space was not given back: " + ex.getMessage());
            }
        }
    }

    /**
     * Has blocks behind the last record, before anything is appended to a segment that was opened: it may have given
     * them back, or be a copy without them, and a store to a mapped page without a block may end the JVM when the file
     * system is full. If it is, nothing is appended here any more, and whoever writes next needs a new segment.
     */
    public void takeRoom() {
        final int from = BitUtil.align(endAcquire(), HeaderDescriptor.PAGE_LENGTH);
        if (from < length) {
            known = null;
            try {
                file.allocateAgain(from, length - (long)from);
            } catch (final StorageSpaceException ex) {
                limit = endAcquire();
                LOGGER.log(System.Logger.Level.WARNING, "no room behind the last record: " + ex.getMessage());
            }
        }
    }

    /** Random number that the checksums of its records contain. */
    public long salt() {
        return identity.salt();
    }

    /** The file; owned by this segment. */
    public StoreFile file() {
        return file;
    }

    /** File name for messages. */
    public String name() {
        return file.path().getFileName().toString();
    }

    /**
     * The mapped bytes, or null when the segment is read through its file. Valid while the caller is inside a reading
     * context.
     */
    public UnsafeBuffer buffer() {
        return buffer;
    }

    /** The mapping, or null. */
    public MappedFile mapping() {
        return mapping;
    }

    /** Offset behind the last visible record. */
    public int endAcquire() {
        return (int)END.getAcquire(this);
    }

    /** Moves the end, after the records below it were published; the writer only. */
    public void endRelease(final int newEnd) {
        END.setRelease(this, newEnd);
    }

    /** Sequence of the first record, or 0 while there is none. */
    public long firstSequence() {
        return firstSequence;
    }

    /** Remembers what a scan or the first append found. */
    public void firstSequence(final long sequence) {
        firstSequence = sequence;
    }

    /** Whether no record will be added. */
    public boolean isSealed() {
        return sealed;
    }

    /** Bytes of records, headers and padding included, that the keydir points to. */
    public long liveBytes() {
        return (long)LIVE_BYTES.getAcquire(this);
    }

    /**
     * Changes the count of live bytes; the writer only. Released and no more: each record comes by here, and a volatile
     * store would wait until its entry in the keydir has reached the cache.
     */
    public void addLiveBytes(final long delta) {
        LIVE_BYTES.setRelease(this, liveBytes + delta);
    }

    /** Bytes of deletions, headers and padding included, whether anything still needs them or not. */
    public long tombstoneBytes() {
        return tombstoneBytes;
    }

    /** Changes the count of bytes of deletions; the writer only. */
    public void addTombstoneBytes(final long delta) {
        tombstoneBytes = tombstoneBytes + delta;
    }

    /**
     * Counts live bytes that have an expiry; the writer only.
     *
     * @param expiry in milliseconds since 1970; {@link RecordDescriptor#EXPIRY_NEVER} changes nothing.
     * @param nowMs  the time now, from which on the first of them are told apart.
     */
    public void addExpiring(final long expiry, final long bytes, final long nowMs) {
        if (expiry != RecordDescriptor.EXPIRY_NEVER) {
            if (expiring == null) {
                expiring = new ExpiringBytes(nowMs);
            }
            expiring.add(expiry, bytes);
        }
    }

    /** Takes bytes out of the count of {@link #addExpiring} that are not live any more; the writer only. */
    public void removeExpiring(final long expiry, final long bytes) {
        if (expiry != RecordDescriptor.EXPIRY_NEVER && expiring != null) {
            expiring.add(expiry, -bytes);
        }
    }

    /**
     * Of the live bytes, those that have expired; some are counted later, none too early.
     *
     * @param nowMs tells the milliseconds since 1970; not asked if no live record has an expiry.
     */
    public long expiredBytes(final LongSupplier nowMs) {
        final ExpiringBytes all = expiring;
        return all == null ? 0 : Math.min(liveBytes(), all.expiredBy(nowMs.getAsLong()));
    }

    /** Whether any bytes with an expiry were counted. */
    public boolean hasExpiring() {
        return expiring != null;
    }

    /** The live bytes with an expiry as plain numbers, for {@link #expiring(long[])}; empty if there are none. */
    public long[] expiring() {
        final ExpiringBytes all = expiring;
        return all == null ? new long[0] : all.numbers();
    }

    /** Takes back what {@link #expiring()} gave, before the segment is shared. */
    public void expiring(final long[] numbers) {
        expiring = numbers.length == 0 ? null : new ExpiringBytes(numbers);
    }

    /** Lowest sequence in a sealed segment; 0 if it has no records, or is not sealed. */
    public long lowestSequence() {
        return sealed ? lowestSequence : 0;
    }

    /** Highest sequence in a sealed segment; 0 if it has no records, or is not sealed. */
    public long highestSequence() {
        return sealed ? highestSequence : 0;
    }

    /** What a checkpoint may keep of the header, if it was read since it changed last; else null. */
    public KnownHeader known() {
        return known;
    }

    /** Remembers what the header says: it is durable, and stays the same until a method here changes it. */
    void known(final KnownHeader header) {
        known = header;
    }

    /** Lets {@link #mapLater()} map it. */
    void mappedLater() {
        mappedLater = true;
    }

    /** Whether it was opened without the mapping that it is to have. */
    public boolean isMappedLater() {
        return mappedLater;
    }

    /** Maps it for reading: one background thread. A failure is told, and it is read through its file for ever. */
    public void mapLater() {
        mappedLater = false;
        map(false);
    }

    /** Whether huge pages were asked for, by {@link SegmentPages#askForHuge}, and the mapping is still that one. */
    public boolean isHuge() {
        return huge;
    }

    /** Remembers it. */
    void huge(final boolean isHuge) {
        huge = isHuge;
    }

    /**
     * Maps it once more, without the advice that was given for writing: one background thread, when it is sealed.
     *
     * @return the mapping before, for which the caller does as with that of {@link #detachMapping()}; null if it stays.
     */
    public MappedFile mapAnew() {
        huge = false;
        final MappedFile before = mapping;
        return map(true) ? before : null;
    }

    private boolean map(final boolean writable) {
        try {
            final MappedFile made = file.map(length, writable);
            mapping = made;
            buffer = made.buffer();
            return true;
        } catch (final MapcaskException ex) {
            LOGGER.log(System.Logger.Level.INFO, "a segment stays without a new mapping: " + ex.getMessage());
            return false;
        }
    }

    /** Offset up to which the last sync reached; changed under the sync lock. */
    public int syncedEnd() {
        return syncedEnd;
    }

    /** Restores what the header says, after an existing file was opened; before the segment is shared. */
    void restore(final SegmentHeader header) {
        watermarkGeneration = header.watermark() == null ? 0 : header.watermark().generation();
        watermarkSynced = header.watermark() == null || !hasOtherWatermark();
        walInUse = header.watermark() != null && header.watermark().wal();
        if (header.seal() != null) {
            lowestSequence = header.seal().firstSequence();
            firstSequence = lowestSequence;
            highestSequence = header.seal().lastSequence();
            sealed = true;
        }
        syncedEnd = header.durableEnd();
    }

    /** Only while the other sector is sound may the newest be written over: a kill in the middle leaves that one. */
    private boolean hasOtherWatermark() {
        final int other = (int)((watermarkGeneration + 1) % HeaderDescriptor.WATERMARK_COUNT);
        return buffer != null && HeaderDescriptor.watermarkState(buffer, salt(), other) == SectorState.VALID;
    }

    /**
     * Writes the next watermark into the mapped header; under the sync lock. Visible at once, durable with the next
     * sync of the header page. It replaces the one before it, unless {@link #headerSynced()} was told since: of the two
     * sectors one is durable at any time.
     *
     * @param endOffset           end of this segment's records that are durable.
     * @param lastDurableSequence every record of the log up to here is durable; 0 claims nothing.
     * @param clean               the store is being closed and nothing is written beyond {@code endOffset}.
     */
    public void writeWatermark(final int endOffset, final long lastDurableSequence, final boolean clean) {
        watermarkGeneration += watermarkSynced ? 1 : HeaderDescriptor.WATERMARK_COUNT;
        watermarkSynced = false;
        known = null;
        HeaderDescriptor.putWatermark(
            buffer, salt(), new Watermark(
                watermarkGeneration, endOffset, firstSequence, lastDurableSequence, clean, walInUse));
        syncedEnd = endOffset;
    }

    /** Whether the watermarks written from now on say that commits are in the write-ahead log; under the sync lock. */
    public void walInUse(final boolean inUse) {
        walInUse = inUse;
    }

    /** Tells that the header page was synced; under the sync lock. */
    public void headerSynced() {
        watermarkSynced = true;
    }

    /** Writes the seal into the mapped header, after all records are durable; under the sync lock. */
    public void writeSeal(final int endOffset, final long lastSequence) {
        writeSeal(endOffset, firstSequence, lastSequence);
    }

    /**
     * As {@link #writeSeal(int, long)}, for a merged segment, whose records are in no order; 0 and 0 if it has none.
     */
    public void writeSeal(final int endOffset, final long lowest, final long highest) {
        known = null;
        HeaderDescriptor.putSeal(buffer, salt(), new Seal(endOffset, lowest, highest));
        firstSequence = lowest;
        lowestSequence = lowest;
        highestSequence = highest;
        syncedEnd = endOffset;
        sealed = true;
    }

    /**
     * Takes the mapping away from new readers; the caller waits for present ones and then unmaps what is returned
     * (null if none).
     */
    public MappedFile detachMapping() {
        final MappedFile detached = mapping;
        buffer = null;
        mapping = null;
        return detached;
    }

    /** Unmaps and closes the file. No reader may be left. Idempotent. */
    public void close() {
        final MappedFile detached = detachMapping();
        if (detached != null) {
            detached.unmap();
        }
        file.close();
    }

    @Override
    public String toString() {
        return name();
    }
}
