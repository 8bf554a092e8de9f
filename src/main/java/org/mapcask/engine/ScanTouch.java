package org.mapcask.engine;

import org.mapcask.errors.CorruptionException;
import org.mapcask.errors.StoreIoException;
import org.mapcask.io.ReadPace;
import org.mapcask.segment.RecordAhead;
import org.mapcask.segment.RecordReader;
import org.mapcask.segment.RecordTouch;
import org.mapcask.segment.SegmentTable;

/**
 * Brings the records of a scan before they are visited: those at hand into the processor, and, where they come from the
 * device, those behind them into the page cache, many at once. Whether they do is told by the time that it takes, or,
 * where a segment is not mapped, that one record of the group takes. One thread, inside a reading context.
 */
final class ScanTouch {
    /** Records whose cache misses overlap: few enough to be in the first cache still when they are read. */
    static final int AT_ONCE = 64;

    /** Records that the device is asked for before they are visited. */
    private static final int ASKED_AHEAD = 4 * AT_ONCE;
    private static final int ASKED_LENGTH_MAX = 64 << 10;

    private final SegmentTable table;
    private final RecordTouch touch;
    private final RecordAhead ahead;
    private final RecordReader reader;
    private final ReadPace pace = new ReadPace();
    private int asked;
    private int length;

    /** For records of these segments. */
    ScanTouch(final SegmentTable table) {
        this.table = table;
        touch = new RecordTouch(table);
        ahead = new RecordAhead(table);
        reader = new RecordReader(table, false);
    }

    /** Other positions come from now on. */
    void begin() {
        asked = 0;
    }

    /** Brings a group of records. */
    void bring(final long[] positions, final int from, final int count) {
        if (pace.isCold()) {
            ask(positions, Math.max(asked, from), Math.min(count, from + ASKED_AHEAD));
        }
        final int to = Math.min(count, from + AT_ONCE);
        final boolean mapped = table.segmentAt(positions[from]).buffer() != null;
        final long begin = System.nanoTime();
        touch.whole(positions, from, to);
        if (!mapped) {
            load(positions[from]);
        }
        pace.looked(mapped ? to - from : 1, System.nanoTime() - begin);
        if (mapped && pace.isCold()) {
            load(positions[from]);
        }
    }

    private void ask(final long[] positions, final int from, final int to) {
        if (from >= to) {
            return;
        }
        final long begin = System.nanoTime();
        for (int i = from; i < to; i++) {
            ahead.ask(positions[i], length);
        }
        pace.asked(to - from, System.nanoTime() - begin);
        asked = to;
    }

    /** The next records are taken to be as long as this one. */
    private void load(final long position) {
        try {
            reader.load(position);
            length = Math.min(ASKED_LENGTH_MAX, reader.alignedLength());
        } catch (final CorruptionException | StoreIoException ex) {
            length = 1; // the visit finds it
        }
    }
}
