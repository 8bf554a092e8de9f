package org.mapcask.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mapcask.errors.MapcaskException;
import org.mapcask.fault.FaultingFileOps.Operation;

/**
 * The story: a disk gives an error at one operation, or at all from one on. A life of a store is counted through once
 * without a fault; then it is lived again for each operation that was counted, which fails. However it goes on, no
 * write that was acknowledged is lost, neither when the process ends nor when the power is cut; a store whose sync
 * failed names that failure at each later write, is read from as before, and does not try that sync again; and a disk
 * without room ends nothing but the writes that need room.
 */
class EveryFaultTest {
    private static final Set<Operation> SPACE = EnumSet.of(
        Operation.CREATE, Operation.ALLOCATE, Operation.DURABLE_CREATE, Operation.DURABLE_WRITE);
    /** In the quick runs every so many-th operation is the one that fails. */
    private static final int STEP_OF_QUICK_RUNS = 6;

    /** How the operations fail. */
    private record Fault(boolean forEver, boolean late, Function<String, MapcaskException> error, int step) {
        @Override
        public String toString() {
            return (error.apply("").getMessage().contains("ENOSPC") ? "no room" : "error")
                + (forEver ? " for ever" : " once") + (late ? ", after the work" : "");
        }
    }

    /** It tells every checkpoint that fails; a strong reference keeps it quiet. */
    private static final Logger CHECKPOINTS = Logger.getLogger("org.mapcask.engine.Checkpoints");

    private long injected;

    @BeforeAll
    static void beQuiet() {
        CHECKPOINTS.setLevel(Level.OFF);
    }

    @AfterAll
    static void speakAgain() {
        CHECKPOINTS.setLevel(null);
    }

    @ParameterizedTest
    @EnumSource
    void shouldLoseNothingWhenOperationsFail(final FaultSetup setup) {
        failEachOf(setup, STEP_OF_QUICK_RUNS);
    }

    @ParameterizedTest
    @EnumSource
    void shouldGoOnAfterThereWasNoRoom(final FaultSetup setup) {
        runOutOfRoomAtEach(setup, STEP_OF_QUICK_RUNS);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("slow")
    void shouldLoseNothingHoweverAnyOperationFails(final FaultSetup setup) {
        final Map<Operation, Long> counted = failEachOf(setup, 1);
        System.out.println("errors injected under " + setup + ": " + injected + ", operations " + counted);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("slow")
    void shouldGoOnWhereverThereWasNoRoom(final FaultSetup setup) {
        final Map<Operation, Long> counted = runOutOfRoomAtEach(setup, 1);
        System.out.println("no room under " + setup + ": " + injected + " times, operations " + counted);
    }

    private Map<Operation, Long> failEachOf(final FaultSetup setup, final int step) {
        final Map<Operation, Long> counted = count(setup);
        for (final Operation operation : counted.keySet()) {
            for (final boolean forEver : new boolean[] {false, true}) {
                for (final boolean late : new boolean[] {false, true}) {
                    if (!late || operation.mayFailLate()) {
                        failEach(setup, operation, counted.get(operation),
                            new Fault(forEver, late, FaultingFileOps::ioError, step));
                    }
                }
            }
        }
        return counted;
    }

    private Map<Operation, Long> runOutOfRoomAtEach(final FaultSetup setup, final int step) {
        final Map<Operation, Long> counted = count(setup);
        counted.keySet().retainAll(SPACE);
        for (final Operation operation : counted.keySet()) {
            for (final boolean forEver : new boolean[] {false, true}) {
                failEach(setup, operation, counted.get(operation),
                    new Fault(forEver, false, FaultingFileOps::noSpace, step));
            }
        }
        return counted;
    }

    /** The operations of a life without a fault. */
    private static Map<Operation, Long> count(final FaultSetup setup) {
        final FaultRun run = new FaultRun(setup, "without a fault");
        run.run();
        assertEquals(0, run.files().failures() + run.failed() + run.refused());
        final Map<Operation, Long> counted = new EnumMap<>(Operation.class);
        for (final Operation operation : Operation.CHANGING) {
            if (run.files().count(operation) > 0) {
                counted.put(operation, run.files().count(operation));
            }
        }
        for (final Operation operation : List.of(Operation.MAP, Operation.OPEN)) {
            counted.put(operation, run.files().count(operation));
        }
        assertTrue(counted.keySet().containsAll(setup.operations()), () -> setup + ": only " + counted);
        return counted;
    }

    private void failEach(final FaultSetup setup, final Operation operation, final long count, final Fault fault) {
        long reached = 0;
        for (long k = 1; k <= count; k += fault.step()) {
            final FaultRun run = run(setup, operation, k, fault);
            assertTrue(!setup.isRepeatable() ||
                (fault.forEver() ? run.files().failures() > 0 : run.files().failures() == 1),
                setup + ", " + operation + " " + k + ": " + run.files().failures() + " faults");
            injected += run.files().failures();
            reached++;
        }
        assertEquals((count + fault.step() - 1) / fault.step(), reached);
        if (setup.isRepeatable()) {
            assertEquals(0,
                run(setup, operation, count + 1, new Fault(false, false, fault.error(), 1)).files().failures(),
                setup + ", " + operation + ": there are more of them than were counted");
        }
    }

    private static FaultRun run(final FaultSetup setup, final Operation operation, final long k, final Fault fault) {
        final FaultRun run = new FaultRun(setup, operation + " " + k + ", " + fault);
        run.files().failLate(fault.late());
        run.files().failAt(EnumSet.of(operation), k, fault.forEver(), fault.error());
        try {
            run.run();
        } catch (final RuntimeException ex) {
            throw new AssertionError(setup + ", " + operation + " " + k + ", " + fault + ": " + ex, ex);
        }
        return run;
    }
}
