package org.mapcask.merge;

import java.util.Arrays;
import java.util.BitSet;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.keydir.KeyHash;
import org.mapcask.segment.Segment;
import org.mapcask.segment.SegmentHeader;
import org.mapcask.segment.SegmentScanner;

/**
 * Which records of an input live, found out for very many at a time before any is copied. In the order of a log each
 * lookup comes to another page of the keydir; where pages have to be read, that is a read for each record. In the order
 * of the hashes a page is read once for all of its keys, and one page lies behind the other. A record that dies after
 * it was asked about is copied all the same, and not moved. Room for half a million records, 10 MiB, is allocated when
 * it is needed first. One thread.
 */
final class LiveRecords {
    static final int RECORDS_MAX = 1 << 19;
    private static final int FIRST_RECORDS = 1 << 12;
    /** At a time: pages that have to be changed are so under the write lock, many for one turn of it. */
    private static final int ASKED_MAX = 1 << 10;

    private final MergeHost host;
    private final MergePace pace;
    private final BitSet live = new BitSet();
    private final BitSet answer = new BitSet();
    private final long[] askedHashes = new long[ASKED_MAX];
    private final long[] askedPositions = new long[ASKED_MAX];
    private long[] hashes = new long[FIRST_RECORDS];
    private int[] units = new int[FIRST_RECORDS];
    private long base;
    private int count;

    /** Asks this host; between two questions the pace may rest. */
    LiveRecords(final MergeHost host, final MergePace pace) {
        this.host = host;
        this.pace = pace;
    }

    /**
     * Finds out about the records of an input; what was known of another is forgotten.
     *
     * @throws CopyFailure if the host cannot answer.
     */
    void find(final Segment input, final SegmentHeader header, final SegmentScanner scanner) {
        base = input.basePosition();
        count = 0;
        live.clear();
        scanner.scan(input.file(), header, HeaderDescriptor.PAGE_LENGTH, expectedSequence(input),
            (offset, length, shape, sequence, buffer, keyOffset) -> {
                if (RecordDescriptor.type(shape) == RecordDescriptor.TYPE_PUT) {
                    add(KeyHash.hash(buffer, keyOffset, RecordDescriptor.keyLength(shape), host.hashSeed()), offset);
                }
            });
        ask();
    }

    /** Of the first record of an input, for a scan of it. */
    static long expectedSequence(final Segment input) {
        return input.isMerged() ? SegmentScanner.ANY_ORDER : 0;
    }

    private void add(final long hash, final int offset) {
        if (count == RECORDS_MAX) {
            ask();
        }
        if (count == hashes.length) {
            hashes = Arrays.copyOf(hashes, 2 * count);
            units = Arrays.copyOf(units, 2 * count);
        }
        hashes[count] = hash;
        units[count] = offset / RecordDescriptor.ALIGNMENT;
        count++;
    }

    private void ask() {
        try {
            askInOrder();
        } catch (final RuntimeException ex) {
            throw CopyFailure.of(ex);
        }
    }

    /** Asks about what was added since the last question. */
    private void askInOrder() {
        final HashOrder order = new HashOrder(count, i -> hashes[i]);
        for (int next = 0; next < count; next += ASKED_MAX) {
            final int asked = Math.min(ASKED_MAX, count - next);
            for (int i = 0; i < asked; i++) {
                final int record = order.at(next + i);
                askedHashes[i] = hashes[record];
                askedPositions[i] = base + (long)units[record] * RecordDescriptor.ALIGNMENT;
            }
            host.live(askedHashes, askedPositions, asked, answer);
            for (int i = answer.nextSetBit(0); i >= 0 && i < asked; i = answer.nextSetBit(i + 1)) {
                live.set(units[order.at(next + i)]);
            }
            pace.between();
        }
        count = 0;
    }

    /** Whether a record that was asked about lived then. */
    boolean isLive(final int offset) {
        return live.get(offset / RecordDescriptor.ALIGNMENT);
    }
}
