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
    private final SegmentSupply supply = new SegmentSupply(
        new SegmentFactory(hooked(), Path.of("store"), StoreIdentity.random(), new SegmentTable(), 1),
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
