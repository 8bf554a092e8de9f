package org.mapcask.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mapcask.io.MappedFile;
import org.mapcask.io.StoreFile;
import org.mapcask.nativeaccess.Advice;
import org.mapcask.support.ForwardingFiles;
import org.mapcask.support.MemoryFileOps;
import org.mapcask.support.OpenMappingsExtension;

/** What a segment asks of its mapping. */
@ExtendWith(OpenMappingsExtension.class)
class SegmentTest {
    private static final int PAGE = 4096;

    private final List<String> letGo = new ArrayList<>();

    @Test
    void shouldLetGoOfWholePagesOfRecordsOnlyAndOnlyOfMany() {
        final SegmentTable table = new SegmentTable();
        final SegmentFactory factory =
            new SegmentFactory(new Watched(), Path.of("store"), SegmentImage.STORE, table, 1);
        final Segment segment = factory.create(1 << 20);
        SegmentPages.letGo(segment, 0, 20 * PAGE + 5);
        SegmentPages.letGo(segment, PAGE + 1, 18 * PAGE);
        SegmentPages.letGo(segment, 40 * PAGE - 1, 60 * PAGE + 4095);
        SegmentPages.letGo(segment, 70 * PAGE, 85 * PAGE);
        assertEquals(List.of("1+19", "2+16", "40+20"), letGo);
        factory.discard(List.of(segment));
    }

    private final class Watched extends ForwardingFiles {
        private Watched() {
            super(new MemoryFileOps());
        }

        @Override
        public StoreFile create(final Path path) {
            return new File(super.create(path)) {
                @Override
                public MappedFile map(final int length, final boolean writable) {
                    return new Mapping(super.map(length, writable)) {
                        @Override
                        public void advise(final int offset, final int range, final Advice advice) {
                            if (advice == Advice.DONT_NEED) {
                                letGo.add(offset / PAGE + "+" + range / PAGE);
                            }
                            super.advise(offset, range, advice);
                        }
                    };
                }
            };
        }
    }
}
