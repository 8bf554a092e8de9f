package org.mapcask.segment;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.mapcask.format.MergeDescriptor.Range;

/**
 * The sequences that merges took out of the log: a reader of the log does not miss them. Neighbours and overlaps become
 * one range. Thread-safe.
 */
public final class CoveredRanges {
    private final TreeMap<Long, Long> lastByFirst = new TreeMap<>();

    /** None. */
    public CoveredRanges() {
        // everything stands in the field
    }

    /** Adds the sequences from one to another, both included; those that are there already stay. */
    public synchronized void add(final long first, final long last) {
        if (first <= 0 || last < first) {
            throw new IllegalArgumentException("no range of sequences: " + first + " to " + last);
        }
        long from = first;
        long to = last;
        Map.Entry<Long, Long> near = lastByFirst.floorEntry(to + 1);
        while (near != null && near.getValue() >= from - 1) {
            from = Math.min(from, near.getKey());
            to = Math.max(to, near.getValue());
            lastByFirst.remove(near.getKey());
            near = lastByFirst.floorEntry(to + 1);
        }
        lastByFirst.put(from, to);
    }

    /** Whether all sequences from one to another are in. */
    public synchronized boolean contains(final long first, final long last) {
        final Map.Entry<Long, Long> range = lastByFirst.floorEntry(first);
        return range != null && range.getValue() >= last;
    }

    /** The lowest sequence that is not in, from this one on. */
    public synchronized long nextOutside(final long sequence) {
        final Map.Entry<Long, Long> range = lastByFirst.floorEntry(sequence);
        return range == null || range.getValue() < sequence ? sequence : range.getValue() + 1;
    }

    /** The highest sequence that is in, or 0. */
    public synchronized long highest() {
        return lastByFirst.isEmpty() ? 0 : lastByFirst.lastEntry().getValue();
    }

    /** The ranges in their order; a copy. */
    public synchronized List<Range> list() {
        final List<Range> ranges = new ArrayList<>(lastByFirst.size());
        lastByFirst.forEach((first, last) -> ranges.add(new Range(first, last)));
        return ranges;
    }

    /** The same ranges in an object of its own, for a merge to add to. */
    public synchronized CoveredRanges copy() {
        final CoveredRanges copy = new CoveredRanges();
        copy.lastByFirst.putAll(lastByFirst);
        return copy;
    }

    @Override
    public String toString() {
        return list().toString();
    }
}
