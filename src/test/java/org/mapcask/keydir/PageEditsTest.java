package org.mapcask.keydir;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PageEditsTest {
    private final PageEdits edits = new PageEdits();

    @Test
    void shouldTellWhichFramesWereNamedSince() {
        edits.name(4);
        final long before = edits.count();
        edits.name(5);
        edits.name(6);
        assertTrue(edits.isNamedSince(5, before) && edits.isNamedSince(6, before));
        assertFalse(edits.isNamedSince(4, before) || edits.isNamedSince(7, before));
        assertTrue(edits.isNamedSince(4, before - 1));
        assertFalse(edits.isNamedSince(6, edits.count()));
    }

    @Test
    void shouldTakeEveryFrameForNamedWhenMoreWereThanItRemembers() {
        final long before = edits.count();
        for (int i = 0; i < PageEdits.LENGTH - 1; i++) {
            edits.name(7);
        }
        assertFalse(edits.isNamedSince(6, before));
        edits.name(7);
        assertTrue(edits.isNamedSince(6, before));
    }
}
