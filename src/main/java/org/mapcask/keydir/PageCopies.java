package org.mapcask.keydir;

import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Copies of pages on their way to the {@link PageStore}. Filled and confirmed by the writer, written by any thread. */
final class PageCopies {
    private final PageBuffer pages;
    private final int[] frames;
    private final int[] slots;
    private int count;
    private int writtenCount;

    PageCopies(final int capacity) {
        pages = new PageBuffer(capacity);
        frames = new int[capacity];
        slots = new int[capacity];
    }

    void clear() {
        count = 0;
        writtenCount = 0;
    }

    boolean isFull() {
        return count == frames.length;
    }

    boolean isEmpty() {
        return count == 0;
    }

    int frame(final int index) {
        return frames[index];
    }

    int count() {
        return count;
    }

    void add(final UnsafeBuffer chunk, final int offset, final int frame, final int slot) {
        pages.words().putBytes(count * KeydirPage.LENGTH, chunk, offset, KeydirPage.LENGTH);
        frames[count] = frame;
        slots[count] = slot;
        count++;
    }

    /** Writes all, those side by side in one go. If it throws, the rest is not written. */
    void write(final PageStore store) {
        while (writtenCount < count) {
            int end = writtenCount + 1;
            while (end < count && slots[end] == slots[end - 1] + 1) {
                end++;
            }
            final ByteBuffer bytes = pages.bytes();
            bytes.limit(end * KeydirPage.LENGTH).position(writtenCount * KeydirPage.LENGTH);
            store.write(slots[writtenCount], bytes.slice());
            writtenCount = end;
        }
    }

    /** Tells the cache which of them were written. */
    void confirm(final PageCache cache) {
        for (int i = 0; i < count; i++) {
            if (i < writtenCount) {
                cache.written(frames[i], slots[i]);
            } else {
                cache.notWritten(frames[i], slots[i]);
            }
        }
        clear();
    }
}
