package org.mapcask.keydir;

import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Copies of pages on their way to the {@link PageStore}. The writer chooses and confirms; a thread beside the writer
 * copies and writes. A frame that was chosen keeps its bytes until it is confirmed, even if its page is replaced.
 */
final class PageCopies {
    private static final int TRIES = 3;

    private final PageBuffer pages;
    private final UnsafeBuffer[] chunks;
    private final int[] frames;
    private final int[] slots;
    private final boolean[] copied;
    private int count;
    private int writtenCount;
    private long settled;

    PageCopies(final int capacity) {
        pages = new PageBuffer(capacity);
        chunks = new UnsafeBuffer[capacity];
        copied = new boolean[capacity];
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

    int frame(final int index) {
        return frames[index];
    }

    int count() {
        return count;
    }

    /**
     * Chooses a page. Writer.
     *
     * @param edits that the writer is done with.
     */
    void add(final UnsafeBuffer chunk, final int frame, final int slot, final long edits) {
        settled = edits;
        chunks[count] = chunk;
        frames[count] = frame;
        slots[count] = slot;
        copied[count] = false;
        count++;
    }

    /**
     * Copies beside the writer.
     *
     * @param edits tells what the writer changes meanwhile.
     * @return whether all were copied as they were at one moment each.
     */
    boolean copy(final PageEdits edits) {
        boolean all = true;
        for (int i = 0; i < count; i++) {
            for (int tries = 0; tries < TRIES && !copied[i]; tries++) {
                final long before = Math.max(settled, edits.count() - 1);
                copy(i);
                copied[i] = !edits.isNamedSince(frames[i], before);
            }
            all &= copied[i];
        }
        return all;
    }

    /** Copies what was not copied yet. Writer. */
    void copyRest() {
        for (int i = 0; i < count; i++) {
            if (!copied[i]) {
                copy(i);
                copied[i] = true;
            }
        }
    }

    private void copy(final int index) {
        KeydirPage.copy(
            chunks[index], KeydirMemory.offset(frames[index]), pages.words(), index * KeydirPage.LENGTH);
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
            cache.letGo(frames[i]);
        }
        clear();
    }
}
