package org.mapcask.keydir;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * A reader's search in one page, while the writer may be changing it; {@link Keydir} says why that is right.
 * Stateless, any thread, allocates nothing.
 */
final class PageReader {
    private PageReader() {
    }

    /**
     * Looks for a key from its home line on. The matcher is asked about nothing but positions of the page: of what is
     * in its place by now, be it another page or changes that wait, it does not hear.
     *
     * @param table that led to the page.
     * @param entry through which it did.
     * @return position of its record, or {@link Keydir#NOT_FOUND}: then the caller checks that the page is still the
     * page.
     */
    static long probe(
        final UnsafeBuffer chunk, final int pageOffset, final int prefix, final int home, final KeyMatcher matcher,
        final PageTable table, final long entry) {
        final long pattern = KeydirPage.tagPattern(prefix);
        int line = home;
        for (int displacement = 0; displacement < KeydirPage.REACH; displacement++) {
            final int lineOffset = KeydirPage.lineOffset(pageOffset, line);
            final int slotKey = KeydirPage.slotKey(prefix, displacement);
            long control = chunk.getLongAcquire(lineOffset);
            long candidates = KeydirPage.matches(control, pattern);
            while (candidates != 0) {
                final int slotOffset = KeydirPage.slotOffset(lineOffset, KeydirPage.firstSlot(candidates));
                final long word = chunk.getLongAcquire(slotOffset);
                final long position = KeydirPage.position(word);
                if (KeydirPage.slotKey(word) == slotKey && position != 0 && position != KeydirPage.RESERVED_POSITION) {
                    if (!table.leads(prefix, entry)) {
                        return Keydir.NOT_FOUND;
                    }
                    if (matcher.matches(position)) {
                        return position;
                    }
                }
                final boolean sameSlot = chunk.getLongAcquire(slotOffset) == word;
                final long controlNow = chunk.getLongAcquire(lineOffset);
                candidates = sameSlot && controlNow == control
                    ? candidates & candidates - 1 : KeydirPage.matches(controlNow, pattern);
                control = controlNow;
            }
            if (KeydirPage.overflow(control) == 0) {
                return Keydir.NOT_FOUND;
            }
            line = KeydirPage.nextLine(line);
        }
        return Keydir.NOT_FOUND;
    }
}
