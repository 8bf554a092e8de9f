package org.mapcask.engine;

import java.lang.reflect.Field;
import java.util.concurrent.locks.ReentrantLock;

/** The locks of an engine, for a test that does by one thread what several do. */
public final class EngineLocks {
    private EngineLocks() {
    }

    /**
     * Whether the calling thread holds the lock of the writers, that of syncs, or that of the supply of segments: a
     * write of another thread would wait, one of this thread would come in between where none can.
     */
    public static boolean isAnyHeld(final Engine engine) {
        try {
            final MergeAccess access = engine.merging();
            final WritePath writePath = (WritePath)value(access, "writePath");
            final ReentrantLock syncLock = (ReentrantLock)value(value(access, "sync"), "lock");
            return writePath.lock().isHeldByCurrentThread() || syncLock.isHeldByCurrentThread()
                || Thread.holdsLock(value(writePath.appender(), "supply"));
        } catch (final ReflectiveOperationException ex) {
            throw new AssertionError(ex);
        }
    }

    static Object value(final Object owner, final String name) throws ReflectiveOperationException {
        final Field field = owner.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(owner);
    }
}
