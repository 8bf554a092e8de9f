package org.mapcask.lab.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.mapcask.MapcaskOptions;
import org.mapcask.io.SyncMethod;
import org.mapcask.lab.probe.ProbeCell.Part;
import org.mapcask.lab.rig.IntervalRecorder;

/** What is chosen for disks that were made up. */
class ProbeChoiceTest {
    private final List<ProbeCell> cells = new ArrayList<>();

    /** A cell of appends of 4 KiB whose rounds have these medians, in microseconds. */
    private void sync(final FileState state, final SyncCall call, final long... medians) {
        final List<Histogram> rounds = new ArrayList<>();
        for (final long median : medians) {
            final Histogram round = IntervalRecorder.newHistogram();
            round.recordValueWithCount(median * 1000, 100);
            rounds.add(round);
        }
        cells.add(ProbeCell.measured(Part.SYNC, SyncMatrix.name(4096, state, call), call.label(), rounds, Map.of()));
    }

    private MapcaskOptions chosen() {
        return new ProbeReport(cells).choice().options();
    }

    /** A disk on which all ways cost the same. */
    private void evenDisk() {
        for (final SyncCall call : SyncCall.values()) {
            sync(FileState.ZEROED, call, 100, 100, 100);
            sync(FileState.FALLOCATED, call, 100, 100, 100);
        }
    }

    private void replace(final FileState state, final SyncCall call, final long... medians) {
        cells.removeIf(cell -> cell.name().equals(SyncMatrix.name(4096, state, call)));
        sync(state, call, medians);
    }

    @Test
    void shouldKeepTheDefaultsWhereNothingDiffers() {
        evenDisk();
        final MapcaskOptions options = chosen();
        assertTrue(options.wal());
        assertEquals(SyncMethod.MSYNC, options.syncMethod());
        assertEquals(MapcaskOptions.defaults().segmentFill(), options.segmentFill());
    }

    @Test
    void shouldLeaveTheLogOnlyWhereEachRoundSaysSo() {
        evenDisk();
        replace(FileState.ZEROED, SyncCall.DIRECT, 300, 300, 90);
        assertTrue(chosen().wal(), "one round was the other way");
        replace(FileState.ZEROED, SyncCall.DIRECT, 300, 300, 109);
        assertTrue(chosen().wal(), "one round was within a tenth");
        replace(FileState.ZEROED, SyncCall.DIRECT, 300, 300, 120);
        assertFalse(chosen().wal());
    }

    @Test
    void shouldChooseTheFasterSyncUnlessItWritesWhatAPrefaultTouched() {
        evenDisk();
        replace(FileState.ZEROED, SyncCall.FDATASYNC, 50, 50, 50);
        assertEquals(SyncMethod.FDATASYNC, chosen().syncMethod());
        final Histogram first = IntervalRecorder.newHistogram();
        first.recordValue(1);
        cells.add(ProbeCell.measured(
            Part.FILE, "first-fdatasync", "", List.of(first), Map.of(FileCost.MIB, 56.0)));
        assertEquals(SyncMethod.MSYNC, chosen().syncMethod());
        replace(FileState.ZEROED, SyncCall.FORCE, 70, 70, 70);
        assertEquals(SyncMethod.FORCE, chosen().syncMethod());
    }

    @Test
    void shouldSparTheZerosOnlyWithoutALogAndWhereTheyGainNothing() {
        evenDisk();
        replace(FileState.ZEROED, SyncCall.DIRECT, 300, 300, 300);
        assertEquals("allocate", chosen().toProperties().getProperty("segmentFill"));
        replace(FileState.FALLOCATED, SyncCall.MSYNC, 200, 200, 200);
        assertEquals("auto", chosen().toProperties().getProperty("segmentFill"));
    }

    @Test
    void shouldChooseForADiskOfWhichNothingCouldBeMeasured() {
        final ProbeChoice choice = new ProbeReport(cells).choice();
        assertTrue(choice.sentence().startsWith("No durable append could be measured here. Choose"),
            choice.sentence());
        assertEquals("0", choice.options().toProperties().getProperty("prefaultWindow"));
    }
}
