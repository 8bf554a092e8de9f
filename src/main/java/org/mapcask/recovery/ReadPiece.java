package org.mapcask.recovery;

import java.util.Arrays;
import org.mapcask.keydir.KeydirParts;

/** Records that were read in the log, and wait in memory; those of each part in a list. Belongs to the writer. */
final class ReadPiece implements TailPiece {
    private final int partBits;
    private final TailEntries entries = new TailEntries();
    /** Of each part, its first and last entry; -1 without one. */
    private final int[] first;
    private final int[] last;
    private int[] next = new int[64];

    ReadPiece(final int partBits) {
        this.partBits = partBits;
        first = new int[1 << partBits];
        last = new int[1 << partBits];
        Arrays.fill(first, -1);
    }

    /** Those that wait, to which more may be added, each followed by {@link #link()}. */
    TailEntries entries() {
        return entries;
    }

    /** Puts the last one at the end of the list of its part. */
    void link() {
        final int at = entries.count() - 1;
        if (at >= next.length) {
            next = Arrays.copyOf(next, 2 * next.length);
        }
        next[at] = -1;
        final int part = KeydirParts.part(entries.hash(at), partBits);
        if (first[part] < 0) {
            first[part] = at;
        } else {
            next[last[part]] = at;
        }
        last[part] = at;
    }

    @Override
    public boolean gather(final int part, final TailEntries into) {
        for (int i = first[part]; i >= 0; i = next[i]) {
            into.add(entries, i);
        }
        return true;
    }
}
