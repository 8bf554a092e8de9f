package org.mapcask.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mapcask.io.MappedFile;
import org.mapcask.io.StoreFile;
import org.mapcask.nativeaccess.Advice;
import org.mapcask.segment.Segment;
import org.mapcask.segment.SegmentFactory;
import org.mapcask.segment.SegmentTable;
import org.mapcask.segment.StoreIdentity;
import org.mapcask.support.ForwardingFiles;
import org.mapcask.support.MemoryFileOps;
import org.mapcask.support.OpenMappingsExtension;

/** What lies behind the writer is begun a step at a time, whatever becomes of the segment meanwhile. */
@ExtendWith(OpenMappingsExtension.class)
class WritebackPacerTest {
    private static final int STEP = 128 << 10;

    private final SegmentTable table = new SegmentTable();
    private final ContextPool contexts = new ContextPool(table, true, System::currentTimeMillis);
    private final LeavingMappings leaving = new LeavingMappings(contexts);
    private final WritebackPacer pacer = new WritebackPacer(STEP, contexts);
    private final List<String> calls = new ArrayList<>();
    private final AtomicBoolean taken = new AtomicBoolean();
    private Runnable onAdvice = () -> {
    };

    private Segment segment() {
        return new SegmentFactory(new Watched(), Path.of("store"), StoreIdentity.random(), table, 1).create(1 << 20);
    }

    @Test
    void shouldBeginEachWholeStepOnce() {
        final Segment segment = segment();
        segment.endRelease(3 * STEP);
        pacer.pace(segment);
        pacer.pace(segment);
        assertEquals(List.of("let go", "begin 4096+" + STEP, "let go", "begin " + (4096 + STEP) + "+" + STEP), calls);
        segment.close();
    }

    /**
     * A segment is rolled and sealed between the moment in which the pacer learned of it and its advice: its mapping
     * is gone. Where it was, there may be other memory by then, which must not be told to go.
     */
    @Test
    void shouldLeaveTheMemoryAloneWhereAMappingWas() {
        final Segment segment = segment();
        segment.endRelease(3 * STEP);
        segment.detachMapping().unmap();
        pacer.pace(segment);
        assertEquals(2, calls.size());
        assertEquals(List.of("begin 4096+" + STEP, "begin " + (4096 + STEP) + "+" + STEP), calls);
        segment.close();
    }

    @Test
    void shouldKeepTheMappingWhileItGivesAdvice() {
        final Segment segment = segment();
        segment.endRelease(2 * STEP);
        onAdvice = () -> {
            leaving.add(List.of(segment.detachMapping()));
            leaving.round();
            taken.set(true);
        };
        pacer.pace(segment);
        assertEquals(true, taken.get());
        assertEquals(List.of("let go", "begin 4096+" + STEP), calls);
        leaving.round();
        assertEquals(List.of("let go", "begin 4096+" + STEP, "unmap"), calls);
        segment.close();
    }

    private final class Watched extends ForwardingFiles {
        private Watched() {
            super(new MemoryFileOps());
        }

        @Override
        public StoreFile create(final Path path) {
            return new File(super.create(path)) {
                @Override
                public void startWriteback(final long fileOffset, final long length) {
                    calls.add("begin " + fileOffset + "+" + length);
                }

                @Override
                public MappedFile map(final int length, final boolean writable) {
                    return new WatchedMapping(super.map(length, writable));
                }
            };
        }
    }

    private final class WatchedMapping extends ForwardingFiles.Mapping {
        private WatchedMapping(final MappedFile inner) {
            super(inner);
        }

        @Override
        public void advise(final int offset, final int length, final Advice advice) {
            onAdvice.run();
            calls.add("let go");
            super.advise(offset, length, advice);
        }

        @Override
        public void unmap() {
            if (taken.get()) {
                calls.add("unmap");
            }
            super.unmap();
        }
    }
}
