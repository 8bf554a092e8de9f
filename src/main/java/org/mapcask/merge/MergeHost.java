package org.mapcask.merge;

import java.util.BitSet;
import java.util.List;
import java.util.function.Supplier;
import org.agrona.DirectBuffer;
import org.mapcask.segment.CoveredRanges;
import org.mapcask.segment.Segment;
import org.mapcask.segment.SegmentFactory;

/**
 * What a merge needs of the running store. Called by one thread at a time, which ends before the store is closed.
 */
public interface MergeHost {
    /** Every segment that is not on its way out. */
    List<Segment> segments();

    /** Those of the segments that a merge may take. */
    List<Segment> settled(List<Segment> segments);

    /** How many segments were sealed so far; grows. */
    long seals();

    /** Makes new segments. */
    SegmentFactory factory();

    /** Sequences that merges took out of the log; a merge adds its own. */
    CoveredRanges covered();

    /** Seed of the hash of keys. */
    long hashSeed();

    /**
     * To which of some records the keydir leads, each at some moment of the call.
     *
     * @param hashes    of their keys.
     * @param positions of them.
     * @param count     of records.
     * @param live      gets the indexes of those to which it leads, and loses those of the others.
     */
    void live(long[] hashes, long[] positions, int count, BitSet live);

    /**
     * Whether a lookup may read a page of the keydir from the disk: then many keys are to be asked for in the order of
     * their hashes, which is that of the pages.
     */
    boolean readsPages();

    /** Whether the keydir has no entry of this key, at some moment of the call. */
    boolean isAbsent(long hash, DirectBuffer key, int keyOffset, int keyLength);

    /** Milliseconds since 1970 by the clock of the store. */
    long nowMs();

    /** Sequence of the last record of which a call of {@link #live} or {@link #isAbsent} may have seen the entry. */
    long lastSequence();

    /** Makes the log durable up to a record, and that its newest segment is in use. */
    void syncLog(long sequence);

    /** Throws if the store takes no writes any more. */
    void checkWritable();

    /** Stops all writes for good, after a failure that leaves open whether a merge counts. */
    void latch(Throwable failure);

    /** Does the steps from the first published output to the last retired input; a checkpoint sees all or none. */
    <T> T install(Supplier<T> steps);

    /** Makes segments reachable, before entries lead to them. */
    void publish(List<Segment> segments);

    /**
     * Lets the keydir lead to the copies of records, but for those that died meanwhile.
     *
     * @param to      where the copies are; 0 where there is none, and the entry goes.
     * @param lengths of the records, padding included.
     * @param count   at most 64.
     * @return a bit for each, the lowest for the first: set if it was moved or removed.
     */
    long move(long[] hashes, long[] from, long[] to, int[] lengths, int count);

    /** Takes segments out of use to which no entry leads any more; the bytes are those of records that are gone. */
    void retire(List<Segment> segments, List<Segment> replacedBy, long bytes);

    /** Removes what was retired and nobody reads any more. */
    void removeRetired();

    /** How many segments are out of use and not removed yet. */
    int retiring();

    /** Goes on in a new segment if anything in the active one is dead; returns the last sequence that is sealed. */
    long rollActive();
}
