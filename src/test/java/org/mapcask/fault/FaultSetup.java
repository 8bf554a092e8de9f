package org.mapcask.fault;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.mapcask.fault.FaultingFileOps.Operation;
import org.mapcask.io.FileOps;
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
    EVERY_WRITE(new SyncPolicy(0, 0, true));

    private static final int SEGMENT_LENGTH = 8192;

    private final SyncPolicy policy;

    FaultSetup(final SyncPolicy policy) {
        this.policy = policy;
    }

    boolean everyWrite() {
        return policy.everyWrite();
    }

    /** What a life of such a store is made of. */
    Set<Operation> operations() {
        return EnumSet.of(Operation.CREATE, Operation.ALLOCATE, Operation.WRITE, Operation.RENAME, Operation.DELETE,
            Operation.SYNC_FILE, Operation.SYNC_MAPPING, Operation.SYNC_DIRECTORY);
    }

    EngineStore open(final FileOps files, final Path directory) {
        final RecoverySettings settings = EngineStore.settings(files, directory, true, false);
        return EngineStore.openWithoutThreads(settings, SEGMENT_LENGTH, policy, null);
    }

    VerifyReport verify(final FileOps files, final Path directory) {
        return EngineStore.verify(files, directory);
    }
}
