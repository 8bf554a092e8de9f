package org.mapcask.bench.peers;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.mapcask.bench.WriterProgress;

/**
 * How long a store takes until it has answered a first get, after it was closed cleanly and after its process was
 * killed; what is in it then, and what memory that takes. Used by one thread.
 */
final class PeerOpenings {
    private static final double MEBIBYTE = 1 << 20;
    private static final int COLLECTIONS = 3;
    /** No version: the store has no value of the key. */
    private static final long ABSENT = -2;

    private final PeerFactory factory;
    private final PeerSteps.Settings settings;
    private final PeerOutput output;
    private final PeerSlot slot;

    PeerOpenings(
        final PeerFactory factory, final PeerSteps.Settings settings, final PeerOutput output) {
        this.factory = factory;
        this.settings = settings;
        this.output = output;
        slot = new PeerSlot(settings.valueLength(), factory.wantsDirectMemory());
    }

    /** Opens a store that was closed cleanly, twice, and reads all of it. */
    void openClean() throws Exception {
        final PeerSetup setup = setup(PeerSetup.Mode.FAST, false);
        final PeerKeys keys = new PeerKeys(settings.keys(), settings.valueLength()).ofAnyVersion();
        opened(PeerFigure.OPEN_FIRST, setup, keys).close();
        try (PeerStore store = opened(PeerFigure.OPEN_WARM, setup, keys)) {
            try (PeerStore.Session session = store.newSession()) {
                for (final int index : PeerSteps.sample(settings.keys(), settings.seed())) {
                    if (version(session, keys, index) == ABSENT) {
                        output.wrong(1);
                    }
                }
            }
            output.wrong(PeerScan.of(store, keys).wrong());
            memory();
        }
    }

    /**
     * Opens a store whose process was killed, and looks for the writes that it had acknowledged: all of those before
     * the kill, and some of those long before. A value that is older, or not there, is lost; one that was never put is
     * wrong.
     */
    void openKilled() throws Exception {
        final PeerKeys keys = new PeerKeys(settings.keys(), settings.valueLength()).ofAnyVersion();
        final int acknowledged;
        try (WriterProgress progress = new WriterProgress(settings.scratch().resolve(PeerProcess.PROGRESS), 1)) {
            acknowledged = (int) progress.acknowledged();
        }
        long lost = 0;
        long writes = acknowledged;
        try (PeerStore store = opened(PeerFigure.OPEN_KILLED, setup(PeerSetup.Mode.KILL, true), keys);
            PeerStore.Session session = store.newSession()) {
            for (int index = 0; index < acknowledged; index++) {
                lost += version(session, keys, index) == PeerSteps.KILL_VERSION + index ? 0 : 1;
            }
            final int[] sample = PeerSteps.sample(settings.keys(), settings.seed());
            for (final int index : Arrays.stream(sample).distinct().toArray()) {
                if (index >= acknowledged) {
                    writes++;
                    lost += version(session, keys, index) == ABSENT ? 1 : 0;
                }
            }
        }
        output.put(PeerFigure.LOST, lost);
        output.put(PeerFigure.KILLED_WRITES, writes);
    }

    private PeerSetup setup(final PeerSetup.Mode mode, final boolean afterKill) {
        return new PeerSetup(settings.keys(), settings.valueLength(), mode, afterKill);
    }

    private PeerStore opened(final PeerFigure figure, final PeerSetup setup, final PeerKeys keys) throws Exception {
        final long begin = System.nanoTime();
        final PeerStore store = factory.open(settings.store(), setup);
        try (PeerStore.Session session = store.newSession()) {
            final long version = version(session, keys, settings.keys() / 2);
            if (version == ABSENT && !setup.afterKill()) {
                output.wrong(1);
            }
        }
        output.put(figure, (System.nanoTime() - begin) / 1e6);
        return store;
    }

    /** Gets a key and counts a wrong answer; the version, or {@link #ABSENT}. */
    private long version(final PeerStore.Session session, final PeerKeys keys, final int index) throws Exception {
        slot.clear();
        keys.key(index, slot);
        final int length = session.get(slot);
        if (length < 0) {
            return ABSENT;
        }
        if (!keys.isRight(index, slot.answer(), 0, length)) {
            output.wrong(1);
            return VersionedValue.WRONG;
        }
        return VersionedValue.check(index, slot.answer(), 0, length);
    }

    private void memory() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        output.put(PeerFigure.HEAP,
            ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / MEBIBYTE);
        final long outside = AnonymousMemory.outsideOfHeap();
        if (outside >= 0) {
            output.put(PeerFigure.NATIVE, outside / MEBIBYTE);
        }
    }
}
