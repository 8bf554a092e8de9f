package org.mapcask.support;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.engine.BatchEntries;
import org.mapcask.engine.Condition;
import org.mapcask.engine.Engine;
import org.mapcask.engine.EngineSettings;
import org.mapcask.engine.EngineStats;
import org.mapcask.engine.ReadContext;
import org.mapcask.engine.WalMaker;
import org.mapcask.io.FileOps;
import org.mapcask.keydir.DirectChunkAllocator;
import org.mapcask.keydir.Keydir;
import org.mapcask.keydir.KeydirSpread;
import org.mapcask.recovery.Recovery;
import org.mapcask.recovery.RecoveryReport;
import org.mapcask.recovery.RecoverySettings;
import org.mapcask.recovery.Verifier;
import org.mapcask.recovery.VerifyReport;
import org.mapcask.segment.Log;
import org.mapcask.segment.Segment;
import org.mapcask.sync.SyncPolicy;
import org.mapcask.wal.Wal;
import org.mapcask.wal.WalSettings;

/**
 * Recovery and engine put together over any file operations, without a lock: a store as the façade makes it, for tests
 * that bring their own file system. Keys and values are Latin-1 text, one byte a character.
 */
public final class EngineStore implements AutoCloseable {
    private final Engine engine;
    private final Keydir keydir;
    private final RecoveryReport report;

    private EngineStore(final Engine engine, final Keydir keydir, final RecoveryReport report) {
        this.engine = engine;
        this.keydir = keydir;
        this.report = report;
    }

    /** Opens for writing; no page faults are taken in the background. */
    public static EngineStore open(final FileOps files, final Path directory, final int segmentLength) {
        return open(settings(files, directory, true, false), segmentLength);
    }

    /** Opens for reading only. */
    public static EngineStore openReadOnly(final FileOps files, final Path directory, final boolean salvage) {
        return open(settings(files, directory, false, salvage), 1 << 13);
    }

    /** Opens with any settings. */
    public static EngineStore open(final RecoverySettings settings, final int segmentLength) {
        return open(settings, segmentLength, SyncPolicy.NONE, true, 0);
    }

    /**
     * Opens with any settings, without threads: the background work is done by {@link #housekeep()}.
     *
     * @param walLength of the write-ahead log, or 0 to do without.
     */
    public static EngineStore openWithoutThreads(
        final RecoverySettings settings, final int segmentLength, final SyncPolicy policy, final int walLength) {
        return open(settings, segmentLength, policy, false, walLength);
    }

    private static EngineStore open(
        final RecoverySettings settings, final int segmentLength, final SyncPolicy policy, final boolean inBackground,
        final int walLength) {
        try (Recovery recovery = new Recovery(settings)) {
            final Log log = recovery.run();
            final WalMaker walMaker = walLength == 0 ? null : (segments, latch) -> new Wal(new WalSettings(
                settings.files(), settings.directory(), log.identity().idHigh(), log.identity().idLow(), walLength,
                latch), segments);
            final boolean writable = settings.writable() && recovery.report().damages().isEmpty();
            final EngineSettings engineSettings = new EngineSettings(segmentLength, true, 0, settings.mapSealed(),
                settings.mappedSegmentsMax(), policy, writable, "test", false, 0, System::currentTimeMillis,
                settings.checkpoints() ? 1 : 0, 0, settings.checkpoints() ? 1 : 0, true);
            final Engine engine = new Engine(engineSettings, log, recovery.keydir(), recovery.report().bytes(),
                inBackground, walMaker, recovery.checkpoints(), recovery.report().bytes());
            recovery.handOver();
            return new EngineStore(engine, recovery.keydir(), recovery.report());
        }
    }

    /** Settings with everything mapped. */
    public static RecoverySettings settings(
        final FileOps files, final Path directory, final boolean writable, final boolean salvage) {
        return new RecoverySettings(
            files, directory, new DirectChunkAllocator(), writable, salvage, true, 1000, (phase, done, total) -> {
            });
    }

    /** Checks every byte. */
    public static VerifyReport verify(final FileOps files, final Path directory) {
        return Verifier.verify(settings(files, directory, false, true));
    }

    /** What opening found. */
    public RecoveryReport report() {
        return report;
    }

    /** Puts a value. */
    public void put(final String key, final String value) {
        write(Condition.NONE, key, bytes(value));
    }

    /** Removes a key; whether it was there. */
    public boolean delete(final String key) {
        return write(Condition.PRESENT, key, null);
    }

    /** Writes a batch: keys with their values, null for a delete. */
    public void writeBatch(final Map<String, String> entries) {
        final BatchEntries batch = new BatchEntries();
        entries.forEach((key, value) -> {
            final DirectBuffer valueBytes = value == null ? null : bytes(value);
            batch.add(bytes(key), 0, key.length(), valueBytes, 0, value == null ? 0 : value.length());
        });
        final ReadContext context = engine.enter();
        try {
            engine.write(context, batch);
        } finally {
            context.exit();
        }
    }

    private boolean write(final Condition condition, final String key, final DirectBuffer value) {
        final DirectBuffer keyBytes = bytes(key);
        final ReadContext context = engine.enter();
        try {
            return engine.write(context, condition, keyBytes, 0, keyBytes.capacity(), value, 0,
                value == null ? 0 : value.capacity(), null, 0, 0);
        } finally {
            context.exit();
        }
    }

    /** The value of a key, or null. */
    public String get(final String key) {
        final DirectBuffer keyBytes = bytes(key);
        final ReadContext context = engine.enter();
        try {
            if (!engine.locate(context, keyBytes, 0, keyBytes.capacity())) {
                return null;
            }
            final byte[] value = new byte[context.reader().valueLength()];
            context.reader().copyValue(new UnsafeBuffer(value), 0);
            return new String(value, StandardCharsets.ISO_8859_1);
        } finally {
            context.exit();
        }
    }

    /** Every key with its value. */
    public Map<String, String> contents() {
        final Map<String, String> contents = new TreeMap<>();
        engine.forEach((record, reader) -> {
            final String key = text(record, reader.keyOffset(), reader.keyLength());
            if (contents.put(key, text(record, reader.valueOffset(), reader.valueLength())) != null) {
                throw new AssertionError("key came twice: " + key);
            }
        });
        return contents;
    }

    /** Has the keydir divide into so many pages, as if it had more keys; for a store without threads. */
    public void spread(final int pages) {
        KeydirSpread.over(keydir, pages);
    }

    /** Makes everything durable. */
    public void sync() {
        engine.sync();
    }

    /** A round of the background work of a store without threads. */
    public void housekeep() {
        engine.housekeep();
    }

    /** Goes away without a trace but the memory, as a killed process does; for a store without threads. */
    public void abandon() {
        keydir.close();
    }

    /** Segments of the log. */
    public List<Segment> segments() {
        return engine.segments();
    }

    /** Figures. */
    public EngineStats stats() {
        return engine.stats();
    }

    @Override
    public void close() {
        engine.close();
    }

    private static DirectBuffer bytes(final String text) {
        return new UnsafeBuffer(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String text(final DirectBuffer buffer, final int offset, final int length) {
        final byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
