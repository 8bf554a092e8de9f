package org.mapcask.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.Mapcask;
import org.mapcask.lab.workload.SyntheticRecords;
import org.mapcask.recovery.Damage;
import org.mapcask.recovery.RecoveryReport;

/** The judge of the killed writers is judged: each fault that it is there to find is made on purpose. */
class PartialWriteCheckTest {
    private static final int VALUE_LENGTH = 50_000;

    @TempDir
    Path directory;

    private final UnsafeBuffer scratch = new UnsafeBuffer(new byte[VALUE_LENGTH]);
    private Mapcask store;
    private WriterProgress progress;

    @BeforeEach
    void open() throws IOException {
        store = Mapcask.open(directory.resolve("store"));
        progress = new WriterProgress(directory.resolve("progress"), PartialWriteLoad.WRITERS);
    }

    @AfterEach
    void close() {
        progress.close();
        store.close();
    }

    @Test
    void shouldAcceptTheNewValueWholeOrTheOneBefore() {
        progress.begin(0, 1);
        progress.acknowledge(0, 1);
        progress.begin(0, 2);
        putValue(1, PartialWriteLoad.SHORT_LENGTH);
        assertEquals(new PartialWriteCheck.Outcome(1, 0, 0, 0, 0), lookAtValue(true));
        putValue(2, VALUE_LENGTH);
        assertEquals(new PartialWriteCheck.Outcome(1, 0, 1, 0, 0), lookAtValue(true));
        progress.acknowledge(0, 2);
        assertEquals(new PartialWriteCheck.Outcome(1, 1, 1, 0, 0), lookAtValue(true));
    }

    @Test
    void shouldTellALostValue() {
        progress.begin(0, 2);
        assertEquals(new PartialWriteCheck.Outcome(1, 0, 0, 0, 0), lookAtValue(false));
        progress.acknowledge(0, 1);
        assertEquals(1, lookAtValue(true).lost());
        progress.acknowledge(0, 2);
        putValue(1, PartialWriteLoad.SHORT_LENGTH);
        assertEquals(1, lookAtValue(true).lost());
    }

    @Test
    void shouldTellAHalfWrittenValue() {
        progress.begin(0, 2);
        SyntheticRecords.value(2, scratch, VALUE_LENGTH);
        scratch.setMemory(VALUE_LENGTH / 2, VALUE_LENGTH / 2, (byte) 0);
        put(VALUE_LENGTH);
        assertFalse(lookAtValue(false).isRight());
        putValue(2, VALUE_LENGTH - 1);
        assertEquals(1, lookAtValue(false).wrong());
        // An old value where there never was one.
        putValue(1, PartialWriteLoad.SHORT_LENGTH);
        assertEquals(1, lookAtValue(false).wrong());
    }

    @Test
    void shouldTellLostWrongAndUnknownRecords() {
        for (int i = 0; i < 10; i++) {
            putRecord(3, i, i);
        }
        progress.begin(3, 10);
        progress.acknowledge(3, 9);
        assertEquals(new PartialWriteCheck.Outcome(10, 9, 10, 0, 0), lookAtRecords());
        progress.begin(3, 12);
        progress.acknowledge(3, 11);
        assertEquals(new PartialWriteCheck.Outcome(12, 11, 10, 1, 0), lookAtRecords());
        putRecord(3, 4, 5);
        assertEquals(new PartialWriteCheck.Outcome(12, 11, 9, 1, 1), lookAtRecords());
        putRecord(5, 0, 0);
        assertEquals(new PartialWriteCheck.Outcome(12, 11, 9, 1, 2), lookAtRecords());
    }

    @Test
    void shouldSayTheSameOfReportsOfTheSameKind() {
        final RecoveryReport torn = report(0, "0000000000000001.seg", List.of("0000000000000002.seg"),
            List.of("torn: bytes behind the last record, from offset 90 on"), List.of());
        assertEquals(List.of("torn tail", "unfinished files removed"), PartialWriteTable.said(torn));
        final RecoveryReport replayed =
            report(17, null, List.of(), List.of("17 of them from 00000001-02.wal, see a|b"), List.of());
        assertEquals(List.of("records from the write-ahead log", "N of them from FILE, see a/b"),
            PartialWriteTable.said(replayed));
        assertEquals(List.of("nothing to repair"),
            PartialWriteTable.said(report(0, null, List.of(), List.of(), List.of())));
    }

    @Test
    void shouldShowEachFigureInTheTable() {
        final PartialWriteBench.Row row = new PartialWriteBench.Row(PartialWriteLoad.Part.RECORDS, "none");
        final RecoveryReport report = report(0, null, List.of(), List.of(), List.of());
        row.add(new PartialWriteCheck.Outcome(1010, 1000, 1003, 0, 0), 2_000_000, report);
        row.add(new PartialWriteCheck.Outcome(10, 8, 7, 1, 0), 4_000_000, report);
        assertFalse(row.outcome().isRight());
        final String cells = PartialWriteTable.markdown(List.of(row)).lines().skip(2).findFirst().orElseThrow();
        assertEquals(
            "| records | none | 2 | 1,020 | 1,008 | 1,010 | 3 | 1 | 0 | 3.00 ms | 4.00 ms | 2 × nothing to repair |",
            cells.replaceAll(" +", " "));
    }

    @Test
    void shouldPassTheLoadOnByTheCommandLine() {
        final PartialWriteLoad load =
            new PartialWriteLoad(PartialWriteLoad.Part.RECORDS, "default", 5, 80, true);
        final String[] arguments =
            Stream.concat(Stream.of("directory"), load.arguments().stream()).toArray(String[]::new);
        assertEquals(load, PartialWriteLoad.parse(arguments, 1));
        assertEquals(10, load.recordsOfWriter());
        assertFalse(load.options().syncEveryWrite());
    }

    private static RecoveryReport report(
        final long walRecords, final String tornFile, final List<String> removed, final List<String> notes,
        final List<Damage> damages) {
        return new RecoveryReport(
            false, 1, 0, 5, 500, 0, walRecords, 5, tornFile, 77, 100, List.of(), removed, notes, damages, 1000, -1,
            Map.of());
    }

    private PartialWriteCheck.Outcome lookAtValue(final boolean hasOld) {
        final PartialWriteLoad load =
            new PartialWriteLoad(PartialWriteLoad.Part.VALUE, "none", VALUE_LENGTH, 0, hasOld);
        return PartialWriteCheck.look(store, load, progress, scratch);
    }

    private PartialWriteCheck.Outcome lookAtRecords() {
        final PartialWriteLoad load =
            new PartialWriteLoad(PartialWriteLoad.Part.RECORDS, "none", VALUE_LENGTH, 100, false);
        return PartialWriteCheck.look(store, load, progress, scratch);
    }

    private void putValue(final long version, final int length) {
        SyntheticRecords.value(version, scratch, length);
        put(length);
    }

    private void put(final int length) {
        store.put(PartialWriteLoad.KEY, 0, PartialWriteLoad.KEY.capacity(), scratch, 0, length);
    }

    private void putRecord(final int writer, final long keyCount, final long valueCount) {
        final UnsafeBuffer key = new UnsafeBuffer(new byte[SyntheticRecords.KEY_LENGTH]);
        SyntheticRecords.key(PartialWriteLoad.index(writer, keyCount), key);
        SyntheticRecords.value(PartialWriteLoad.index(writer, valueCount), scratch, PartialWriteLoad.SHORT_LENGTH);
        store.put(key, 0, SyntheticRecords.KEY_LENGTH, scratch, 0, PartialWriteLoad.SHORT_LENGTH);
    }
}
