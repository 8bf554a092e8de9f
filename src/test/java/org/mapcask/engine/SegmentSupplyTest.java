package org.mapcask.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;
import org.mapcask.io.FileOps;
import org.mapcask.segment.Segment;
import org.mapcask.segment.SegmentFactory;
import org.mapcask.segment.SegmentTable;
import org.mapcask.segment.StoreIdentity;
import org.mapcask.support.MemoryFileOps;
import org.mapcask.sync.SyncPolicy;

/** No segment gets lost between those who prepare, take and give back. */
class SegmentSupplyTest {
    private static final int SEGMENT_LENGTH = 64 << 10;

    private final MemoryFileOps memory = new MemoryFileOps();
    private final Deque<Runnable> beforeRename = new ArrayDeque<>();
    private final SegmentTable table = new SegmentTable();
    private final SegmentSupply supply = new SegmentSupply(table,
        new SegmentFactory(hooked(), Path.of("store"), StoreIdentity.random(), table, 1),
        new EngineSettings(SEGMENT_LENGTH, true, 0, true, 1000, SyncPolicy.NONE, true, "store"), new FailStop());

    /** The files, with something done in the middle of the making of a segment. */
    private FileOps hooked() {
        return (FileOps)Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {FileOps.class},
            (proxy, method, arguments) -> {
                if (method.getName().equals("rename") && !beforeRename.isEmpty()) {
                    beforeRename.remove().run();
                }
                try {
                    return method.invoke(memory, arguments);
                } catch (final InvocationTargetException ex) {
                    throw ex.getCause();
                }
            });
    }

    private SegmentSupply supply(final int segmentLength) {
        return new SegmentSupply(table, new SegmentFactory(memory, Path.of("store"), StoreIdentity.random(), table, 1),
            new EngineSettings(segmentLength, true, 0, true, 1000, SyncPolicy.NONE, true, "store"), new FailStop());
    }

    /** The segment appended to and the next one are room beside what lives, so they grow with it. */
    @Test
    void shouldMakeSegmentsASixteenthOfWhatLives() {
        final SegmentSupply small = supply(64 << 20);
        assertEquals(8 << 20, small.shortest());
        final Segment first = small.take();
        assertEquals(8 << 20, first.length());
        table.add(first);
        final long[] live = {100 << 20, 256 << 20, 500 << 20, 1024L << 20, 10L << 30};
        final int[] lengths = {8, 16, 16, 64, 64};
        for (int i = 0; i < live.length; i++) {
            first.addLiveBytes(live[i] - first.liveBytes());
            final Segment next = small.take();
            assertEquals(lengths[i] << 20, next.length());
            small.giveBack(next);
            assertSame(next, small.take());
            next.close();
        }
        first.close();
    }

    @Test
    void shouldMakeALongerSegmentWhenARecordNeedsItAndLetTheShortOneGo() {
        final SegmentSupply small = supply(64 << 20);
        small.prepare();
        final Segment segment = small.take(20 << 20);
        assertEquals(20 << 20, segment.length());
        assertEquals(1, memory.liveMappings());
        segment.close();
        assertEquals(0, memory.liveMappings());
    }

    @Test
    void shouldKeepToTheLengthOfSegmentsWhenThatIsShort() {
        final SegmentSupply small = supply(1 << 20);
        assertEquals(1 << 20, small.shortest());
        final Segment segment = small.take();
        assertEquals(1 << 20, segment.length());
        segment.close();
    }

    @Test
    void shouldKeepOneOfTwoWhenASegmentIsGivenBackWhileTheNextIsPrepared() {
        supply.prepare();
        final Segment taken = supply.take();
        beforeRename.add(() -> supply.giveBack(taken));
        assertNull(supply.prepare());
        assertEquals(1, memory.liveMappings());
        assertEquals(1, memory.image().size());
        assertSame(taken, supply.take());
        supply.giveBack(taken);
        supply.close();
        assertEquals(0, memory.liveMappings());
        assertEquals(0, memory.image().size());
        assertEquals(0, memory.openFiles());
    }
}
