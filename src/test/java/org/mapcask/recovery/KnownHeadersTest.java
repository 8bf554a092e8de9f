package org.mapcask.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mapcask.errors.CorruptionException;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.nativeaccess.FileStamp;
import org.mapcask.io.StoreFile;
import org.mapcask.keydir.DirectChunkAllocator;
import org.mapcask.segment.SegmentFileNames;
import org.mapcask.support.EngineStore;
import org.mapcask.support.ForwardingFiles;
import org.mapcask.support.MemoryFileOps;
import org.mapcask.sync.SyncPolicy;

/** The headers that a checkpoint keeps, so that an open need not even open the files of sealed segments. */
@Tag("core")
class KnownHeadersTest {
    private static final Path DIRECTORY = Path.of("store");
    private static final int SEGMENT_LENGTH = 1 << 14;
    private static final int KEYS = 800;
    private static final String VALUE = "v".repeat(200);

    private final MemoryFileOps memory = new MemoryFileOps();
    private final List<String> opened = new ArrayList<>();
    private final Map<String, FileStamp> lies = new HashMap<>();
    private final Map<String, Long> readAt = new HashMap<>();
    private final ForwardingFiles files = new ForwardingFiles(memory) {
        @Override
        public StoreFile open(final Path path, final boolean writable) {
            if (SegmentFileNames.isSegment(path.getFileName().toString())) {
                opened.add(path.getFileName().toString());
            }
            final StoreFile file = super.open(path, writable);
            return (StoreFile)Proxy.newProxyInstance(StoreFile.class.getClassLoader(),
                new Class<?>[] {StoreFile.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("read")) {
                        readAt.merge(path.getFileName().toString(), (Long)arguments[0], Math::max);
                    }
                    return method.invoke(file, arguments);
                });
        }

        @Override
        public FileStamp stamp(final Path path) {
            final FileStamp lie = lies.get(path.getFileName().toString());
            return lie != null ? lie : super.stamp(path);
        }
    };

    private EngineStore open(final boolean mapSealed) {
        opened.clear();
        return EngineStore.openWithoutThreads(new RecoverySettings(files, DIRECTORY, new DirectChunkAllocator(), true,
            false, false, mapSealed, 1000, (phase, done, total) -> {
            }, System::currentTimeMillis, true, 1 << 20), SEGMENT_LENGTH, SyncPolicy.NONE, 0);
    }

    @BeforeEach
    void fill() {
        try (EngineStore store = open(false)) {
            store.spread(5);
            for (int i = 0; i < KEYS; i++) {
                store.put("key" + i, VALUE + i);
                store.housekeep();
            }
        }
    }

    private List<String> segments() {
        return memory.list(DIRECTORY).stream().filter(SegmentFileNames::isSegment).toList();
    }

    private void flip(final String name, final int offset) {
        final byte[] bytes = memory.bytes(name).clone();
        bytes[offset] ^= 0x10;
        memory.put(name, bytes);
    }

    @Test
    void shouldOpenNoSealedSegmentUntilSomethingIsReadInIt() {
        assertTrue(segments().size() > 10, segments().toString());
        try (EngineStore store = open(false)) {
            assertTrue(store.report().checkpoint() >= 0, store.report().toString());
            assertEquals(segments().size(), store.report().segments());
            assertTrue(opened.size() <= 2, opened.toString());
            for (int i = 0; i < KEYS; i++) {
                assertEquals(VALUE + i, store.get("key" + i));
            }
            assertEquals(segments().size(), opened.stream().distinct().count());
        }
        assertEquals(0, memory.openFiles());
    }

    /** Linux takes a read there for one of a whole file from its beginning, and reads 8 MiB of a hole ahead. */
    @Test
    void shouldReadNoRecordAndNothingBehindThemWhenTheLogWasClosed() {
        readAt.clear();
        try (EngineStore store = open(false)) {
            assertTrue(store.report().clean() && store.report().checkpoint() >= 0, store.report().toString());
            assertEquals(0, store.report().records());
            segments().forEach(name -> assertEquals(0, readAt.getOrDefault(name, 0L), name));
        }
    }

    @Test
    void shouldMapSealedSegmentsInTheBackground() {
        try (EngineStore store = open(true)) {
            assertEquals(1, store.stats().mappedSegments());
            assertEquals(VALUE + 1, store.get("key1"));
            store.housekeep();
            assertEquals(store.stats().segments(), store.stats().mappedSegments());
            for (int i = 0; i < KEYS; i++) {
                assertEquals(VALUE + i, store.get("key" + i));
            }
        }
        assertEquals(0, memory.liveMappings());
    }

    @Test
    void shouldReadTheHeaderOfAFileThatChangedSince() {
        final String changed = segments().get(3);
        flip(changed, HeaderDescriptor.IDENTITY_OFFSET + 9);
        final CorruptionException refused = assertThrows(CorruptionException.class, () -> open(false));
        assertEquals(changed, refused.file());
    }

    @Test
    void shouldReadTheLogWhenASealWasDamagedSince() {
        final String changed = segments().get(3);
        flip(changed, HeaderDescriptor.SEAL_OFFSET + 9);
        try (EngineStore store = open(false)) {
            assertEquals(-1, store.report().checkpoint(), store.report().toString());
            assertTrue(store.report().notes().toString().contains(changed), store.report().toString());
            assertEquals(VALUE + 9, store.get("key9"));
        }
    }

    @Test
    void shouldReadHeadersAgainWhenTheFilesWereCopiedAndKeepThemAtTheNextClose() {
        for (final String name : segments()) {
            final FileStamp now = memory.stamp(Path.of(name));
            lies.put(name, new FileStamp(now.length(), now.modifiedNs() + 1, now.fileNumber()));
        }
        try (EngineStore store = open(false)) {
            assertTrue(store.report().checkpoint() >= 0);
            assertTrue(opened.size() >= segments().size(), opened.toString());
        }
        final int count = segments().size();
        lies.keySet().remove(segments().get(count - 1));
        try (EngineStore store = open(false)) {
            assertTrue(opened.size() <= 2, opened.toString());
            assertEquals(VALUE + 7, store.get("key7"));
        }
    }

    @Test
    void shouldNotUseAnotherSegmentThatLooksLikeTheOneItKnows() {
        final String name = segments().get(3);
        lies.put(name, memory.stamp(Path.of(name)));
        memory.put(name, memory.bytes(segments().get(4)).clone());
        try (EngineStore store = open(false)) {
            int refused = 0;
            for (int i = 0; i < KEYS; i++) {
                try {
                    assertEquals(VALUE + i, store.get("key" + i));
                } catch (final CorruptionException ex) {
                    assertEquals(name, ex.file());
                    refused++;
                }
            }
            assertTrue(refused > 10, "refused " + refused);
            store.abandon();
        }
    }

    @Test
    void shouldTellWhereTheTimeOfAnOpenWent() {
        try (EngineStore store = open(false)) {
            assertEquals(List.of("headers", "checkpoint", "opening", "replay", "clearing", "writing"),
                List.copyOf(store.report().phases().keySet()));
            assertNotNull(store.report().asMap().get("phasesUs"));
            assertFalse(store.report().phases().containsValue(-1L));
        }
    }
}
