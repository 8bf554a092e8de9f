package org.mapcask.engine;

import java.lang.reflect.Field;

/** Checkpoints of an engine that a test put together, in the calling thread, however little there is to be told. */
public final class EngineCheckpoints {
    private EngineCheckpoints() {
    }

    /** Makes a checkpoint now. */
    public static void make(final Engine engine) {
        engine.checkpoints().run();
    }

    /** Has the engine believe, up to the next checkpoint, that nothing durable leads to what merges empty. */
    public static void forget(final Engine engine) {
        try {
            final Field durable = Checkpoints.class.getDeclaredField("durable");
            durable.setAccessible(true);
            durable.setLong(engine.checkpoints(), Long.MAX_VALUE);
        } catch (final ReflectiveOperationException ex) {
            throw new AssertionError(ex);
        }
    }

    /** Whether the calling thread is in the middle of a write. */
    public static boolean isWriting(final Engine engine) {
        return engine.isWriting();
    }

    /** Number of the newest one that is durable, or -1. */
    public static long newest(final Engine engine) {
        return engine.checkpoints().stats().number();
    }
}
