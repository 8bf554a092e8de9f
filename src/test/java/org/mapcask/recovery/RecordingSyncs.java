package org.mapcask.recovery;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.io.FileOps;
import org.mapcask.io.MappedFile;
import org.mapcask.io.StoreFile;
import org.mapcask.keydir.DirectChunkAllocator;
import org.mapcask.support.MemoryFileOps;

/** Keeps a copy of a header page as the last sync of it left it on the disk. */
final class RecordingSyncs {
    private final MemoryFileOps files;

    RecordingSyncs(final MemoryFileOps files) {
        this.files = files;
    }

    /** Settings for a store whose synced header pages go to {@code headerOnDisk}. */
    RecoverySettings settings(final Path directory, final byte[] headerOnDisk) {
        final FileOps recording = proxy(FileOps.class, files, headerOnDisk);
        return new RecoverySettings(
            recording, directory, new DirectChunkAllocator(), true, false, true, 1000, (phase, done, total) -> {
            });
    }

    private <T> T proxy(final Class<T> type, final T target, final byte[] headerOnDisk) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, args) -> {
            final Object result;
            try {
                result = method.invoke(target, args);
            } catch (final InvocationTargetException ex) {
                throw ex.getCause();
            }
            if (target instanceof MappedFile && method.getName().equals("sync") && (int)args[0] == 0) {
                ((MappedFile)target).buffer().getBytes(0, headerOnDisk, 0, HeaderDescriptor.PAGE_LENGTH);
            }
            if (result instanceof StoreFile && method.getName().equals("open")) {
                return proxy(StoreFile.class, (StoreFile)result, headerOnDisk);
            }
            return result instanceof MappedFile ? proxy(MappedFile.class, (MappedFile)result, headerOnDisk) : result;
        }));
    }
}
