package org.mapcask.engine;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Huge pages are for segments of which much is synced at a time, as the latest syncs tell. */
class HugePagesTest {
    private static final int MIB = 1 << 20;

    private final HugePages pages = new HugePages(true);

    @Test
    void shouldWantNoneBeforeAnySync() {
        assertFalse(pages.areWanted());
    }

    @Test
    void shouldWantThemAfterOneLongSyncAndNotAfterAShortOne() {
        pages.synced(MIB);
        assertTrue(pages.areWanted());
        final HugePages other = new HugePages(true);
        other.synced(MIB - 1);
        assertFalse(other.areWanted());
    }

    @Test
    void shouldForgetAWholeSegmentAfterAFewShortSyncs() {
        pages.synced(64 * MIB);
        int syncs = 0;
        while (pages.areWanted()) {
            pages.synced(152);
            syncs++;
        }
        assertTrue(syncs > 2 && syncs < 10, syncs + " syncs");
    }

    @Test
    void shouldStayAsItIsInBetween() {
        pages.synced(2 * MIB);
        for (int i = 0; i < 100; i++) {
            pages.synced(MIB / 2);
        }
        assertTrue(pages.areWanted());
        final HugePages other = new HugePages(true);
        for (int i = 0; i < 100; i++) {
            other.synced(MIB / 2);
        }
        assertFalse(other.areWanted());
    }

    @Test
    void shouldTakeNoNoticeOfSyncsWithoutRecords() {
        pages.synced(2 * MIB);
        for (int i = 0; i < 100; i++) {
            pages.synced(0);
        }
        assertTrue(pages.areWanted());
    }

    @Test
    void shouldWantNoneWhereTheyAreNotAllowed() {
        final HugePages never = new HugePages(false);
        never.synced(64 * MIB);
        assertFalse(never.areWanted());
    }
}
