package org.mapcask.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.format.HintDescriptor;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.keydir.KeydirParts;
import org.mapcask.support.MemoryFileOps;

/** Hint files as they are written and read. */
@Tag("core")
class HintFilesTest {
    private static final Path DIRECTORY = Path.of("store");
    private static final long SEGMENT = 0x2a;
    private static final long SALT = 0x5a17_0000_1234L;
    private static final int FIRST = RecordDescriptor.BATCH_FIRST;
    private static final int INSIDE = RecordDescriptor.BATCH_INSIDE;
    private static final int LAST = RecordDescriptor.BATCH_LAST;

    private final MemoryFileOps files = new MemoryFileOps();
    private final HintFiles hints = new HintFiles(files, DIRECTORY);
    private final HintWriter writer = new HintWriter();

    /** What is told of a record. */
    private record Told(int offset, int length, long sequence, long hash, boolean gone, boolean expires, long expiry) {
    }

    /** A record as the log has it. */
    private record Logged(int offset, long shape, long sequence, long hash, long expiry) {
        Told told() {
            final boolean expires = (RecordDescriptor.flags(shape) & RecordDescriptor.FLAG_EXPIRY) != 0;
            return new Told(offset, RecordDescriptor.alignedLength(RecordDescriptor.length(shape)), sequence, hash,
                RecordDescriptor.type(shape) == RecordDescriptor.TYPE_DELETE, expires,
                expires ? expiry : RecordDescriptor.EXPIRY_NEVER);
        }

        int end() {
            return offset + RecordDescriptor.alignedLength(RecordDescriptor.length(shape));
        }
    }

    /** Records one behind the other, each with a place in a batch. */
    private static List<Logged> records(final int... places) {
        final List<Logged> all = new ArrayList<>();
        int offset = HeaderDescriptor.PAGE_LENGTH;
        for (int i = 0; i < places.length; i++) {
            final boolean gone = i % 7 == 0;
            final boolean mortal = !gone && i % 3 == 0;
            final long shape = RecordDescriptor.shape(
                gone ? RecordDescriptor.TYPE_DELETE : RecordDescriptor.TYPE_PUT,
                (mortal ? RecordDescriptor.FLAG_EXPIRY : 0) | places[i], 1 + i % 70, gone ? 0 : i % 200);
            all.add(new Logged(offset, shape, 1_000 + i, i * 0x9E37_79B9_7F4A_7C15L, 4_000_000_000_000L + i));
            offset = all.get(i).end();
        }
        return all;
    }

    private static List<Logged> single(final int count) {
        return records(new int[count]);
    }

    private HintEnd write(final List<Logged> records, final HintEnd end) {
        try (HintWriter into = hints.begin(writer, SEGMENT, SALT, end)) {
            records.forEach(one -> into.add(one.offset(), one.shape(), one.sequence(), one.hash(), one.expiry()));
            into.write();
            return into.end();
        }
    }

    private static List<Told> told(final List<Logged> records) {
        return records.stream().map(Logged::told).toList();
    }

    /** Everything, in the order of the log, part by part of so many bits; what is not sound is left out. */
    private List<Told> read(final long salt, final int partBits) {
        final List<Told> all = new ArrayList<>();
        try (HintReader reader = hints.reader(SEGMENT, salt)) {
            for (final HintBlock block : reader.blocks()) {
                for (int part = 0; part < 1 << partBits; part++) {
                    final int number = part;
                    final Map<Long, Long> newest = new HashMap<>();
                    reader.forEach(block, part, partBits, (offset, length, sequence, hash, gone, expires, expiry) -> {
                        assertEquals(number, KeydirParts.part(hash, partBits));
                        assertTrue(newest.merge(hash, sequence, Math::max) == sequence, "the order of the log");
                        all.add(new Told(offset, length, sequence, hash, gone, expires, expiry));
                    });
                }
            }
        }
        all.sort(Comparator.comparingLong(Told::sequence));
        return all;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5, 10})
    void shouldTellWhatWasWrittenInOneGoOrInSeveralPartByPart(final int partBits) {
        final List<Logged> records = single(HintDescriptor.RECORDS_MAX + 5_000);
        HintEnd end = write(records.subList(0, 2_100), HintEnd.NONE);
        assertEquals(records.get(2_100).offset(), end.offset());
        assertEquals(records.get(2_099).sequence(), end.lastSequence());
        end = write(records.subList(2_100, records.size()), end);
        assertEquals(told(records), read(SALT, partBits));
        assertEquals(end.fileLength(), files.bytes(CheckpointFileNames.hint(SEGMENT)).length);
        assertEquals(Set.of(SEGMENT), hints.segments());
        try (HintReader reader = hints.reader(SEGMENT, SALT)) {
            assertEquals(end, reader.soundEnd());
            assertEquals(3, reader.blocks().size());
        }
        assertEquals(0, files.openFiles());
    }

    @Test
    void shouldKeepTheOrderOfTheRecordsOfAKey() {
        final List<Logged> records = new ArrayList<>();
        single(5_000).forEach(one ->
            records.add(new Logged(one.offset(), one.shape(), one.sequence(), one.hash() % 7, one.expiry())));
        write(records, HintEnd.NONE);
        assertEquals(told(records), read(SALT, 3));
    }

    @Test
    void shouldBeginABlockWhereRecordsDoNotFollowEachOther() {
        final List<Logged> records = new ArrayList<>(single(50));
        records.remove(20);
        write(records, HintEnd.NONE);
        assertEquals(told(records), read(SALT, 0));
        try (HintReader reader = hints.reader(SEGMENT, SALT)) {
            final List<HintBlock> blocks = reader.blocks();
            assertEquals(2, blocks.size());
            assertEquals(records.get(19).sequence(), blocks.get(0).lastSequence());
            assertEquals(records.get(19).end(), blocks.get(0).to());
            assertEquals(records.get(20).offset(), blocks.get(1).from());
            assertEquals(records.get(20).sequence(), blocks.get(1).firstSequence());
        }
    }

    /** Batches: one whole, one without its last record, the end of one that began elsewhere, one that is not over. */
    @Test
    void shouldTellOnlyOfBatchesThatAreWholeAndEndBeforeOneThatIsNotOver() {
        final List<Logged> records = records(LAST, 0, FIRST, INSIDE, LAST, FIRST, INSIDE, 0, 0, FIRST, INSIDE);
        final HintEnd end = write(records, HintEnd.NONE);
        assertEquals(records.get(9).offset(), end.offset());
        assertEquals(records.get(8).sequence(), end.lastSequence());
        final List<Logged> counting = new ArrayList<>(records.subList(1, 5));
        counting.addAll(records.subList(7, 9));
        assertEquals(told(counting), read(SALT, 0));
        try (HintReader reader = hints.reader(SEGMENT, SALT)) {
            assertEquals(1, reader.blocks().size());
            assertEquals(records.get(1).offset(), reader.blocks().get(0).from());
            assertEquals(records.get(9).offset(), reader.blocks().get(0).to());
        }
    }

    @Test
    void shouldPutABatchThatABlockHasNoRoomForIntoTheNext() {
        final int[] places = new int[HintDescriptor.RECORDS_MAX + 100];
        final int spanEnd = HeaderDescriptor.PAGE_LENGTH + HintDescriptor.SPAN_MAX;
        final int first = (int)records(places).stream().filter(one -> one.end() < spanEnd).count() - 3;
        Arrays.fill(places, first, first + 50, INSIDE);
        places[first] = FIRST;
        places[first + 50] = LAST;
        final List<Logged> records = records(places);
        write(records, HintEnd.NONE);
        assertEquals(told(records), read(SALT, 4));
        try (HintReader reader = hints.reader(SEGMENT, SALT)) {
            assertEquals(records.get(first).offset(), reader.blocks().get(1).from());
        }
    }

    @Test
    void shouldLeaveOutABatchThatIsLongerThanABlock() {
        final int[] places = new int[HintDescriptor.RECORDS_MAX + 100];
        Arrays.fill(places, 10, HintDescriptor.RECORDS_MAX + 50, INSIDE);
        places[10] = FIRST;
        places[HintDescriptor.RECORDS_MAX + 50] = LAST;
        final List<Logged> records = records(places);
        write(records, HintEnd.NONE);
        final List<Logged> others = new ArrayList<>(records.subList(0, 10));
        others.addAll(records.subList(HintDescriptor.RECORDS_MAX + 51, records.size()));
        assertEquals(told(others), read(SALT, 4));
    }

    @Test
    void shouldLeaveOutARecordThatIsTooLongAndEndABlockThatSpansTooMuch() {
        final List<Logged> records = new ArrayList<>();
        int offset = HeaderDescriptor.PAGE_LENGTH;
        for (final int length : new int[] {100, 3 << 20, 200, 1 << 20, 300, RecordDescriptor.VALUE_LENGTH_MAX, 400}) {
            records.add(new Logged(offset, RecordDescriptor.shape(RecordDescriptor.TYPE_PUT, 0, 8, length),
                1 + records.size(), offset, 0));
            offset = records.get(records.size() - 1).end();
        }
        write(records, HintEnd.NONE);
        final List<Logged> told = new ArrayList<>(records);
        told.remove(5);
        assertEquals(told(told), read(SALT, 0));
        try (HintReader reader = hints.reader(SEGMENT, SALT)) {
            assertEquals(List.of(4L, 5L, 7L), reader.blocks().stream().map(HintBlock::lastSequence).toList());
        }
    }

    @Test
    void shouldTellNothingToWhoHasAnotherSalt() {
        write(single(10), HintEnd.NONE);
        assertEquals(List.of(), read(SALT + 1, 0));
    }

    /** A power cut left a part of a file, or bytes changed: what is told is true, and what is not sound is found. */
    @Test
    void shouldTellNothingThatIsNotSound() {
        final List<Logged> records = single(900);
        final HintEnd first = write(records.subList(0, 800), HintEnd.NONE);
        final HintEnd end = write(records.subList(800, 900), first);
        final String name = CheckpointFileNames.hint(SEGMENT);
        final byte[] sound = files.bytes(name).clone();
        final Set<Told> all = new HashSet<>(told(records));
        for (int at = 0; at < sound.length; at += at < 300 || at > sound.length - 1200 ? 1 : 97) {
            final byte[] flipped = sound.clone();
            flipped[at] ^= 0x10;
            files.put(name, flipped);
            final List<Told> told = read(SALT, 2);
            assertTrue(told.size() < 900 && all.containsAll(told), "offset " + at + ": " + told.size());
            try (HintReader reader = hints.reader(SEGMENT, SALT)) {
                assertEquals(at < first.fileLength() ? HintEnd.NONE : first, reader.soundEnd(), "offset " + at);
            }
            files.put(name, Arrays.copyOf(sound, at));
            final List<Told> left = read(SALT, 2);
            assertTrue(left.size() < 900 && all.containsAll(left), "cut at " + at);
        }
        files.put(name, sound);
        assertEquals(told(records), read(SALT, 2));
        assertTrue(end.fileLength() == sound.length);
    }

    @Test
    void shouldRemoveAllButThoseOfSomeSegments() {
        for (final long id : new long[] {1, 2, 3}) {
            hints.begin(writer, id, SALT, HintEnd.NONE).close();
        }
        assertEquals(List.of(CheckpointFileNames.hint(1), CheckpointFileNames.hint(3)),
            hints.removeOthers(files.list(DIRECTORY), Set.of(2L, 9L)).stream().sorted().toList());
        assertEquals(Set.of(2L), hints.segments());
        hints.remove(2);
        assertEquals(Set.of(), hints.segments());
    }
}
