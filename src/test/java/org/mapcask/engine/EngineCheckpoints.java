package org.mapcask.engine;

/** Checkpoints of an engine that a test put together, in the calling thread, however little there is to be told. */
public final class EngineCheckpoints {
    private EngineCheckpoints() {
    }

    /** Makes a checkpoint now. */
    public static void make(final Engine engine) {
        engine.checkpoints().run();
    }

    /** Number of the newest one that is durable, or -1. */
    public static long newest(final Engine engine) {
        return engine.checkpoints().stats().number();
    }
}
