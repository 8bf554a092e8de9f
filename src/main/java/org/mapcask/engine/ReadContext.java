package org.mapcask.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.LongSupplier;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.format.RecordChecksum;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.keydir.KeyMatcher;
import org.mapcask.keydir.PageReads;
import org.mapcask.segment.RecordReader;
import org.mapcask.segment.SegmentTable;

/**
 * What one call of the store works with: a reader with its copy, a place to build a record, and the mark that a call
 * is under way. A context belongs to one thread from {@link #tryEnter()} to {@link #exit()}; while it is entered,
 * nothing that the store had mapped then is unmapped. The mark is a counter: odd while a call is under way, so that
 * whoever waits for present calls to end sees that one ended even if the next has begun.
 */
public final class ReadContext implements KeyMatcher {
    private static final VarHandle PHASE;

    static {
        try {
            PHASE = MethodHandles.lookup().findVarHandle(ReadContext.class, "phase", long.class);
        } catch (final ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    // Keeps the counters of two contexts, which may lie side by side on the heap, off one cache line.
    @SuppressWarnings("unused")
    private long pad0, pad1, pad2, pad3, pad4, pad5, pad6, pad7;
    @SuppressWarnings("unused") // through PHASE
    private long phase;
    private long gets;
    @SuppressWarnings("unused")
    private long touched;
    private long writtenSequence;
    private long existing;
    @SuppressWarnings("unused")
    private long pad8, pad9, pad10, pad11, pad12, pad13, pad14, pad15;

    private final SegmentTable table;
    private final boolean verify;
    private final LongSupplier clock;
    private final PageReads pageReads = new PageReads();
    private RecordReader reader;
    private byte[] staged;
    private UnsafeBuffer stagedBuffer;
    private RecordChecksum checksum;
    private final UnsafeBuffer keyView = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer valueView = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer expectedView = new UnsafeBuffer(0, 0);

    private DirectBuffer key;
    private int keyOffset;
    private int keyLength;
    private boolean headOnly;
    private long expiry;
    private boolean writtenStaged;
    private boolean buriesExpired;
    private long askedMs;

    ReadContext(final SegmentTable table, final boolean verify, final LongSupplier clock) {
        this.table = table;
        this.verify = verify;
        this.clock = clock;
    }

    /** Enters, unless another thread is inside. */
    boolean tryEnter() {
        final long now = (long)PHASE.getOpaque(this);
        if ((now & 1) == 0 && PHASE.compareAndSet(this, now, now + 1)) {
            if (reader == null) {
                prepareOrExit();
            }
            return true;
        }
        return false;
    }

    /** Ends the call. */
    public void exit() {
        key = null;
        PHASE.setRelease(this, phase + 1);
    }

    /** Lets go of the caller's memory, so that an idle context does not keep it alive. */
    public void releaseViews() {
        keyView.wrap(0, 0);
        valueView.wrap(0, 0);
        expectedView.wrap(0, 0);
    }

    /** The mark: odd while a call is under way. */
    long phaseVolatile() {
        return (long)PHASE.getVolatile(this);
    }

    /** Where memory is short the context stays unprepared, and is left: nobody would ever leave it otherwise. */
    private void prepareOrExit() {
        boolean done = false;
        try {
            staged = new byte[RecordReader.COPY_LENGTH];
            stagedBuffer = new UnsafeBuffer(staged);
            checksum = new RecordChecksum();
            reader = new RecordReader(table, verify);
            done = true;
        } finally {
            if (!done) {
                exit();
            }
        }
    }

    /** The reader of this context. */
    public RecordReader reader() {
        return reader;
    }

    /** A view for a key that is not in a buffer; of use during one call. */
    public UnsafeBuffer keyView() {
        return keyView;
    }

    /** A view for a value that is not in a buffer; of use during one call. */
    public UnsafeBuffer valueView() {
        return valueView;
    }

    /** A view for a value to compare with; of use during one call. */
    public UnsafeBuffer expectedView() {
        return expectedView;
    }

    /** Remembers the sequence of the last record that the call wrote, and whether it went to the write-ahead log. */
    void written(final long sequence, final boolean staged) {
        writtenSequence = sequence;
        writtenStaged = staged;
    }

    /** Whether that record went to the write-ahead log. */
    boolean writtenStaged() {
        return writtenStaged;
    }

    /** Remembers where the key of a write is before it. */
    void existing(final long position) {
        existing = position;
    }

    long existing() {
        return existing;
    }

    /** Sequence of the record that was written last in this context. */
    long writtenSequence() {
        return writtenSequence;
    }

    /** Takes a word that was loaded only to have its cache line at hand soon. */
    void touched(final long word) {
        touched = word;
    }

    void countGet() {
        gets++;
    }

    long gets() {
        return gets;
    }

    /** Sets the key that {@link #matches} compares with, by somebody who wants its value. */
    ReadContext seeking(final DirectBuffer newKey, final int newKeyOffset, final int newKeyLength) {
        key = newKey;
        keyOffset = newKeyOffset;
        keyLength = newKeyLength;
        headOnly = false;
        return this;
    }

    /** As {@link #seeking}, by somebody who mostly does without the value. */
    ReadContext seekingHead(final DirectBuffer newKey, final int newKeyOffset, final int newKeyLength) {
        seeking(newKey, newKeyOffset, newKeyLength);
        headOnly = true;
        return this;
    }

    @Override
    public PageReads pageReads() {
        return pageReads;
    }

    @Override
    public boolean matches(final long position) {
        return headOnly ? reader.loadHead(position, key, keyOffset, keyLength) :
            reader.load(position, key, keyOffset, keyLength);
    }

    /**
     * Whether the time of the record in the reader is over. One of which that is so is checked, since damage must not
     * look like absence. The clock is asked about records with an expiry only.
     */
    boolean isExpired() {
        if (!reader.hasExpiry() || !isOver()) {
            return false;
        }
        if (verify) {
            reader.check();
        }
        return true;
    }

    /**
     * When the record in the reader expires, in milliseconds since 1970, or {@link RecordDescriptor#EXPIRY_NEVER};
     * checked.
     */
    public long expiry() {
        if (verify && reader.hasExpiry()) {
            reader.check();
        }
        return reader.expiry();
    }

    /** Milliseconds since 1970 by the clock of the store. */
    public long nowMs() {
        askedMs = clock.getAsLong();
        return askedMs;
    }

    /** What {@link #nowMs()} said last. */
    long askedMs() {
        return askedMs;
    }

    /** As {@link #isExpired()}, but the record may be damaged. */
    boolean seemsExpired() {
        return reader.hasExpiry() && isOver();
    }

    private boolean isOver() {
        return nowMs() >= reader.expiry();
    }

    /** Remembers whether the call is a delete of a key whose record seems expired. */
    void buriesExpired(final boolean buries) {
        buriesExpired = buries;
    }

    boolean buriesExpired() {
        return buriesExpired;
    }

    /** Sets the expiry of the record to be built; it counts only if its shape has the flag. */
    void expiring(final long newExpiry) {
        expiry = newExpiry;
    }

    /** The expiry that was set last. */
    long expiring() {
        return expiry;
    }

    UnsafeBuffer stagedBuffer() {
        return stagedBuffer;
    }

    RecordChecksum checksum() {
        return checksum;
    }

    /**
     * Builds a record of at most {@link RecordReader#COPY_LENGTH} bytes, padding included, all but its header, and
     * sums its body up. What is summed up is what will be written, even if the caller's buffers change meanwhile.
     */
    void stage(
        final int flags, final int length, final DirectBuffer value, final int valueOffset, final int valueLength) {
        final int aligned = RecordDescriptor.alignedLength(length);
        final int keyStart = RecordDescriptor.bodyOffset(flags);
        stagedBuffer.putLong(aligned - RecordDescriptor.ALIGNMENT, 0);
        if (flags != 0) {
            RecordDescriptor.putExpiry(stagedBuffer, 0, expiry);
        }
        key.getBytes(keyOffset, staged, keyStart, keyLength);
        if (valueLength > 0) {
            value.getBytes(valueOffset, staged, keyStart + keyLength, valueLength);
        }
        checksum.reset();
        checksum.update(staged, RecordDescriptor.HEADER_LENGTH, length - RecordDescriptor.HEADER_LENGTH);
    }

    /**
     * Copies expiry, key and value through this context's own memory to where the record is going to stand, and leaves
     * their checksum here. If the caller's buffers fail on the way, the place is zero again: what a shorter record does
     * not cover later would look like damage.
     */
    void copyRecord(
        final MutableDirectBuffer target, final int offset, final long shape, final int length,
        final DirectBuffer value, final int valueOffset) {
        final int flags = RecordDescriptor.flags(shape);
        final int keyStart = offset + RecordDescriptor.bodyOffset(flags);
        final int aligned = RecordDescriptor.alignedLength(length);
        boolean done = false;
        try {
            checksum.reset();
            if (flags != 0) {
                RecordDescriptor.putExpiry(stagedBuffer, 0, expiry);
                checksum.update(staged, RecordDescriptor.HEADER_LENGTH, RecordDescriptor.EXPIRY_LENGTH);
                RecordDescriptor.putExpiry(target, offset, expiry);
            }
            copyThrough(key, keyOffset, target, keyStart, keyLength);
            copyThrough(value, valueOffset, target, keyStart + keyLength, RecordDescriptor.valueLength(shape));
            target.setMemory(offset + length, aligned - length, (byte)0);
            done = true;
        } finally {
            if (!done) {
                target.setMemory(offset, aligned, (byte)0);
            }
        }
    }

    private void copyThrough(
        final DirectBuffer source, final int sourceOffset, final MutableDirectBuffer target, final int targetOffset,
        final int length) {
        for (int at = 0; at < length; at += staged.length) {
            final int piece = Math.min(staged.length, length - at);
            source.getBytes(sourceOffset + at, staged, 0, piece);
            checksum.update(staged, 0, piece);
            target.putBytes(targetOffset + at, staged, 0, piece);
        }
    }
}
