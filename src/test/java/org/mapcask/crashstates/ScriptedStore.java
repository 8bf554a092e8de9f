package org.mapcask.crashstates;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.EngineMerges;
import org.mapcask.engine.BatchEntries;
import org.mapcask.engine.Condition;
import org.mapcask.engine.Engine;
import org.mapcask.engine.EngineCheckpoints;
import org.mapcask.engine.EngineLocks;
import org.mapcask.engine.EngineSettings;
import org.mapcask.engine.ReadContext;
import org.mapcask.engine.WalMaker;
import org.mapcask.io.FileOps;
import org.mapcask.keydir.ChunkAllocator;
import org.mapcask.keydir.DirectChunkAllocator;
import org.mapcask.keydir.KeyHash;
import org.mapcask.keydir.Keydir;
import org.mapcask.keydir.KeydirCursor;
import org.mapcask.keydir.KeydirSpread;
import org.mapcask.keydir.KeydirWalk;
import org.mapcask.merge.MergeByHand;
import org.mapcask.recovery.Recovery;
import org.mapcask.recovery.RecoveryReport;
import org.mapcask.recovery.RecoverySettings;
import org.mapcask.recovery.Verifier;
import org.mapcask.recovery.VerifyReport;
import org.mapcask.segment.Log;
import org.mapcask.segment.RecordReader;
import org.mapcask.segment.Segment;
import org.mapcask.wal.Wal;
import org.mapcask.wal.WalSettings;

/** A store whose background work is done by call, over any file operations. Opening one is cheap. One thread. */
final class ScriptedStore {
    private static final Path DIRECTORY = Path.of("store");
    private static final int MAPPED_MAX = 1000;

    /** Memory for the keydir is used again: recovery is done a million times. */
    private static final class Pool implements ChunkAllocator {
        private static final int FIRST_CHUNK_LENGTH = 64 << 10;

        private final Map<Integer, Deque<UnsafeBuffer>> free = new HashMap<>();
        private final ChunkAllocator fresh = new DirectChunkAllocator();
        private int frames;

        /** So many pages fit into the first chunk of the next keydir. */
        Pool of(final int newFrames) {
            frames = newFrames;
            return this;
        }

        @Override
        public UnsafeBuffer allocate(final int length) {
            final int given = length == FIRST_CHUNK_LENGTH && frames > 0 ? frames * CrashFile.PAGE_LENGTH : length;
            final UnsafeBuffer chunk = free.computeIfAbsent(given, any -> new ArrayDeque<>()).poll();
            return chunk == null ? fresh.allocate(given) : chunk;
        }

        @Override
        public void free(final UnsafeBuffer chunk) {
            free.get(chunk.capacity()).push(chunk);
        }
    }

    private static final ThreadLocal<Pool> POOL = ThreadLocal.withInitial(Pool::new);

    private final Engine engine;
    private final Keydir keydir;
    private final long recoveredSequence;
    private final long openedFrom;

    private ScriptedStore(
        final Engine engine, final Keydir keydir, final long recoveredSequence, final long openedFrom) {
        this.engine = engine;
        this.keydir = keydir;
        this.recoveredSequence = recoveredSequence;
        this.openedFrom = openedFrom;
    }

    static ScriptedStore open(final FileOps files, final StoreMode mode, final Paging paging) {
        try (Recovery recovery = new Recovery(settings(files, true, mode.hasWal(), false, paging))) {
            final Log log = recovery.run();
            final long lastSequence = log.lastSequence();
            final WalMaker walMaker = mode.hasWal() ? (segments, latch) -> new Wal(
                new WalSettings(files, DIRECTORY, log.identity().idHigh(), log.identity().idLow(), mode.walLength(),
                    latch), segments) : null;
            final Engine engine = new Engine(
                new EngineSettings(Scripts.SEGMENT_LENGTH, true, 0, true, MAPPED_MAX, mode.policy(), true, "script",
                    false, 0, System::currentTimeMillis, paging.eager() ? 1 : 0, 0, paging.hasCheckpoints() ? 1 : 0,
                    true),
                log, recovery.keydir(), recovery.report().bytes(), false, walMaker, recovery.checkpoints(),
                recovery.report().bytes());
            recovery.handOver();
            if (paging.hasCheckpoints()) {
                KeydirSpread.over(recovery.keydir(), Paging.PAGES);
            }
            return new ScriptedStore(engine, recovery.keydir(), lastSequence, recovery.report().checkpoint());
        }
    }

    /**
     * What a recovery found.
     *
     * @param figures number of keys, and per segment what lives and what deletions take.
     */
    record Recovered(RecoveryReport report, long lastSequence, Map<String, byte[]> contents, List<String> figures) {
    }

    /**
     * Recovers for writing, reads every key, and goes away as a killed process does.
     *
     * @param wal whether the store would go on with its write-ahead log.
     */
    static Recovered recover(final FileOps files, final boolean wal, final Paging paging) {
        return recover(settings(files, true, wal, false, paging));
    }

    /** Recovers for reading, which changes nothing, and reads every key. */
    static Recovered look(final FileOps files, final Paging paging) {
        return recover(settings(files, false, false, false, paging));
    }

    private static Recovered recover(final RecoverySettings settings) {
        try (Recovery recovery = new Recovery(settings)) {
            final Log log = recovery.run();
            final Map<String, byte[]> contents = new HashMap<>();
            final RecordReader reader = new RecordReader(log.table(), true);
            if (settings.checkpoints()) {
                addFound(contents, reader, recovery.keydir(), log.identity().hashSeed());
                checkCursor(contents.keySet(), reader, recovery.keydir());
                return new Recovered(recovery.report(), log.lastSequence(), contents, figures(log, recovery.keydir()));
            }
            final KeydirCursor cursor = recovery.keydir().cursor();
            while (cursor.nextPage()) {
                for (int i = 0; i < cursor.count(); i++) {
                    reader.load(cursor.position(i));
                    add(contents, reader);
                }
            }
            return new Recovered(recovery.report(), log.lastSequence(), contents, figures(log, recovery.keydir()));
        }
    }

    private static List<String> figures(final Log log, final Keydir keydir) {
        final List<String> figures = new ArrayList<>(List.of(keydir.size() + " keys"));
        log.table().segments().stream().sorted(Comparator.comparing(Segment::id)).forEach(segment -> figures.add(
            segment.id() + ": " + segment.liveBytes() + " live, " + segment.tombstoneBytes() + " of deletions"));
        return figures;
    }

    /** Looks every key up that a script may have, as a reader does. */
    private static void addFound(
        final Map<String, byte[]> contents, final RecordReader reader, final Keydir keydir, final long hashSeed) {
        for (int i = 0; i < RandomScripts.KEYS; i++) {
            final UnsafeBuffer key = new UnsafeBuffer(("k" + i).getBytes(StandardCharsets.ISO_8859_1));
            final long hash = KeyHash.hash(key, 0, key.capacity(), hashSeed);
            final long position = keydir.find(hash, at -> reader.load(at, key, 0, key.capacity()));
            if (position != Keydir.NOT_FOUND) {
                reader.load(position);
                add(contents, reader);
            }
        }
    }

    /** After everything that waited was entered, the pages hold the same keys. */
    private static void checkCursor(final Set<String> found, final RecordReader reader, final Keydir keydir) {
        KeydirWalk.settleAll(keydir);
        final Map<String, byte[]> contents = new HashMap<>();
        final KeydirCursor cursor = keydir.cursor();
        while (cursor.nextPage()) {
            for (int i = 0; i < cursor.count(); i++) {
                reader.load(cursor.position(i));
                add(contents, reader);
            }
        }
        if (!contents.keySet().equals(found)) {
            throw new AssertionError("an iteration finds " + contents.keySet() + ", and gets find " + found);
        }
    }

    private static void add(final Map<String, byte[]> contents, final RecordReader reader) {
        final DirectBuffer record = reader.record();
        final byte[] key = new byte[reader.keyLength()];
        record.getBytes(reader.keyOffset(), key);
        final byte[] value = new byte[reader.valueLength()];
        record.getBytes(reader.valueOffset(), value);
        if (contents.put(new String(key, StandardCharsets.ISO_8859_1), value) != null) {
            throw new AssertionError("a key came twice");
        }
    }

    static VerifyReport verify(final FileOps files) {
        return Verifier.verify(settings(files, false, false, true, Paging.NONE));
    }

    private static RecoverySettings settings(
        final FileOps files, final boolean writable, final boolean wal, final boolean salvage, final Paging paging) {
        return new RecoverySettings(files, DIRECTORY, POOL.get().of(paging.frames()), writable, wal, salvage, true,
            MAPPED_MAX, (phase, done, total) -> {
            }, System::currentTimeMillis, paging.hasCheckpoints(), paging.budget());
    }

    /** The checkpoint that the open took the keydir from, or -1. */
    long openedFrom() {
        return openedFrom;
    }

    /** Number of the newest checkpoint, or -1. */
    long checkpoint() {
        return EngineCheckpoints.newest(engine);
    }

    /** Makes one. */
    void makeCheckpoint() {
        EngineCheckpoints.make(engine);
    }

    /** Whether the calling thread holds a lock that a write of another thread would wait for. */
    boolean holdsLock() {
        return EngineLocks.isAnyHeld(engine);
    }

    /** What merges empty from now on goes at once. */
    void forgetCheckpoint() {
        EngineCheckpoints.forget(engine);
    }

    /** Does something while an iteration stands at its first record, which keeps every segment that it may lead to. */
    void whileIterating(final Runnable work) {
        final boolean[] done = {false};
        engine.forEach((record, reader) -> {
            if (!done[0]) {
                done[0] = true;
                work.run();
            }
        });
    }

    /** Gets every key. */
    void check(final Map<String, byte[]> expected) {
        final ExpandableArrayBuffer value = new ExpandableArrayBuffer(1 << 15);
        final ReadContext context = engine.enter();
        try {
            for (int i = 0; i < RandomScripts.KEYS; i++) {
                final UnsafeBuffer key = new UnsafeBuffer(("k" + i).getBytes(StandardCharsets.ISO_8859_1));
                final int length = engine.get(context, key, 0, key.capacity(), value, 0, 1 << 15);
                final byte[] wanted = expected.get("k" + i);
                if (length != (wanted == null ? Engine.NOT_FOUND : wanted.length) ||
                    wanted != null && !new UnsafeBuffer(wanted).equals(new UnsafeBuffer(value, 0, length))) {
                    throw new AssertionError("a get of k" + i + " found " + length + " bytes where " +
                        (wanted == null ? "nothing" : wanted.length + " bytes") + " had been written");
                }
            }
        } finally {
            context.exit();
        }
    }

    /** The last record that the open found. */
    long recoveredSequence() {
        return recoveredSequence;
    }

    /** Puts, or removes when {@code value} is null; whether anything was written. */
    boolean write(final String key, final byte[] value) {
        return write(key, value, value == null ? 0 : value.length);
    }

    /** Puts a value of which a part is missing. */
    void writeAndFail(final String key, final int valueLength) {
        try {
            write(key, new byte[valueLength / 2], valueLength);
        } catch (final IndexOutOfBoundsException ex) {
            return;
        }
        throw new AssertionError("a write succeeded without a value");
    }

    private boolean write(final String key, final byte[] value, final int valueLength) {
        final DirectBuffer keyBytes = new UnsafeBuffer(key.getBytes(StandardCharsets.ISO_8859_1));
        final DirectBuffer valueBytes = value == null ? null : new UnsafeBuffer(value);
        final ReadContext context = engine.enter();
        try {
            return engine.write(context, value == null ? Condition.PRESENT : Condition.NONE, keyBytes, 0,
                keyBytes.capacity(), valueBytes, 0, valueLength, null, 0, 0);
        } finally {
            context.exit();
        }
    }

    /** Writes a batch. */
    void write(final List<History.Change> changes) {
        final BatchEntries batch = new BatchEntries();
        for (final History.Change change : changes) {
            final DirectBuffer key = new UnsafeBuffer(change.key().getBytes(StandardCharsets.ISO_8859_1));
            final DirectBuffer value = change.value() == null ? null : new UnsafeBuffer(change.value());
            batch.add(key, 0, key.capacity(), value, 0, value == null ? 0 : value.capacity());
        }
        final ReadContext context = engine.enter();
        try {
            engine.write(context, batch);
        } finally {
            context.exit();
        }
    }

    void sync() {
        engine.sync();
    }

    void housekeep() {
        engine.housekeep();
    }

    /** Seals what was rolled, and goes on in a new segment, so that all that is dead can be merged. */
    void prepareMerge() {
        engine.housekeep();
        engine.merging().rollActive();
    }

    /** Merges the segments that the bits of the choice stand for. */
    void merge(final int choice) {
        final MergeByHand merges = EngineMerges.of(engine, Scripts.SEGMENT_LENGTH);
        final List<Long> eligible = merges.eligible();
        final Set<Long> chosen = new HashSet<>();
        for (int i = 0; i < eligible.size(); i++) {
            if ((choice >>> i % Integer.SIZE & 1) != 0) {
                chosen.add(eligible.get(i));
            }
        }
        merges.merge(chosen);
        if (!merges.stats().damaged().isEmpty()) {
            throw new AssertionError("a merge did not go through: " + merges.stats());
        }
    }

    void close() {
        engine.close();
    }

    /** Goes away without a trace but the memory, as a killed process does. */
    void abandon() {
        keydir.close();
    }
}
