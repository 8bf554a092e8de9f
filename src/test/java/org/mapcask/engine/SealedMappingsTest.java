package org.mapcask.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.io.MappedFile;
import org.mapcask.io.StoreFile;
import org.mapcask.io.SystemFileOps;
import org.mapcask.nativeaccess.Advice;
import org.mapcask.segment.Segment;
import org.mapcask.support.EngineStore;
import org.mapcask.support.ForwardingFiles;

/**
 * The story: the data is larger than memory, and a get meets a page that is not there. A mapping that was not told so
 * brings the read-ahead of the device with it, 8 MiB on one machine: 270 gets a second in place of thousands.
 */
@Timeout(60)
class SealedMappingsTest {
    private static final int SEGMENT_LENGTH = 1 << 16;
    private static final int KEYS = 400;

    @TempDir
    private Path directory;

    private final Set<String> told = new ConcurrentSkipListSet<>();
    private final ForwardingFiles files = new ForwardingFiles(new SystemFileOps()) {
        @Override
        public StoreFile open(final Path path, final boolean writable) {
            return new ForwardingFiles.File(super.open(path, writable)) {
                @Override
                public MappedFile map(final int length, final boolean forWriting) {
                    return new Listening(super.map(length, forWriting), path.getFileName().toString());
                }
            };
        }
    };

    private Set<String> sealed(final EngineStore store) {
        final Set<String> names = new ConcurrentSkipListSet<>();
        store.segments().stream().filter(Segment::isSealed).forEach(segment -> names.add(segment.name()));
        return names;
    }

    private void fill() {
        try (EngineStore store = EngineStore.open(files, directory, SEGMENT_LENGTH)) {
            for (int i = 0; i < KEYS; i++) {
                store.put("key-" + i, "v".repeat(1000));
            }
        }
        told.clear();
    }

    private void awaitAdvice(final EngineStore store) {
        final Set<String> sealed = sealed(store);
        assertTrue(sealed.size() > 3, sealed.toString());
        while (!told.containsAll(sealed)) {
            Thread.onSpinWait();
        }
        assertEquals(1000, store.get("key-7").length());
    }

    @Test
    void shouldTellTheKernelThatReadsComeAtRandomWhenAStoreIsOpenedOnlyToBeRead() {
        fill();
        try (EngineStore store = EngineStore.openReadOnly(files, directory, false)) {
            awaitAdvice(store);
        }
    }

    @Test
    void shouldTellItWhenAStoreIsOpenedToBeWritten() {
        fill();
        try (EngineStore store = EngineStore.open(files, directory, SEGMENT_LENGTH)) {
            awaitAdvice(store);
        }
    }

    private final class Listening extends ForwardingFiles.Mapping {
        private final String name;

        Listening(final MappedFile inner, final String name) {
            super(inner);
            this.name = name;
        }

        @Override
        public void advise(final int offset, final int length, final Advice advice) {
            super.advise(offset, length, advice);
            if (advice == Advice.RANDOM && offset == 0 && length == length()) {
                told.add(name);
            }
        }
    }
}
