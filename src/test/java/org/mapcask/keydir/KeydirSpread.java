package org.mapcask.keydir;

import java.util.ArrayList;
import java.util.List;

/** Has a keydir of few keys divide into pages as one of many does. Static. */
public final class KeydirSpread {
    private static final long STEP = 0x9e37_79b9_0000_0000L;

    private KeydirSpread() {
    }

    /** Goes on until there are so many pages, with places for keys that never come. By the writer. */
    public static void over(final Keydir keydir, final int pages) {
        final List<Long> kept = new ArrayList<>();
        for (long hash = STEP; keydir.pages() < pages; hash += STEP) {
            keydir.reservePlace(hash);
            kept.add(hash);
        }
        kept.forEach(keydir::giveBackPlace);
    }
}
