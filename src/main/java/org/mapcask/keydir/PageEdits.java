package org.mapcask.keydir;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The frames that the writer has changed lately, so that another thread can copy a page beside him and tell whether the
 * copy is the page as it was at one moment. The change sequence of the page does not tell that: inserts leave it alone,
 * for the sake of a cache line.
 *
 * <p>The writer names a frame before he changes it, and is done with it when he names the next one, or gives his lock
 * up. So a copy is good if the frame was neither the last that was named when the copy was begun nor any since.
 */
final class PageEdits {
    /** More than a writer changes while a page is copied, unless whoever copies loses the processor. */
    static final int LENGTH = 256;

    private static final VarHandle NAMED;
    private final int[] frames = new int[LENGTH];
    @SuppressWarnings("unused")
    private long named;

    static {
        try {
            NAMED = MethodHandles.lookup().findVarHandle(PageEdits.class, "named", long.class);
        } catch (final ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    /** Names a frame that is about to change; all changes are stores with release. Writer. */
    void name(final int frame) {
        final long next = named;
        frames[(int)next & LENGTH - 1] = frame;
        NAMED.setRelease(this, next + 1);
    }

    /** How many were named so far. Any thread. */
    long count() {
        return (long)NAMED.getAcquire(this);
    }

    /**
     * Whether a frame was named since, or may have been. Any thread.
     *
     * @param from of those that {@link #count()} counts.
     */
    boolean isNamedSince(final int frame, final long from) {
        VarHandle.acquireFence();
        final long to = count();
        boolean isNamed = false;
        for (long i = from; i < to && to - from < LENGTH && !isNamed; i++) {
            isNamed = frames[(int)i & LENGTH - 1] == frame;
        }
        VarHandle.acquireFence();
        return isNamed || count() - from >= LENGTH;
    }
}
