package org.mapcask.engine;

import java.lang.reflect.Field;

/** Checkpoints of an engine that a test put together, in the calling thread, however little there is to be told. */
public final class EngineCheckpoints {
    private EngineCheckpoints() {
    }

    /** Makes a checkpoint now. */
    public static void make(final Engine engine) {
        engine.merging().checkpoints().run();
    }

    /** Has every change entered that waits for its page, so that figures are exact. */
    public static void settle(final Engine engine) {
        engine.merging().checkpoints().settle();
    }

    /** Has the engine believe, up to the next checkpoint, that nothing durable leads to what merges empty. */
    public static void forget(final Engine engine) {
        try {
            set(engine, "durable", Long.MAX_VALUE);
            set(engine, "notBeforeNs", System.nanoTime() + Long.MAX_VALUE / 2);
        } catch (final ReflectiveOperationException ex) {
            throw new AssertionError(ex);
        }
    }

    private static void set(final Engine engine, final String name, final long value)
        throws ReflectiveOperationException {
        final Field field = Checkpoints.class.getDeclaredField(name);
        field.setAccessible(true);
        field.setLong(engine.merging().checkpoints(), value);
    }

    /** Number of the newest one that is durable, or -1. */
    public static long newest(final Engine engine) {
        return engine.merging().checkpoints().stats().number();
    }
}
