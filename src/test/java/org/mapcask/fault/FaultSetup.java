package org.mapcask.fault;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.mapcask.errors.MapcaskException;
import org.mapcask.fault.FaultingFileOps.Operation;
import org.mapcask.io.FileOps;
import org.mapcask.keydir.ChunkAllocator;
import org.mapcask.keydir.DirectChunkAllocator;
import org.mapcask.keydir.FewFrames;
import org.mapcask.recovery.RecoverySettings;
import org.mapcask.recovery.VerifyReport;
import org.mapcask.support.EngineStore;
import org.mapcask.sync.SyncPolicy;

/** The ways to make writes durable under which faults are injected. */
enum FaultSetup {
    /** Nothing but what is asked for. */
    NONE(SyncPolicy.NONE),
    /** After some bytes. */
    BYTES(new SyncPolicy(1_500, 0, false)),
    /** After some time, which has always passed. */
    INTERVAL(new SyncPolicy(0, 1, false)),
    /** Every write, by a sync of its segment. */
    EVERY_WRITE(new SyncPolicy(0, 0, true)),
    /** Every write, through a write-ahead log that comes round many times. */
    WAL(new SyncPolicy(0, 0, true)),
    /** Every write, with checkpoints in between, and a keydir that does not fit into its memory. */
    CHECKPOINTS(new SyncPolicy(0, 0, true));

    private static final int SEGMENT_LENGTH = 8192;
    private static final int WAL_LENGTH = 64 << 10;
    private static final int FRAMES = 4;
    private static final int PAGES = 6;
    private static final long KEYDIR_MEMORY = 107;

    private final SyncPolicy policy;

    FaultSetup(final SyncPolicy policy) {
        this.policy = policy;
    }

    boolean everyWrite() {
        return policy.everyWrite();
    }

    private boolean hasWal() {
        return this == WAL;
    }

    /** Whether each life has the same operations: not where keys fall into other pages each time. */
    boolean isRepeatable() {
        return this != CHECKPOINTS;
    }

    /** Whether the keydir does not fit into its memory, so that a write may have to wait for its file of pages. */
    boolean mayEvict() {
        return this == CHECKPOINTS;
    }

    /** What a life of such a store is made of. */
    Set<Operation> operations() {
        final Set<Operation> operations = EnumSet.copyOf(Operation.CHANGING);
        operations.remove(Operation.LINK); // only a backup makes links
        if (!hasWal()) {
            operations.removeAll(EnumSet.of(Operation.DURABLE_CREATE, Operation.DURABLE_WRITE));
        }
        return operations;
    }

    EngineStore open(final FileOps files, final Path directory) {
        return open(files, directory, SEGMENT_LENGTH);
    }

    EngineStore open(final FileOps files, final Path directory, final int segmentLength) {
        final boolean checkpoints = this == CHECKPOINTS;
        final ChunkAllocator memory = checkpoints ? new FewFrames(FRAMES) : new DirectChunkAllocator();
        final RecoverySettings settings = new RecoverySettings(files, directory, memory, true, hasWal(), false, true,
            1000, (phase, done, total) -> {
            }, System::currentTimeMillis, checkpoints, KEYDIR_MEMORY);
        final EngineStore store =
            EngineStore.openWithoutThreads(settings, segmentLength, policy, hasWal() ? WAL_LENGTH : 0);
        if (checkpoints) {
            try {
                store.spread(PAGES);
            } catch (final MapcaskException ignored) {
                // fewer pages then
            }
        }
        return store;
    }

    VerifyReport verify(final FileOps files, final Path directory) {
        return EngineStore.verify(files, directory);
    }
}
