package org.mapcask.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mapcask.errors.MapcaskException;
import org.mapcask.errors.StoreFailedException;
import org.mapcask.errors.StoreIoException;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.nativeaccess.FileStamp;
import org.mapcask.io.MappedFile;
import org.mapcask.io.StoreFile;
import org.mapcask.keydir.DirectChunkAllocator;
import org.mapcask.segment.Segment;
import org.mapcask.segment.SegmentFileNames;
import org.mapcask.segment.SegmentHeader;
import org.mapcask.support.EngineStore;
import org.mapcask.support.ForwardingFiles;
import org.mapcask.support.MemoryFileOps;
import org.mapcask.sync.SyncPolicy;

/** Which headers an open after a kill writes again and syncs: those of the last seals behind the checkpoint. */
@Tag("core")
class ConfirmedSealsTest {
    private static final Path DIRECTORY = Path.of("store");
    private static final int SEGMENT_LENGTH = 1 << 14;
    private static final String VALUE = "v".repeat(200);

    private final MemoryFileOps memory = new MemoryFileOps();
    private final Set<String> rewritten = new TreeSet<>();
    private final Set<String> synced = new TreeSet<>();
    private final Set<String> syncedAsItWas = new TreeSet<>();
    private final Map<String, FileStamp> lies = new HashMap<>();
    private boolean failing;
    private final ForwardingFiles files = new ForwardingFiles(memory) {
        @Override
        public StoreFile create(final Path path) {
            return new File(super.create(path)) {
                @Override
                public MappedFile map(final int length, final boolean writable) {
                    return new Mapping(super.map(length, writable)) {
                        @Override
                        public void sync(final int offset, final int length) {
                            if (failing) {
                                throw new StoreIoException("no sync of the seal of " + path.getFileName());
                            }
                            super.sync(offset, length);
                        }
                    };
                }
            };
        }

        @Override
        public StoreFile open(final Path path, final boolean writable) {
            final String name = path.getFileName().toString();
            return !SegmentFileNames.isSegment(name) ? super.open(path, writable) :
                new File(super.open(path, writable)) {
                    @Override
                    public void write(final long fileOffset, final ByteBuffer directBuffer) {
                        if (fileOffset == 0) {
                            rewritten.add(name);
                        }
                        super.write(fileOffset, directBuffer);
                    }

                    @Override
                    public void sync() {
                        (rewritten.contains(name) ? synced : syncedAsItWas).add(name);
                        super.sync();
                    }
                };
        }

        @Override
        public FileStamp stamp(final Path path) {
            final FileStamp lie = lies.get(path.getFileName().toString());
            return lie != null ? lie : super.stamp(path);
        }
    };
    private int keys;

    private EngineStore open() {
        rewritten.clear();
        synced.clear();
        syncedAsItWas.clear();
        return EngineStore.openWithoutThreads(new RecoverySettings(files, DIRECTORY, new DirectChunkAllocator(), true,
            false, false, false, 1000, (phase, done, total) -> {
            }, System::currentTimeMillis, true, 1 << 20), SEGMENT_LENGTH, SyncPolicy.NONE, 0);
    }

    @BeforeEach
    void fillAndMakeACheckpoint() {
        try (EngineStore store = open()) {
            store.spread(5);
            fill(store, 12);
            store.housekeep();
        }
    }

    /** Writes until so many more segments are there. */
    private void fill(final EngineStore store, final int more) {
        final int wanted = segments().size() + more;
        while (segments().size() < wanted) {
            store.put("key" + keys, VALUE + keys);
            keys++;
        }
    }

    private List<String> segments() {
        return memory.list(DIRECTORY).stream().filter(SegmentFileNames::isSegment).toList();
    }

    /** Opens the store, fills some segments, has the log durable, makes no checkpoint, and is killed. */
    private void fillAndBeKilled(final int more) {
        final EngineStore store = open();
        fill(store, more);
        store.sync();
        store.abandon();
    }

    private List<String> sealed() {
        final List<String> sealed = new ArrayList<>();
        for (final String name : segments()) {
            try (StoreFile file = memory.open(DIRECTORY.resolve(name), false)) {
                if (SegmentHeader.read(file).seal() != null) {
                    sealed.add(name);
                }
            }
        }
        return sealed;
    }

    /** Opens a store that was killed, which writes these seals again and syncs them, and is killed at once. */
    private void openAfterKill(final List<String> seals, final boolean isFromCheckpoint) {
        final List<String> all = sealed();
        final EngineStore store = open();
        assertFalse(store.report().clean());
        assertEquals(isFromCheckpoint, store.report().checkpoint() >= 0, store.report().toString());
        rewritten.retainAll(all);
        assertEquals(seals, List.copyOf(rewritten), "written again");
        assertEquals(seals, List.copyOf(synced), "synced after that");
        assertEquals(Set.of(), syncedAsItWas);
        for (int i = 0; i < keys; i++) {
            assertEquals(VALUE + i, store.get("key" + i));
        }
        store.abandon();
    }

    private static List<String> last(final int count, final List<String> names) {
        return names.subList(names.size() - count, names.size());
    }

    @Test
    void shouldLeaveTheSealsBeforeTheCheckpointAsTheyAre() {
        fillAndBeKilled(0);
        assertTrue(sealed().size() > Segment.SEALED_TOGETHER_MAX, sealed().toString());
        openAfterKill(List.of(), true);
        openAfterKill(List.of(), true);
    }

    /** A sync of one of them may have failed, or never begun. */
    @Test
    void shouldWriteTheSealsAgainThatWereStoredBehindTheCheckpoint() {
        final int known = sealed().size();
        fillAndBeKilled(3);
        final List<String> later = last(sealed().size() - known, sealed());
        assertTrue(later.size() >= 2 && later.size() <= 4, later.toString());
        openAfterKill(later, true);
        openAfterKill(later, true);
    }

    @Test
    void shouldWriteNoMoreOfThemThanMayHaveBeenUnderWay() {
        fillAndBeKilled(Segment.SEALED_TOGETHER_MAX + 4);
        openAfterKill(last(Segment.SEALED_TOGETHER_MAX, sealed()), true);
    }

    /** As after each checkpoint that is made while segments are sealed: their files changed just before. */
    @Test
    void shouldLeaveTheSealsBeforeTheCheckpointAsTheyAreAlsoWhereItKeptNoHeaders() {
        for (final String name : segments()) {
            final FileStamp now = memory.stamp(Path.of(name));
            lies.put(name, new FileStamp(now.length(), now.modifiedNs() + 1, now.fileNumber()));
        }
        fillAndBeKilled(0);
        openAfterKill(List.of(), true);
    }

    /** A sector that recovery mends is durable when the log is closed: else it would be damage in a clean store. */
    @Test
    void shouldWriteAHeaderAgainThatHasAnOddSector() {
        fillAndBeKilled(0);
        final String odd = last(3, sealed()).get(0);
        final byte[] bytes = memory.bytes(odd);
        Arrays.fill(bytes, HeaderDescriptor.watermarkOffset(1), HeaderDescriptor.watermarkOffset(1) + 300, (byte)0);
        openAfterKill(List.of(odd), true);
        openAfterKill(List.of(), true);
    }

    @Test
    void shouldWriteTheLastSealsAgainWhenTheCheckpointIsNotUsed() {
        fillAndBeKilled(0);
        memory.list(DIRECTORY).stream().filter(name -> name.endsWith(".pages")).toList().forEach(memory::remove);
        openAfterKill(last(Segment.SEALED_TOGETHER_MAX, sealed()), false);
    }

    /**
     * They look sealed to whoever reads them in the page cache, and a checkpoint that was written now would come behind
     * them.
     */
    @Test
    void shouldMakeNoCheckpointBehindASealWhoseSyncFailed() {
        final int known = sealed().size();
        final EngineStore store = open();
        fill(store, 2);
        failing = true;
        assertThrows(MapcaskException.class, store::sync);
        failing = false;
        final List<String> later = last(sealed().size() - known, sealed());
        assertFalse(later.isEmpty());
        assertThrows(StoreFailedException.class, store::housekeep);
        assertThrows(MapcaskException.class, store::close);
        openAfterKill(later, true);
    }
}
