package org.mapcask.keydir;

import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Memory for pages that are read or written, aligned to a page. Belongs to one thread at a time; the garbage collector
 * frees it.
 */
public final class PageBuffer {
    private final ByteBuffer bytes;
    private final UnsafeBuffer words;

    /** Memory for one page. */
    public PageBuffer() {
        this(1);
    }

    /** Memory for some pages, one behind the other. */
    public PageBuffer(final int pages) {
        bytes = ByteBuffer.allocateDirect((pages + 1) * KeydirPage.LENGTH).alignedSlice(KeydirPage.LENGTH)
            .slice(0, pages * KeydirPage.LENGTH);
        words = new UnsafeBuffer(bytes);
    }

    /** All of the memory for a transfer: position 0, limit at the end. */
    public ByteBuffer bytes() {
        return bytes.clear();
    }

    /** The same memory as words. */
    public UnsafeBuffer words() {
        return words;
    }
}
