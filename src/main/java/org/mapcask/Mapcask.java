package org.mapcask;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.mapcask.engine.Condition;
import org.mapcask.engine.Engine;
import org.mapcask.errors.MapcaskException;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.merge.CompactResult;
import org.mapcask.recovery.ProgressListener;
import org.mapcask.recovery.RecoveryReport;
import org.mapcask.recovery.VerifyReport;

/**
 * A key-value store in one directory, embedded in this process.
 * <pre>
 *   try (Mapcask store = Mapcask.open(Path.of("words"))) {
 *       store.put("hello", "world");
 *       String value = store.get("hello");
 *   }
 * </pre>
 * Keys have 1 byte to 64 KiB, values 0 bytes to 1 GiB. Each operation comes for strings (UTF-8), byte arrays, {@link
 * ByteBuffer} (from position to limit, which do not move but where said) and Agrona buffers: these allocate nothing.
 *
 * <h2>Threads</h2>
 * Any number of threads. Readers take no lock, and wait only while a {@link Batch} changes its keydir entries; writers
 * take turns. A call that begins after another has returned sees what that did.
 *
 * <h2>Guarantees</h2>
 * When a write returns it is <em>visible</em>. When it is <em>durable</em> depends on the options; {@link
 * org.mapcask.sync.SyncPolicy} has the table of what may be lost. By default a background thread sees to it after 1 MiB
 * or one second; {@link #sync()}, {@link #close()} and calls with {@link Durability#SYNC} wait until everything before
 * them is. What is recovered is always a prefix of what was written. Damage is a {@link
 * org.mapcask.errors.CorruptionException}, never a wrong value and never a miss.
 *
 * <h2>Expiry</h2>
 * A value may have an expiry: from then on, by {@link MapcaskOptions#clock()}, its key is absent to all but {@link
 * #size()}, until a merge takes it for good; before, it comes back if the clock is set back. Each write sets it anew.
 *
 * <h2>Errors</h2>
 * All are {@link MapcaskException}s, in package {@link org.mapcask.errors}. While the file system is full, reads go on,
 * and writes once there is room; after a failed sync only reads do, until the store is opened again.
 */
public final class Mapcask implements AutoCloseable {
    /** The answer of the calls that return a length, when there is no such key. */
    public static final int NOT_FOUND = Engine.NOT_FOUND;
    /** The expiry of a value that has none. */
    public static final long NEVER = RecordDescriptor.EXPIRY_NEVER;

    private final StoreOpener.Opened opened;
    private final Calls calls;

    private Mapcask(final StoreOpener.Opened opened) {
        this.opened = opened;
        this.calls = new Calls(opened.engine());
    }

    /** Opens or makes the store in a directory, with {@link MapcaskOptions#fromSystemProperties()}. */
    public static Mapcask open(final Path directory) {
        return open(directory, MapcaskOptions.fromSystemProperties());
    }

    /**
     * Opens or makes the store in a directory.
     *
     * @throws org.mapcask.errors.StoreLockedException   when it is open already, here or in another process.
     * @throws org.mapcask.errors.CorruptionException    when it is damaged, unless {@code salvageReadOnly} is set.
     * @throws org.mapcask.errors.ForeignFileException   when the directory holds something else, or is none.
     * @throws org.mapcask.errors.FormatVersionException when a later release wrote it.
     */
    public static Mapcask open(final Path directory, final MapcaskOptions options) {
        return new Mapcask(StoreOpener.open(directory, options));
    }

    /** Reads every byte of a store that nobody has open, changes nothing; damage is in the report, not an exception. */
    public static VerifyReport verify(final Path directory, final ProgressListener progress) {
        return StoreOpener.verify(directory, progress);
    }

    /** Copies all that is sound of a store that nobody has open into a new one, see {@link RecoverReport}. */
    public static RecoverReport recover(final Path directory, final Path destination, final ProgressListener progress) {
        return StoreSalvage.recover(directory, destination, progress);
    }

    /** Puts a value under a key, in place of any other. */
    public void put(final String key, final String value) {
        put(key, value, Durability.POLICY);
    }

    /** Puts a value under a key, in place of any other. */
    public void put(final byte[] key, final byte[] value) {
        put(key, value, Durability.POLICY);
    }

    /** Puts a value under a key, in place of any other. */
    public void put(final ByteBuffer key, final ByteBuffer value) {
        put(key, value, Durability.POLICY);
    }

    /** Puts a value under a key, in place of any other. Allocates nothing. */
    public void put(
        final DirectBuffer key, final int keyOffset, final int keyLength,
        final DirectBuffer value, final int valueOffset, final int valueLength) {
        put(key, keyOffset, keyLength, value, valueOffset, valueLength, Durability.POLICY);
    }

    /** Puts a value under a key, in place of any other; with {@link Durability#SYNC} it is durable then. */
    public void put(final String key, final String value, final Durability durability) {
        put(Arguments.utf8("key", key), Arguments.utf8("value", value), durability);
    }

    /** As {@link #put(String, String, Durability)}. */
    public void put(final byte[] key, final byte[] value, final Durability durability) {
        calls.write(Condition.NONE, key, value, null, durability);
    }

    /** As {@link #put(String, String, Durability)}. */
    public void put(final ByteBuffer key, final ByteBuffer value, final Durability durability) {
        calls.write(Condition.NONE, key, value, null, durability);
    }

    /** As {@link #put(String, String, Durability)}. */
    public void put(
        final DirectBuffer key, final int keyOffset, final int keyLength,
        final DirectBuffer value, final int valueOffset, final int valueLength, final Durability durability) {
        calls.write(Condition.NONE, key, keyOffset, keyLength, value, valueOffset, valueLength, durability);
    }

    /** Puts a value that expires after a time, rounded up to milliseconds; see <em>Expiry</em> above. */
    public void put(final String key, final String value, final Duration timeToLive) {
        put(Arguments.utf8("key", key), Arguments.utf8("value", value), timeToLive);
    }

    /** As {@link #put(String, String, Duration)}. */
    public void put(final byte[] key, final byte[] value, final Duration timeToLive) {
        calls.put(key, value, timeToLive);
    }

    /** As {@link #put(String, String, Duration)}. */
    public void put(final ByteBuffer key, final ByteBuffer value, final Duration timeToLive) {
        calls.put(key, value, timeToLive);
    }

    /** Puts a value that expires at a time, in milliseconds since 1970, or {@link #NEVER}. Allocates nothing. */
    public void put(
        final DirectBuffer key, final int keyOffset, final int keyLength,
        final DirectBuffer value, final int valueOffset, final int valueLength, final long expiresAtMs) {
        calls.put(key, keyOffset, keyLength, value, valueOffset, valueLength, expiresAtMs);
    }

    /** The conditional writes that follow, of values that expire after a time. */
    public TimedWrites expiringAfter(final Duration timeToLive) {
        return new TimedWrites(calls, timeToLive);
    }

    /** Puts a value under a key that has none; false, and nothing happened, if it has one. */
    public boolean putIfAbsent(final String key, final String value) {
        return putIfAbsent(Arguments.utf8("key", key), Arguments.utf8("value", value));
    }

    /** Puts a value under a key that has none; false, and nothing happened, if it has one. */
    public boolean putIfAbsent(final byte[] key, final byte[] value) {
        return calls.write(Condition.ABSENT, key, value, null, Durability.POLICY);
    }

    /** Puts a value under a key that has none; false, and nothing happened, if it has one. */
    public boolean putIfAbsent(final ByteBuffer key, final ByteBuffer value) {
        return calls.write(Condition.ABSENT, key, value, null, Durability.POLICY);
    }

    /** Puts a value under a key that has none; false, and nothing happened, if it has one. Allocates nothing. */
    public boolean putIfAbsent(
        final DirectBuffer key, final int keyOffset, final int keyLength,
        final DirectBuffer value, final int valueOffset, final int valueLength) {
        return calls.write(Condition.ABSENT, key, keyOffset, keyLength, value, valueOffset, valueLength);
    }

    /** Puts a value under a key that has one; false, and nothing happened, if it has none. */
    public boolean replace(final String key, final String value) {
        return replace(Arguments.utf8("key", key), Arguments.utf8("value", value));
    }

    /** Puts a value under a key that has one; false, and nothing happened, if it has none. */
    public boolean replace(final byte[] key, final byte[] value) {
        return calls.write(Condition.PRESENT, key, value, null, Durability.POLICY);
    }

    /** Puts a value under a key that has one; false, and nothing happened, if it has none. */
    public boolean replace(final ByteBuffer key, final ByteBuffer value) {
        return calls.write(Condition.PRESENT, key, value, null, Durability.POLICY);
    }

    /** Puts a value under a key that has one; false, and nothing happened, if it has none. Allocates nothing. */
    public boolean replace(
        final DirectBuffer key, final int keyOffset, final int keyLength,
        final DirectBuffer value, final int valueOffset, final int valueLength) {
        return calls.write(Condition.PRESENT, key, keyOffset, keyLength, value, valueOffset, valueLength);
    }

    /** Puts a value under a key that has exactly the expected one; false, and nothing happened, if not. */
    public boolean compareAndSet(final String key, final String expected, final String update) {
        return compareAndSet(
            Arguments.utf8("key", key), Arguments.utf8("expected value", expected), Arguments.utf8("value", update));
    }

    /** Puts a value under a key that has exactly the expected one; false, and nothing happened, if not. */
    public boolean compareAndSet(final byte[] key, final byte[] expected, final byte[] update) {
        return calls.compareAndSet(key, expected, update);
    }

    /** Puts a value under a key that has exactly the expected one; false, and nothing happened, if not. */
    public boolean compareAndSet(final ByteBuffer key, final ByteBuffer expected, final ByteBuffer update) {
        return calls.compareAndSet(key, expected, update);
    }

    /** As {@link #compareAndSet(byte[], byte[], byte[])}. Allocates nothing. */
    public boolean compareAndSet(
        final DirectBuffer key, final int keyOffset, final int keyLength,
        final DirectBuffer expected, final int expectedOffset, final int expectedLength,
        final DirectBuffer update, final int updateOffset, final int updateLength) {
        return calls.compareAndSet(key, keyOffset, keyLength, expected, expectedOffset, expectedLength, update,
            updateOffset, updateLength);
    }

    /** Removes a key; false if it was not there. */
    public boolean delete(final String key) {
        return delete(key, Durability.POLICY);
    }

    /** Removes a key; false if it was not there. */
    public boolean delete(final byte[] key) {
        return delete(key, Durability.POLICY);
    }

    /** Removes a key; false if it was not there. */
    public boolean delete(final ByteBuffer key) {
        return delete(key, Durability.POLICY);
    }

    /** Removes a key; false if it was not there. Allocates nothing. */
    public boolean delete(final DirectBuffer key, final int keyOffset, final int keyLength) {
        return delete(key, keyOffset, keyLength, Durability.POLICY);
    }

    /** Removes a key; false if it was not there; with {@link Durability#SYNC} that it is not is durable then. */
    public boolean delete(final String key, final Durability durability) {
        return delete(Arguments.utf8("key", key), durability);
    }

    /** As {@link #delete(String, Durability)}. */
    public boolean delete(final byte[] key, final Durability durability) {
        return calls.remove(key, durability);
    }

    /** As {@link #delete(String, Durability)}. */
    public boolean delete(final ByteBuffer key, final Durability durability) {
        return calls.remove(key, durability);
    }

    /** As {@link #delete(String, Durability)}. */
    public boolean delete(
        final DirectBuffer key, final int keyOffset, final int keyLength, final Durability durability) {
        return calls.remove(key, keyOffset, keyLength, durability);
    }

    /**
     * Writes a batch: all of it is visible from one moment on, and all or nothing of it is recovered. The batch stays
     * as it is, and can be written again, cleared and filled anew; while it does not grow, nothing is allocated. An
     * empty one does nothing, and a delete of a key that is not there by then does nothing.
     *
     * @throws org.mapcask.errors.InvalidArgumentException when an entry is longer than a segment of this store.
     * @throws org.mapcask.errors.StorageSpaceException    when there is no room for all of it; nothing was written.
     */
    public void write(final Batch batch) {
        write(batch, Durability.POLICY);
    }

    /** As {@link #write(Batch)}; with {@link Durability#SYNC} it is durable then. */
    public void write(final Batch batch, final Durability durability) {
        calls.write(batch, durability);
    }

    /** The value of a key, or null. */
    public String get(final String key) {
        return calls.get(key);
    }

    /** The value of a key in a new array, or null. */
    public byte[] get(final byte[] key) {
        return calls.get(key);
    }

    /**
     * Copies the value of a key to the position of a buffer, and moves the position behind it.
     *
     * @return its length, or {@link #NOT_FOUND}; when it is longer than what remains in the buffer, nothing was
     *         copied or moved.
     */
    public int get(final ByteBuffer key, final ByteBuffer destination) {
        return calls.get(key, destination);
    }

    /** As {@link #get(ByteBuffer, ByteBuffer)}, into a part of a buffer. Allocates nothing. */
    public int get(
        final DirectBuffer key, final int keyOffset, final int keyLength,
        final MutableDirectBuffer destination, final int destinationOffset, final int destinationLength) {
        return calls.get(key, keyOffset, keyLength, destination, destinationOffset, destinationLength);
    }

    /** Whether a key has a value. The value is not read. */
    public boolean contains(final String key) {
        return contains(Arguments.utf8("key", key));
    }

    /** Whether a key has a value. The value is not read. */
    public boolean contains(final byte[] key) {
        return calls.contains(key);
    }

    /** Whether a key has a value. The value is not read. */
    public boolean contains(final ByteBuffer key) {
        return calls.contains(key);
    }

    /** Whether a key has a value. The value is not read. Allocates nothing. */
    public boolean contains(final DirectBuffer key, final int keyOffset, final int keyLength) {
        return valueLength(key, keyOffset, keyLength) != NOT_FOUND;
    }

    /** Length of the value of a key in bytes, or {@link #NOT_FOUND}. The value is not read. */
    public int valueLength(final String key) {
        return valueLength(Arguments.utf8("key", key));
    }

    /** Length of the value of a key in bytes, or {@link #NOT_FOUND}. The value is not read. */
    public int valueLength(final byte[] key) {
        return calls.locate(key, (context, view) -> calls.valueLength(context, view, 0, view.capacity()));
    }

    /** Length of the value of a key in bytes, or {@link #NOT_FOUND}. The value is not read. */
    public int valueLength(final ByteBuffer key) {
        return calls.locate(key, (context, view) -> calls.valueLength(context, view, 0, view.capacity()));
    }

    /** Length of the value of a key in bytes, or {@link #NOT_FOUND}. The value is not read. Allocates nothing. */
    public int valueLength(final DirectBuffer key, final int keyOffset, final int keyLength) {
        return calls.valueLength(key, keyOffset, keyLength);
    }

    /** When the value of a key expires, in milliseconds since 1970; {@link #NEVER}, or {@link #NOT_FOUND}. */
    public long expiresAt(final String key) {
        return expiresAt(Arguments.utf8("key", key));
    }

    /** As {@link #expiresAt(String)}. */
    public long expiresAt(final byte[] key) {
        return calls.locate(key, (context, view) -> calls.expiresAt(context, view, 0, view.capacity()));
    }

    /** As {@link #expiresAt(String)}. */
    public long expiresAt(final ByteBuffer key) {
        return calls.locate(key, (context, view) -> calls.expiresAt(context, view, 0, view.capacity()));
    }

    /** As {@link #expiresAt(String)}. Allocates nothing. */
    public long expiresAt(final DirectBuffer key, final int keyOffset, final int keyLength) {
        return calls.expiresAt(key, keyOffset, keyLength);
    }

    /** The time at which a time to live that begins now is over, for the calls that take such a time. */
    public long expiryIn(final Duration timeToLive) {
        return calls.expiryIn(timeToLive);
    }

    /** Number of keys with a value, those included that have expired and were not written or deleted since. */
    public long size() {
        return engine().size();
    }

    /**
     * Visits every key with its value, in no order. One that is there during the whole call comes exactly once, with a
     * value that it had meanwhile; one that comes or goes, once or not. The consumer may call this store, or close it.
     */
    public void forEach(final RecordConsumer consumer) {
        calls.forEach(consumer);
    }

    /** Makes everything durable that was written before the call. */
    public void sync() {
        engine().sync();
    }

    /** Merges until there is no dead space left that can be given back, and waits for that. */
    public CompactResult compact() {
        return opened.merging().compact();
    }

    /** As {@link #compact()}, but does not wait: the future ends with what was done, or with an error. */
    public CompletableFuture<CompactResult> compactAsync() {
        return opened.merging().compactAsync();
    }

    /** Makes a store in an empty or new directory that equals this one as it is now; see {@link BackupReport}. */
    public BackupReport backup(final Path destination) {
        return backup(destination, StoreBackup.SILENT);
    }

    /** As {@link #backup(Path)}, and tells how far it is. */
    public BackupReport backup(final Path destination, final ProgressListener progress) {
        return StoreBackup.make(opened, destination, progress);
    }

    /** How dead space is given back in the background: to pause it, or to watch it. */
    public Merging merging() {
        return opened.merging();
    }

    /** Figures of the store at this moment. */
    public MapcaskStats stats() {
        return MapcaskStats.of(opened, engine().stats(), engine().segments(), engine()::nowMs);
    }

    /** What opening this store found and did. */
    public RecoveryReport recoveryReport() {
        return opened.report();
    }

    /** The running store, for tests. */
    Engine engine() {
        return opened.engine();
    }

    /** The directory as it was given. */
    public Path directory() {
        return opened.directory();
    }

    /**
     * Closes the store: calls under way end first, later ones get a {@link org.mapcask.errors.StoreClosedException};
     * then everything is made durable. Idempotent. When the last sync fails, it throws, and is closed all the same.
     */
    @Override
    public void close() {
        opened.close();
    }
}
