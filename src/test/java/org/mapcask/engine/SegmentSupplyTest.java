package org.mapcask.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.StorageSpaceException;
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
    private final Deque<Runnable> beforeRename = new ConcurrentLinkedDeque<>();
    private final SegmentTable table = new SegmentTable();
    private final SegmentSupply supply = new SegmentSupply(table,
        new SegmentFactory(hooked(), Path.of("store"), StoreIdentity.random(), table, 1),
        new EngineSettings(SEGMENT_LENGTH, true, 0, true, 1000, SyncPolicy.NONE, true, "store"), new FailStop(), null,
        new HugePages(false));

    /** The files, with something done in the middle of the making of a segment. */
    private FileOps hooked() {
        return (FileOps)Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {FileOps.class},
            (proxy, method, arguments) -> {
                final Runnable first = method.getName().equals("rename") ? beforeRename.poll() : null;
                if (first != null) {
                    first.run();
                }
                try {
                    return method.invoke(memory, arguments);
                } catch (final InvocationTargetException ex) {
                    throw ex.getCause();
                }
            });
    }

    private SegmentSupply supply(final int segmentLength) {
        return supply(segmentLength, memory, null);
    }

    private SegmentSupply supply(final int segmentLength, final FileOps files, final HelperThreads makers) {
        return new SegmentSupply(table, new SegmentFactory(files, Path.of("store"), StoreIdentity.random(), table, 1),
            new EngineSettings(segmentLength, true, 0, true, 1000, SyncPolicy.NONE, true, "store"), new FailStop(),
            makers, new HugePages(false));
    }

    private static void order(final SegmentSupply supply) {
        supply.order(segment -> {
        });
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
    void shouldMakeALongerSegmentWhenARecordNeedsItAndKeepTheShortOneForTheNext() {
        final SegmentSupply small = supply(64 << 20);
        order(small);
        final Segment segment = small.take(20 << 20);
        assertEquals(20 << 20, segment.length());
        segment.close();
        assertEquals(1, small.ready());
        final Segment shorter = small.take();
        assertEquals(8 << 20, shorter.length());
        shorter.close();
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
        order(supply);
        final Segment taken = supply.take();
        beforeRename.add(() -> supply.giveBack(taken));
        supply.order(segment -> fail("a segment too many was kept"));
        assertEquals(1, memory.liveMappings());
        assertEquals(1, memory.image().size());
        assertSame(taken, supply.take());
        supply.giveBack(taken);
        supply.close();
        assertNothingIsLeft();
    }

    private void assertNothingIsLeft() {
        assertEquals(0, memory.liveMappings());
        assertEquals(0, memory.image().size());
        assertEquals(0, memory.openFiles());
    }

    private static void takeAndClose(final SegmentSupply supply, final int count) {
        for (int i = 0; i < count; i++) {
            supply.take().close();
        }
    }

    /** A writer that finds no segment ready waits for a disk that is busy with its records. */
    @Test
    void shouldHaveMoreReadyEachTimeThatTheWriterFoundNoneUpToALimit() {
        final SegmentSupply large = supply(64 << 20);
        takeAndClose(large, 1);
        order(large);
        assertEquals(1, large.ready(), "what a new store begins with is no sign of a rush");
        for (final int ready : new int[] {2, 4, 8, 8}) {
            takeAndClose(large, large.ready() + 1);
            assertTrue(large.isRushed());
            order(large);
            assertEquals(ready, large.ready());
        }
        large.close();
    }

    @Test
    void shouldHaveNoMoreReadyThanFourSegmentsOfFullLength() {
        for (int i = 0; i < 5; i++) {
            takeAndClose(supply, supply.ready() + 1);
            order(supply);
        }
        assertEquals(4, supply.ready());
        supply.close();
    }

    @Test
    void shouldLetGoOfAllButOneWhenNoneWasTakenForAWhile() {
        takeAndClose(supply, 2);
        order(supply);
        takeAndClose(supply, 3);
        order(supply);
        assertEquals(4, supply.ready());
        final int files = memory.image().size();
        while (supply.isRushed()) {
            Thread.onSpinWait();
            order(supply);
        }
        assertEquals(1, supply.ready());
        assertEquals(files - 3, memory.image().size());
        supply.close();
    }

    /** One of two makers hangs in the disk: the writer goes on with what the other one made. */
    @Test
    void shouldGiveAWriterThatWaitsTheFirstSegmentThatIsMade() throws InterruptedException {
        final CountDownLatch goOn = new CountDownLatch(1);
        final SegmentSupply together = supply(SEGMENT_LENGTH, hooked(), new HelperThreads("makers", 8));
        takeAndClose(together, 1);
        beforeRename.add(() -> EngineRig.awaitLatch(goOn));
        order(together); // hangs
        while (!beforeRename.isEmpty()) {
            Thread.onSpinWait();
        }
        final Segment taken = together.take(); // has a second one made
        assertEquals(0, together.ready());
        taken.close();
        goOn.countDown();
        together.stop();
        assertEquals(1, together.ready());
        together.close();
    }

    /** None of the threads gets a segment made; the error is the one of the writer, who tries for itself. */
    @Test
    void shouldTellTheWriterThatThereIsNoRoomAfterTheMakersFailed() {
        final StorageSpaceException full = new StorageSpaceException(ErrorText.what("no room").where(Path.of("store"))
            .expected("room").found("none").todo("make some"));
        final SegmentSupply together = supply(SEGMENT_LENGTH, hooked(), new HelperThreads("makers", 8));
        takeAndClose(together, 1);
        final Runnable fail = () -> {
            throw full;
        };
        for (int i = 0; i < 3; i++) {
            beforeRename.add(fail);
        }
        assertSame(full, assertThrows(StorageSpaceException.class, together::take));
        assertSame(full, together.lastFailure());
        takeAndClose(together, 1);
        together.stop();
        together.close();
    }

    /** At the end of a store: what is still needed then is made by whoever needs it. */
    @Test
    void shouldMakeASegmentInTheThreadThatNeedsItWhenTheMakersHaveEnded() {
        final SegmentSupply together = supply(SEGMENT_LENGTH, hooked(), new HelperThreads("makers", 8));
        takeAndClose(together, 1);
        together.stop();
        final Thread[] maker = new Thread[1];
        beforeRename.add(() -> maker[0] = Thread.currentThread());
        takeAndClose(together, 1);
        assertSame(Thread.currentThread(), maker[0]);
        together.close();
    }
}
