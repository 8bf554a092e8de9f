package org.mapcask.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mapcask.io.MappedFile;
import org.mapcask.segment.SegmentTable;
import org.mapcask.support.ForwardingFiles;

/** A mapping is unmapped when the calls that may be in it have ended, and nobody waits for them. */
class LeavingMappingsTest {
    private final ContextPool contexts = new ContextPool(new SegmentTable(), true, System::currentTimeMillis);
    private final LeavingMappings leaving = new LeavingMappings(contexts);
    private final List<String> unmapped = new ArrayList<>();

    private MappedFile mapping(final String name) {
        return new ForwardingFiles.Mapping(null) {
            @Override
            public void unmap() {
                unmapped.add(name);
            }
        };
    }

    @Test
    void shouldUnmapAtOnceWhereNoCallIsUnderWay() {
        leaving.add(List.of(mapping("a"), mapping("b")));
        leaving.round();
        assertEquals(List.of("a", "b"), unmapped);
    }

    @Test
    void shouldUnmapWhenTheCallsOfThatTimeHaveEndedAndNotWaitForLaterOnes() {
        final ReadContext early = contexts.enter();
        leaving.add(List.of(mapping("a")));
        final ReadContext late = contexts.enter();
        leaving.add(List.of(mapping("b")));
        leaving.round();
        assertEquals(List.of(), unmapped);
        early.exit();
        leaving.round();
        assertEquals(List.of("a"), unmapped);
        late.exit();
        leaving.round();
        assertEquals(List.of("a", "b"), unmapped);
    }

    @Test
    void shouldUnmapTheRestAtTheEnd() {
        final ReadContext call = contexts.enter();
        leaving.add(List.of(mapping("a")));
        leaving.close();
        leaving.round();
        assertEquals(List.of("a"), unmapped);
        call.exit();
    }
}
