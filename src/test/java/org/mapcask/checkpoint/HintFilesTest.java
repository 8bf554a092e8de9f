package org.mapcask.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.format.HintDescriptor;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.support.MemoryFileOps;

/** Hint files as they are written and read. */
@Tag("core")
class HintFilesTest {
    private static final Path DIRECTORY = Path.of("store");
    private static final long SEGMENT = 0x2a;
    private static final long SALT = 0x5a17_0000_1234L;
    private static final int COUNT = 5_000;

    private final MemoryFileOps files = new MemoryFileOps();
    private final HintFiles hints = new HintFiles(files, DIRECTORY);

    /** What is told of a record. */
    private record Told(int offset, long shape, long sequence, long hash, long expiry) {
    }

    private static List<Told> records(final int count) {
        final List<Told> all = new ArrayList<>();
        int offset = HeaderDescriptor.PAGE_LENGTH;
        for (int i = 0; i < count; i++) {
            final boolean mortal = i % 3 == 0;
            final long shape = RecordDescriptor.shape(RecordDescriptor.TYPE_PUT,
                mortal ? RecordDescriptor.FLAG_EXPIRY : 0, 1 + i % 70, i % 200);
            all.add(new Told(offset, shape, 1_000 + i, i * 0x9E37_79B9_7F4A_7C15L,
                mortal ? 4_000_000_000_000L + i : RecordDescriptor.EXPIRY_NEVER));
            offset += RecordDescriptor.alignedLength(RecordDescriptor.length(shape));
        }
        return all;
    }

    private HintEnd write(final List<Told> records, final HintEnd end) {
        try (HintWriter writer = hints.writer(SEGMENT, SALT, end)) {
            records.forEach(one ->
                writer.add(one.offset(), one.shape(), one.sequence(), one.hash(), one.expiry()));
            writer.write();
            return writer.end();
        }
    }

    private List<Told> read(final long salt) {
        final List<Told> all = new ArrayList<>();
        try (HintReader reader = hints.reader(SEGMENT, salt)) {
            while (reader.next()) {
                final int count = reader.forEach(reader.block().from(), reader.block().firstSequence(),
                    (offset, shape, sequence, hash, expiry) ->
                        all.add(new Told(offset, shape, sequence, hash, expiry)));
                assertEquals(reader.block().records(), count);
            }
        }
        return all;
    }

    @Test
    void shouldTellWhatWasWrittenInOneGoOrInSeveral() {
        final List<Told> records = records(COUNT);
        HintEnd end = write(records.subList(0, 2_100), HintEnd.NONE);
        assertEquals(records.get(2_100).offset(), end.offset());
        assertEquals(records.get(2_099).sequence(), end.lastSequence());
        end = write(records.subList(2_100, COUNT), end);
        assertEquals(records, read(SALT));
        assertEquals(end.fileLength(), files.bytes(CheckpointFileNames.hint(SEGMENT)).length);
        assertEquals(Set.of(SEGMENT), hints.segments());
        assertEquals(0, files.openFiles());
    }

    @Test
    void shouldBeginInTheMiddleOfABlockWhereARecordBegins() {
        final List<Told> records = records(300);
        write(records, HintEnd.NONE);
        try (HintReader reader = hints.reader(SEGMENT, SALT)) {
            assertTrue(reader.next());
            final List<Long> sequences = new ArrayList<>();
            assertEquals(100, reader.forEach(records.get(200).offset(), records.get(200).sequence(),
                (offset, shape, sequence, hash, expiry) -> sequences.add(sequence)));
            assertEquals(records.subList(200, 300).stream().map(Told::sequence).toList(), sequences);
            assertEquals(0, reader.forEach(records.get(200).offset() + RecordDescriptor.ALIGNMENT,
                records.get(200).sequence(), (offset, shape, sequence, hash, expiry) -> sequences.clear()));
            assertEquals(0, reader.forEach(records.get(200).offset(), records.get(201).sequence(),
                (offset, shape, sequence, hash, expiry) -> sequences.clear()));
            assertEquals(100, sequences.size());
            assertFalse(reader.next());
        }
    }

    @Test
    void shouldBeginABlockWhereRecordsDoNotFollowEachOther() {
        final List<Told> records = new ArrayList<>(records(50));
        records.remove(20);
        write(records, HintEnd.NONE);
        assertEquals(records, read(SALT));
        try (HintReader reader = hints.reader(SEGMENT, SALT)) {
            assertTrue(reader.next());
            assertEquals(20, reader.block().records());
        }
    }

    @Test
    void shouldTellNothingToWhoHasAnotherSalt() {
        write(records(10), HintEnd.NONE);
        assertEquals(List.of(), read(SALT + 1));
    }

    /** A block of which a power cut left a part, or whose bytes changed, ends the file; those before it count. */
    @Test
    void shouldTellOnlyOfBlocksBeforeOneThatIsNotSound() {
        final List<Told> records = records(HintDescriptor.RECORDS_MAX + 40);
        write(records, HintEnd.NONE);
        final String name = CheckpointFileNames.hint(SEGMENT);
        final byte[] sound = files.bytes(name).clone();
        for (int at = 0; at < sound.length; at += at > sound.length - 1200 ? 1 : 997) {
            final byte[] flipped = sound.clone();
            flipped[at] ^= 0x10;
            files.put(name, flipped);
            final List<Told> told = read(SALT);
            assertTrue(told.equals(List.of()) || told.equals(records.subList(0, HintDescriptor.RECORDS_MAX)),
                "offset " + at + ": " + told.size());
            files.put(name, Arrays.copyOf(sound, at));
            assertTrue(read(SALT).size() < records.size(), "cut at " + at);
        }
        files.put(name, sound);
        assertEquals(records, read(SALT));
    }

    @Test
    void shouldRemoveAllButThoseOfSomeSegments() {
        for (final long id : new long[] {1, 2, 3}) {
            hints.writer(id, SALT, HintEnd.NONE).close();
        }
        assertEquals(List.of(CheckpointFileNames.hint(1), CheckpointFileNames.hint(3)),
            hints.removeOthers(files.list(DIRECTORY), Set.of(2L, 9L)).stream().sorted().toList());
        assertEquals(Set.of(2L), hints.segments());
        hints.remove(2);
        assertEquals(Set.of(), hints.segments());
    }
}
