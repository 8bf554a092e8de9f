package org.mapcask.keydir;

import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Changes a page under the eyes of its readers. Every step is one 8-byte store with release, and after each of them
 * every entry that is to be found is found:
 *
 * <ul>
 *   <li>insert: the overflow counts of the lines passed over, then the slot, then its tag;
 *   <li>remove: the tag, then the slot, then the overflow counts;
 *   <li>move: an entry only ever moves away from its home, in the direction in which readers search: it is inserted
 *       there and then removed here, so a reader that does not find it in the old place any more finds it in the new
 *       one.
 * </ul>
 *
 * <p>Belongs to the writer; allocates nothing.
 */
final class PageEditor {
    /**
     * Lines from whose entries a free place is looked for. If there is none, the page is split. More lines make pages
     * fuller and inserts dearer: no search 18.7 bytes a key at worst, 8 lines 15.7, 16 lines 14.8, all 14.0; see the
     * native note on keydir pages.
     */
    static final int SEARCH_LINES_MAX = 16;

    private static final int NONE = -1;

    /** For the search of a free place: the line from which a line was reached, and the slot whose entry would move. */
    private final int[] cameFrom = new int[KeydirPage.LINES];
    private final int[] movingSlot = new int[KeydirPage.LINES];
    private final int[] queue = new int[KeydirPage.LINES];

    private UnsafeBuffer chunk;
    private int pageOffset;
    private int foundLine;
    private int foundSlot = NONE;
    private long foundWord;

    /** Chooses the page for the calls that follow. */
    PageEditor on(final UnsafeBuffer pageChunk, final int offset) {
        chunk = pageChunk;
        pageOffset = offset;
        return this;
    }

    /**
     * Inserts an entry that is not there yet.
     *
     * @return false if there is no room: see {@link #makeRoom}.
     */
    boolean insert(final int prefix, final int home, final long position) {
        int line = home;
        for (int displacement = 0; displacement < KeydirPage.REACH; displacement++) {
            if (KeydirPage.freePlaces(control(line)) != 0) {
                insertAt(line, prefix, KeydirPage.slotWord(prefix, displacement, position));
                return true;
            }
            line = KeydirPage.nextLine(line);
        }
        return makeRoomSlow(home) && insert(prefix, home, position);
    }

    /**
     * Makes sure that an entry with this home can be inserted.
     *
     * @return false if there is no room within reach, however entries move: the page has to be split.
     */
    boolean makeRoom(final int home) {
        int line = home;
        for (int displacement = 0; displacement < KeydirPage.REACH; displacement++) {
            if (KeydirPage.freePlaces(control(line)) != 0) {
                return true;
            }
            line = KeydirPage.nextLine(line);
        }
        return makeRoomSlow(home);
    }

    /**
     * Looks for an entry and remembers its place for {@link #overwrite} and {@link #removeFound}.
     *
     * @param matcher          compares keys; null to compare positions instead.
     * @param expectedPosition the position sought if there is no matcher.
     * @return position of its record, or {@link Keydir#NOT_FOUND}.
     */
    long seek(final int prefix, final int home, final KeyMatcher matcher, final long expectedPosition) {
        final long pattern = KeydirPage.tagPattern(prefix);
        foundSlot = NONE;
        int line = home;
        for (int displacement = 0; displacement < KeydirPage.REACH; displacement++) {
            final int lineOffset = KeydirPage.lineOffset(pageOffset, line);
            final int slotKey = KeydirPage.slotKey(prefix, displacement);
            final long control = chunk.getLong(lineOffset);
            for (long left = KeydirPage.matches(control, pattern); left != 0; left &= left - 1) {
                final int slot = KeydirPage.firstSlot(left);
                final long word = chunk.getLong(KeydirPage.slotOffset(lineOffset, slot));
                final long position = KeydirPage.position(word);
                if (KeydirPage.slotKey(word) == slotKey
                    && (matcher == null ? position == expectedPosition
                    : position != KeydirPage.RESERVED_POSITION && matcher.matches(position))) {
                    foundLine = line;
                    foundSlot = slot;
                    foundWord = word;
                    return position;
                }
            }
            if (KeydirPage.overflow(control) == 0) {
                return Keydir.NOT_FOUND;
            }
            line = KeydirPage.nextLine(line);
        }
        return Keydir.NOT_FOUND;
    }

    /** True if the last search found an entry. */
    boolean found() {
        return foundSlot != NONE;
    }

    /** Gives the entry that was found another position: one store. Returns the position before. */
    long overwrite(final long position) {
        final int slotOffset = KeydirPage.slotOffset(KeydirPage.lineOffset(pageOffset, foundLine), foundSlot);
        chunk.putLongRelease(slotOffset, KeydirPage.withPosition(foundWord, position));
        return KeydirPage.position(foundWord);
    }

    /** Removes the entry that was found. Returns its position. */
    long removeFound() {
        // A copy that saw the entry must not see it again if it is inserted anew: see KeydirCursor.
        addToSequence(2);
        VarHandle.storeStoreFence();
        clear(foundLine, foundSlot);
        return KeydirPage.position(foundWord);
    }

    private boolean makeRoomSlow(final int home) {
        final int free = findFreeLine(home);
        if (free == NONE) {
            return false;
        }
        addToSequence(1);
        VarHandle.storeStoreFence();
        int line = free;
        while (cameFrom[line] != line) {
            move(cameFrom[line], movingSlot[line], line);
            line = cameFrom[line];
        }
        addToSequence(1);
        return true;
    }

    /** Breadth first from the lines within reach of the home, along the moves that single entries can make. */
    private int findFreeLine(final int home) {
        Arrays.fill(cameFrom, NONE);
        int tail = 0;
        for (int i = 0; i < KeydirPage.REACH; i++) {
            final int line = KeydirPage.lineAfter(home, i);
            cameFrom[line] = line;
            queue[tail++] = line;
        }
        for (int head = 0; head < tail && head < SEARCH_LINES_MAX; head++) {
            final int line = queue[head];
            final int slot = nearestHome(line);
            final int steps = KeydirPage.REACH - 1 - KeydirPage.displacement(word(line, slot));
            for (int step = 1; step <= steps; step++) {
                final int target = KeydirPage.lineAfter(line, step);
                if (cameFrom[target] == NONE) {
                    cameFrom[target] = line;
                    movingSlot[target] = slot;
                    if (KeydirPage.freePlaces(control(target)) != 0) {
                        return target;
                    }
                    queue[tail++] = target;
                }
            }
        }
        return NONE;
    }

    /** The slot of a full line whose entry can move furthest: wherever another one can go, it can. */
    private int nearestHome(final int line) {
        int best = 0;
        int least = KeydirPage.displacement(word(line, 0));
        for (int slot = 1; slot < KeydirPage.SLOTS && least > 0; slot++) {
            final int displacement = KeydirPage.displacement(word(line, slot));
            if (displacement < least) {
                least = displacement;
                best = slot;
            }
        }
        return best;
    }

    private long word(final int line, final int slot) {
        return chunk.getLong(KeydirPage.slotOffset(KeydirPage.lineOffset(pageOffset, line), slot));
    }

    private void move(final int from, final int slot, final int to) {
        final int fromOffset = KeydirPage.lineOffset(pageOffset, from);
        final long word = chunk.getLong(KeydirPage.slotOffset(fromOffset, slot));
        final int prefix = KeydirPage.prefix(word, chunk.getLong(fromOffset), slot);
        final int displacement = KeydirPage.displacement(word) + distance(from, to);
        insertAt(to, prefix, KeydirPage.withDisplacement(word, displacement), distance(from, to));
        final int slotOffset = KeydirPage.slotOffset(fromOffset, slot);
        chunk.putLongRelease(fromOffset, KeydirPage.withoutTag(chunk.getLong(fromOffset), slot));
        chunk.putLongRelease(slotOffset, 0);
    }

    private void insertAt(final int line, final int prefix, final long word) {
        insertAt(line, prefix, word, KeydirPage.displacement(word));
    }

    /** @param passed lines before this one whose overflow counts do not include the entry yet. */
    private void insertAt(final int line, final int prefix, final long word, final int passed) {
        for (int back = passed; back > 0; back--) {
            addToOverflow(KeydirPage.lineBefore(line, back), KeydirPage.OVERFLOW_ONE);
        }
        final int lineOffset = KeydirPage.lineOffset(pageOffset, line);
        final long control = chunk.getLong(lineOffset);
        final int slot = KeydirPage.firstSlot(KeydirPage.freePlaces(control));
        chunk.putLongRelease(KeydirPage.slotOffset(lineOffset, slot), word);
        chunk.putLongRelease(lineOffset, KeydirPage.withTag(control, slot, prefix));
    }

    private void clear(final int line, final int slot) {
        final int lineOffset = KeydirPage.lineOffset(pageOffset, line);
        final int slotOffset = KeydirPage.slotOffset(lineOffset, slot);
        final int displacement = KeydirPage.displacement(chunk.getLong(slotOffset));
        chunk.putLongRelease(lineOffset, KeydirPage.withoutTag(chunk.getLong(lineOffset), slot));
        chunk.putLongRelease(slotOffset, 0);
        for (int back = 1; back <= displacement; back++) {
            addToOverflow(KeydirPage.lineBefore(line, back), -KeydirPage.OVERFLOW_ONE);
        }
    }

    private void addToOverflow(final int line, final long change) {
        final int lineOffset = KeydirPage.lineOffset(pageOffset, line);
        chunk.putLongRelease(lineOffset, chunk.getLong(lineOffset) + change);
    }

    private void addToSequence(final int change) {
        final int offset = pageOffset + KeydirPage.CHANGE_SEQUENCE_OFFSET;
        chunk.putLongRelease(offset, chunk.getLong(offset) + change);
    }

    private long control(final int line) {
        return chunk.getLong(KeydirPage.lineOffset(pageOffset, line));
    }

    private static int distance(final int from, final int to) {
        return to >= from ? to - from : to - from + KeydirPage.LINES;
    }
}
