package org.mapcask.engine;

import org.mapcask.format.HeaderDescriptor;
import org.mapcask.segment.Segment;
import org.mapcask.segment.SegmentPages;

/**
 * Asks the kernel, a step at a time, to begin to write what lies behind the end of the log. So dirty pages do not pile
 * up until the kernel writes them all at once; and the page that the writer is in is left out, since a store to a page
 * that is being written may have to wait. Nothing is durable by it. One thread, not the writer: the call waits while
 * the queue of the device is full.
 */
final class WritebackPacer {
    private final int step;
    private final ContextPool contexts;
    private Segment segment;
    private int begun;

    /**
     * A pacer.
     *
     * @param step     bytes that are begun at a time; 0 does nothing.
     * @param contexts keep the mapping of a segment.
     */
    WritebackPacer(final int step, final ContextPool contexts) {
        this.step = step;
        this.contexts = contexts;
    }

    /** Begins every whole step behind the end. What is left of a segment when it was rolled is synced at once. */
    void pace(final Segment active) {
        if (step == 0) {
            return;
        }
        final int end = active.endAcquire() & -HeaderDescriptor.PAGE_LENGTH;
        if (active != segment) {
            segment = active;
            begun = segment.syncedEnd() & -HeaderDescriptor.PAGE_LENGTH;
        }
        while (end - begun >= step) {
            letGo(active, begun);
            active.file().startWriteback(begun, step);
            begun += step;
        }
    }

    /** Inside a context, since the segment may be rolled, sealed and unmapped meanwhile. */
    private void letGo(final Segment active, final int from) {
        final ReadContext context = contexts.enter();
        try {
            SegmentPages.letGo(active, from, from + step);
        } finally {
            context.exit();
        }
    }
}
