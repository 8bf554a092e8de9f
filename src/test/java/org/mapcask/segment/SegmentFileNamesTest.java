package org.mapcask.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class SegmentFileNamesTest {
    @Test
    void shouldReadBackEveryNameItMakes() {
        for (final long id : new long[] {0, 1, 15, 16, 0xABCDEF, Long.MAX_VALUE, -1}) {
            final String name = SegmentFileNames.of(id);
            assertTrue(SegmentFileNames.isSegment(name), name);
            assertFalse(SegmentFileNames.isTemporary(name), name);
            assertEquals(id, SegmentFileNames.id(name));
            assertTrue(SegmentFileNames.isTemporary(SegmentFileNames.temporary(id)));
            assertFalse(SegmentFileNames.isSegment(SegmentFileNames.temporary(id)));
        }
        assertEquals("00000000000000ff.seg", SegmentFileNames.of(255));
        assertEquals("00000000000000ff.seg.tmp", SegmentFileNames.temporary(255));
    }

    @Test
    void shouldSortByNameAsById() {
        String before = SegmentFileNames.of(0);
        for (long id = 1; id < 1_000_000; id = id * 3 + 1) {
            assertTrue(before.compareTo(SegmentFileNames.of(id)) < 0);
            before = SegmentFileNames.of(id);
        }
    }

    @Test
    void shouldMakeTheSameNamesInEveryLanguage() {
        final Locale was = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            assertEquals("0000000000000129.seg", SegmentFileNames.of(0x129));
        } finally {
            Locale.setDefault(was);
        }
    }

    @Test
    void shouldNotTakeOtherNames() {
        for (final String name : List.of("", ".seg", "1.seg", "00000000000000FF.seg", "00000000000000fg.seg",
            "00000000000000ff.seg2", "000000000000000ff.seg", "00000000000000ff", "mapcask.lock",
            "-000000000000001.seg", "00000000000000ff.seg.tmp.tmp", "x.seg.tmp", ".tmp")) {
            assertFalse(SegmentFileNames.isSegment(name), name);
            assertFalse(SegmentFileNames.isTemporary(name), name);
        }
    }
}
