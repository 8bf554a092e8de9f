package org.mapcask.recovery;

import java.util.concurrent.FutureTask;
import org.mapcask.errors.MapcaskException;
import org.mapcask.nativeaccess.Uninterruptible;
import org.mapcask.recovery.LogContents.Used;
import org.mapcask.segment.SegmentScanner;

/**
 * Looks from the end of the last segment backwards how much of it is zero, while the log before that is replayed: of a
 * store that was not closed all behind the last record has to be, and to read that takes as long as to read records.
 */
final class ZerosAhead implements AutoCloseable {
    /** Fewer bytes are not worth a thread. */
    static final int BYTES_MIN = 4 << 20;
    private static final int PIECE_LENGTH = 1 << 20;

    private final Used used;
    private final FutureTask<Integer> start;
    private final Thread thread;
    private volatile boolean unwanted;

    /**
     * Begins.
     *
     * @param used     a segment that is not sealed, or null for none.
     * @param bytesMin fewer are not looked at.
     */
    ZerosAhead(final Used used, final int bytesMin) {
        this.used = used;
        start = new FutureTask<>(this::look);
        if (used == null || length(used) - used.header.durableEnd() < bytesMin) {
            thread = null;
            return;
        }
        thread = new Thread(start, "mapcask-recovery");
        thread.setDaemon(true);
        thread.start();
    }

    /** Bytes of a segment that are in its file. */
    static int length(final Used used) {
        return (int)Math.min(used.header.identity().length(), used.header.fileLength());
    }

    private int look() {
        final SegmentScanner scanner = new SegmentScanner();
        final int end = used.header.durableEnd();
        int zerosFrom = length(used);
        while (zerosFrom > end && !unwanted) {
            final int from = Math.max(end, zerosFrom - PIECE_LENGTH);
            if (scanner.firstByteInUse(used.segment.file(), zerosFrom, from) >= 0) {
                break;
            }
            zerosFrom = from;
        }
        return zerosFrom;
    }

    /** Offset from which on a segment is zero for sure, or its end: what is before it is still to be looked at. */
    int from(final Used segment) {
        if (thread == null || segment != used) {
            return length(segment);
        }
        Uninterruptible.join(thread);
        try {
            return Uninterruptible.resultOf(start);
        } catch (final MapcaskException ex) {
            return length(segment); // whoever looks again meets the same
        }
    }

    /** Ends the thread. */
    @Override
    public void close() {
        unwanted = true;
        if (thread != null) {
            Uninterruptible.join(thread);
        }
    }
}
