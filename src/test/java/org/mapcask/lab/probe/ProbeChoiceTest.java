package org.mapcask.lab.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
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
        rounds(state, call, 100, LongStream.of(medians).map(median -> median * 1000).toArray());
    }

    /** The same, with as many appends a round, and medians in nanoseconds. */
    private void rounds(final FileState state, final SyncCall call, final int appends, final long... medians) {
        final List<Histogram> rounds = new ArrayList<>();
        for (final long median : medians) {
            final Histogram round = IntervalRecorder.newHistogram();
            round.recordValueWithCount(median, appends);
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

    @Test
    void shouldTakeNoEvidenceFromAFewAppends() {
        for (final SyncCall call : SyncCall.values()) {
            rounds(FileState.ZEROED, call, 9, call == SyncCall.FDATASYNC ? new long[] {1000, 1000, 1000}
                : new long[] {9_000_000, 9_000_000, 9_000_000});
        }
        final ProbeChoice choice = new ProbeReport(cells).choice();
        assertEquals(SyncMethod.MSYNC, choice.options().syncMethod());
        assertTrue(choice.options().wal());
        assertEquals("auto", choice.options().toProperties().getProperty("segmentFill"));
        assertTrue(choice.properties().contains("fdatasync unknown (n 27, too few: at least 30)"),
            choice.properties());
        assertTrue(choice.sentence().startsWith("No way of a durable append was measured often enough, at least 30"),
            choice.sentence());
    }

    @Test
    void shouldKeepTheDefaultWhereNoDeviceAnswersAndOnlyCallsDiffer() {
        for (final SyncCall call : SyncCall.values()) {
            rounds(FileState.ZEROED, call, 100, 4200, 4200, 4200);
        }
        cells.removeIf(cell -> cell.name().equals(SyncMatrix.name(4096, FileState.ZEROED, SyncCall.FORCE)));
        rounds(FileState.ZEROED, SyncCall.FORCE, 100, 3360, 3360, 3360);
        final ProbeChoice choice = new ProbeReport(cells).choice();
        assertEquals(SyncMethod.MSYNC, choice.options().syncMethod());
        assertTrue(choice.properties().contains(
            "msync 4.20 µs (n 300), force 3.36 µs (n 300), fdatasync 4.20 µs (n 300); no clear difference, so the"
                + " default stays"), choice.properties());
    }

    /** Cold reads of so many nanoseconds, and the median of 200 waits for a safepoint meanwhile, in microseconds. */
    private void cold(final String way, final int reads, final long ns, final double safepointUs) {
        final Histogram histogram = IntervalRecorder.newHistogram();
        histogram.recordValueWithCount(ns, reads);
        cells.add(ProbeCell.measured(Part.READ, way, way, List.of(histogram), Map.of(ColdReads.KIB, 4.0,
            ColdReads.SAFEPOINTS, 200.0, ColdReads.SAFEPOINT_P50_US, safepointUs)));
    }

    private String sealedRead() {
        final String text = new ProbeReport(cells).choice().properties();
        cells.clear();
        return text.substring(text.lastIndexOf("# ") + 2, text.indexOf("\nsealedRead=mapped"));
    }

    @Test
    void shouldRecommendThePathOfColdReadsOnlyWhereTheyAreClearlyFasterOrHoldUpNobody() {
        cold("pread", 3, 93_500_000, 50);
        cold("mapped", 30, 6_620_000, 50);
        assertEquals("too few cold reads to compare: pread 3, mapped 30, at least 30 are needed; give more --seconds",
            sealedRead());
        cold("pread", 300, 93_500_000, 50);
        cold("mapped", 300, 6_620_000, 50);
        assertEquals("for data that fits into memory. For data that does not, mapped as well. A cold read by pread has"
            + " a p50 of 93.5 ms (n 300) against 6.62 ms (n 300) mapped; others wait for a safepoint 50.0 µs (n 200)"
            + " against 50.0 µs (n 200) (p50)", sealedRead().replaceAll("93.4|93.6", "93.5"));
        cold("pread", 300, 52_000, 50);
        cold("mapped", 300, 53_000, 60);
        assertTrue(sealedRead().contains("no clear difference, so mapped as well"));
        cold("pread", 300, 52_000, 50);
        cold("mapped", 300, 53_000, 160);
        assertTrue(sealedRead().contains("For data that does not, pread."));
        cold("pread", 300, 36_800, 50);
        cold("mapped", 300, 9_820_000, 50);
        assertTrue(sealedRead().contains("For data that does not, pread."));
    }
}
