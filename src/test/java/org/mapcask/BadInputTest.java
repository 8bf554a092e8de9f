package org.mapcask;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.errors.InvalidArgumentException;
import org.mapcask.errors.InvalidOptionsException;
import org.mapcask.errors.MapcaskException;
import org.mapcask.errors.ReadOnlyStoreException;
import org.mapcask.errors.StoreClosedException;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.support.OpenMappingsExtension;

/**
 * Arguments and options that no store takes: each is a particular exception that says what is wrong, what was expected,
 * what was found and what to do, and it leaves the store as it was. What is wrong with a directory is in {@code
 * BadDirectoryTest}.
 */
@Tag("core")
@ExtendWith(OpenMappingsExtension.class)
class BadInputTest {
    private static final byte[] KEY = {'k'};
    private static final byte[] VALUE = {'v', 'a', 'l'};
    private static final UnsafeBuffer KEY_BUFFER = new UnsafeBuffer(KEY);
    private static final UnsafeBuffer VALUE_BUFFER = new UnsafeBuffer(VALUE);
    private static final String LIMIT = "0 to " + RecordDescriptor.VALUE_LENGTH_MAX + " bytes";

    @TempDir
    Path directory;

    private Mapcask store;

    @BeforeEach
    void open() {
        store = Mapcask.open(directory.resolve("store"), MapcaskOptions.builder().segmentLength(64 << 10).build());
        store.put(KEY, VALUE);
    }

    /** Nothing that was refused has changed anything. */
    @AfterEach
    void close() {
        try (Mapcask closing = store) {
            assertEquals("val", closing.get("k"));
            assertEquals(1, closing.size());
            assertEquals(1, closing.stats().lastSequence());
        }
    }

    private static void fails(
        final Class<? extends MapcaskException> type, final Executable call, final String... parts) {
        final String text = assertThrowsExactly(type, call).getMessage();
        for (final String part : List.of("; where: ", "; expected: ", "; found: ", "; what to do: ")) {
            assertTrue(text.contains(part), text);
        }
        for (final String part : parts) {
            assertTrue(text.contains(part), () -> "'" + part + "' is not in: " + text);
        }
    }

    private static void invalid(final Executable call, final String... parts) {
        fails(InvalidArgumentException.class, call, parts);
    }

    /** Each operation that takes a key, with this one, in the form of arrays and of both kinds of buffers. */
    private void everyCallRefuses(final byte[] key, final String... parts) {
        final ByteBuffer bytes = ByteBuffer.wrap(key);
        final ByteBuffer value = ByteBuffer.wrap(VALUE);
        final DirectBuffer buffer = new UnsafeBuffer(key);
        final int length = key.length;
        final List<Executable> calls = List.of(
            () -> store.put(key, VALUE), () -> store.get(key), () -> store.delete(key), () -> store.contains(key),
            () -> store.valueLength(key), () -> store.putIfAbsent(key, VALUE), () -> store.replace(key, VALUE),
            () -> store.compareAndSet(key, VALUE, VALUE),
            () -> store.put(bytes, value), () -> store.get(bytes, value), () -> store.delete(bytes),
            () -> store.contains(bytes), () -> store.valueLength(bytes), () -> store.putIfAbsent(bytes, value),
            () -> store.replace(bytes, value), () -> store.compareAndSet(bytes, value, value),
            () -> store.put(buffer, 0, length, VALUE_BUFFER, 0, 3),
            () -> store.get(buffer, 0, length, VALUE_BUFFER, 0, 3),
            () -> store.delete(buffer, 0, length), () -> store.contains(buffer, 0, length),
            () -> store.valueLength(buffer, 0, length),
            () -> store.putIfAbsent(buffer, 0, length, VALUE_BUFFER, 0, 3),
            () -> store.replace(buffer, 0, length, VALUE_BUFFER, 0, 3),
            () -> store.compareAndSet(buffer, 0, length, VALUE_BUFFER, 0, 3, VALUE_BUFFER, 0, 3));
        for (final Executable call : calls) {
            invalid(call, parts);
        }
        assertEquals(0, bytes.position());
        assertEquals(0, value.position());
    }

    @Test
    void shouldRefuseAnEmptyKey() {
        everyCallRefuses(
            new byte[0], "key is empty", "expected: 1 to 65536 bytes", "found: 0 bytes", "at least one byte");
        invalid(() -> store.put("", "x"), "key is empty");
        invalid(() -> store.get(""), "key is empty");
        invalid(() -> store.delete(""), "key is empty");
    }

    @Test
    void shouldRefuseAKeyThatIsTooLong() {
        everyCallRefuses(new byte[RecordDescriptor.KEY_LENGTH_MAX + 1],
            "key is too long", "expected: 1 to 65536 bytes", "found: 65537 bytes", "shorter key");
        invalid(() -> store.put("ü".repeat(32_769), "x"), "key is too long", "found: 65538 bytes");
    }

    /** One byte more than 1 GiB: the memory is a hole in a file, and nobody looks at it. */
    @Test
    void shouldRefuseAValueThatIsTooLong() throws Exception {
        final int length = RecordDescriptor.VALUE_LENGTH_MAX + 1;
        try (FileChannel file = FileChannel.open(directory.resolve("hole"),
            StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.allocate(1), length - 1L);
            final ByteBuffer value = file.map(FileChannel.MapMode.READ_ONLY, 0, length);
            final ByteBuffer key = ByteBuffer.wrap(KEY);
            final DirectBuffer buffer = new UnsafeBuffer(value);
            for (final Executable call : List.<Executable>of(
                () -> store.put(key, value), () -> store.putIfAbsent(key, value), () -> store.replace(key, value),
                () -> store.compareAndSet(key, ByteBuffer.wrap(VALUE), value),
                () -> store.put(KEY_BUFFER, 0, 1, buffer, 0, length),
                () -> store.putIfAbsent(KEY_BUFFER, 0, 1, buffer, 0, length),
                () -> store.replace(KEY_BUFFER, 0, 1, buffer, 0, length),
                () -> store.compareAndSet(KEY_BUFFER, 0, 1, VALUE_BUFFER, 0, 3, buffer, 0, length))) {
                invalid(call, "value is too long", "expected: " + LIMIT, "found: " + length + " bytes", "parts");
            }
            assertFalse(store.compareAndSet(key, value, ByteBuffer.wrap(VALUE)), "no value is as long as this");
        }
    }

    @Test
    void shouldRefuseNull() {
        final String string = null;
        final byte[] array = null;
        final ByteBuffer bytes = null;
        final ByteBuffer some = ByteBuffer.wrap(KEY);
        invalid(() -> store.put(string, "x"), "key is null");
        invalid(() -> store.put("k", string), "value is null", "call delete");
        invalid(() -> store.put(array, VALUE), "key is null");
        invalid(() -> store.put(KEY, array), "value is null");
        invalid(() -> store.put(bytes, some), "key is null");
        invalid(() -> store.put(some, bytes), "value is null");
        invalid(() -> store.put(null, 0, 1, VALUE_BUFFER, 0, 3), "key is null");
        invalid(() -> store.put(KEY_BUFFER, 0, 1, null, 0, 3), "value is null");
        invalid(() -> store.get(string), "key is null");
        invalid(() -> store.get(array), "key is null");
        invalid(() -> store.get(bytes, some), "key is null");
        invalid(() -> store.get(some, bytes), "destination is null");
        invalid(() -> store.get(null, 0, 1, VALUE_BUFFER, 0, 3), "key is null");
        invalid(() -> store.get(KEY_BUFFER, 0, 1, null, 0, 3), "destination is null");
        invalid(() -> store.delete(array), "key is null");
        invalid(() -> store.contains(bytes), "key is null");
        invalid(() -> store.valueLength(string), "key is null");
        invalid(() -> store.putIfAbsent("k", string), "value is null");
        invalid(() -> store.replace(array, VALUE), "key is null");
        invalid(() -> store.compareAndSet("k", string, "x"), "expected value is null");
        invalid(() -> store.compareAndSet(KEY, array, VALUE), "expected value is null");
        invalid(() -> store.compareAndSet(some, bytes, some), "expected value is null");
        invalid(() -> store.compareAndSet(KEY_BUFFER, 0, 1, null, 0, 3, VALUE_BUFFER, 0, 3),
            "expected value is null");
        invalid(() -> store.compareAndSet("k", "val", string), "value is null");
        invalid(() -> store.forEach(null), "consumer is null");
        invalid(() -> Mapcask.open(null), "directory is null");
        invalid(() -> Mapcask.open(directory, null), "options is null");
        invalid(() -> Mapcask.verify(null, (phase, done, total) -> {
        }), "directory is null");
        invalid(() -> Mapcask.verify(directory, null), "progress is null");
    }

    @Test
    void shouldRefuseARangeBeyondItsBuffer() {
        final int[][] ranges = {{-1, 1}, {0, -1}, {0, 4}, {3, 1}, {4, 0}, {Integer.MAX_VALUE, 1},
            {1, Integer.MAX_VALUE}, {Integer.MIN_VALUE, Integer.MAX_VALUE}};
        for (final int[] range : ranges) {
            final int offset = range[0];
            final int length = range[1];
            final String found = "found: offset " + offset + ", length " + length;
            final String expected = "expected: a range within 0 to 3";
            invalid(() -> store.put(VALUE_BUFFER, offset, length, VALUE_BUFFER, 0, 3), "key reaches", expected, found);
            invalid(() -> store.get(VALUE_BUFFER, offset, length, VALUE_BUFFER, 0, 3), "key reaches", expected, found);
            invalid(() -> store.delete(VALUE_BUFFER, offset, length), "key reaches beyond its buffer", expected, found);
            invalid(() -> store.contains(VALUE_BUFFER, offset, length), "key reaches", expected, found);
            invalid(() -> store.put(KEY_BUFFER, 0, 1, VALUE_BUFFER, offset, length), "value reaches", expected, found);
            invalid(() -> store.get(KEY_BUFFER, 0, 1, VALUE_BUFFER, offset, length), "destination reaches",
                expected, found);
            invalid(() -> store.compareAndSet(KEY_BUFFER, 0, 1, VALUE_BUFFER, offset, length, VALUE_BUFFER, 0, 3),
                "expected value reaches", expected, found);
            invalid(() -> store.compareAndSet(KEY_BUFFER, 0, 1, VALUE_BUFFER, 0, 3, VALUE_BUFFER, offset, length),
                "value reaches", expected, found);
        }
    }

    /** A store instruction into memory that is mapped for reading would end the JVM. */
    @Test
    void shouldRefuseADestinationThatCannotBeWritten() throws Exception {
        final Path file = Files.write(directory.resolve("file"), new byte[100]);
        try (FileChannel channel = FileChannel.open(file)) {
            final ByteBuffer mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, 100);
            for (final ByteBuffer destination : List.of(mapped, ByteBuffer.allocate(100).asReadOnlyBuffer(),
                ByteBuffer.allocateDirect(100).asReadOnlyBuffer())) {
                invalid(() -> store.get(ByteBuffer.wrap(KEY), destination), "destination is a read-only buffer",
                    "a buffer that can be written");
                invalid(() -> store.get(KEY_BUFFER, 0, 1, new UnsafeBuffer(destination), 0, 100),
                    "destination is a read-only buffer", "a buffer that can be written");
                assertEquals(0, destination.position());
                assertEquals(0, destination.get(0));
            }
        }
    }

    @Test
    void shouldRefuseTextThatUtf8CannotHold() {
        final String high = "a\uD83D";
        final String low = "\uDE00b";
        final String swapped = "ab\uDE00\uD83D";
        invalid(() -> store.put(high, "x"), "key is no text that UTF-8 can hold", "index 1", "byte[]");
        invalid(() -> store.put("k", low), "value is no text that UTF-8 can hold", "index 0");
        invalid(() -> store.get(swapped), "key is no text", "index 2");
        invalid(() -> store.compareAndSet("k", high, "x"), "expected value is no text");
        invalid(() -> store.delete(high + "x"), "key is no text", "index 1");
        assertNull(store.get("a\uD83D\uDE00b"), "a pair is a letter");
    }

    @Test
    void shouldTellAllFaultsOfTheOptionsTogether() {
        final String text = assertThrowsExactly(InvalidOptionsException.class, () -> MapcaskOptions.builder()
            .segmentLength(1000).mappedSegmentsMax(0).prefaultWindow(-5).build()).getMessage();
        for (final String part : List.of(
            "segmentLength=1000 is not allowed", "expected: 8KiB to 1GiB, a multiple of 4096", "found: 1000",
            "mappedSegmentsMax=0", "expected: 1 to 30000", "prefaultWindow=-5", "what to do: ")) {
            assertTrue(text.contains(part), text);
        }
    }

    @Test
    void shouldRefuseCallsOnAClosedStore() {
        final Mapcask closed = Mapcask.open(directory.resolve("closed"));
        closed.close();
        for (final Executable call : List.<Executable>of(
            () -> closed.put(KEY, VALUE), () -> closed.get(KEY), () -> closed.delete("k"), closed::size, closed::sync,
            closed::stats, () -> closed.forEach((k, ko, kl, v, vo, vl) -> {
            }), () -> closed.get(KEY_BUFFER, 0, 1, VALUE_BUFFER, 0, 3))) {
            fails(StoreClosedException.class, call, "the store is closed", "where: closed", "open the directory again");
        }
    }

    @Test
    void shouldRefuseWritesToAStoreThatIsOpenForReading() {
        final Path home = directory.resolve("read only");
        Mapcask.open(home).close();
        try (Mapcask reader = Mapcask.open(home, MapcaskOptions.builder().readOnly(true).build())) {
            for (final Executable call : List.<Executable>of(
                () -> reader.put(KEY, VALUE), () -> reader.putIfAbsent("k", "v"), () -> reader.replace("k", "v"),
                () -> reader.compareAndSet("k", "v", "w"), () -> reader.delete("k"),
                () -> reader.put(KEY_BUFFER, 0, 1, VALUE_BUFFER, 0, 3))) {
                fails(ReadOnlyStoreException.class, call, "open for reading only", "where: read only",
                    "readOnly=false");
            }
            reader.sync();
            assertNull(reader.get("k"));
        }
    }
}
