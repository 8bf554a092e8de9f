package org.mapcask.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.mapcask.lab.host.WriteCounters;
import org.mapcask.lab.probe.FileState;
import org.mapcask.lab.probe.SyncCall;
import org.mapcask.lab.results.SummaryTable;
import org.mapcask.lab.rig.IntervalRecorder;

/** The tables of {@link DurableBench}, and what they are judged by. Stateless. */
final class DurableTable {
    /** The median of a put through the write-ahead log may be this many times that of the bare loop. */
    static final double BARE_RATIO_GOAL = 1.15;
    /** Times the rate of one thread that so many threads should reach. */
    static final Map<Integer, Double> RATE_GOALS = new LinkedHashMap<>();

    private static final double KIBIBYTE = 1024;

    static {
        RATE_GOALS.put(8, 5.0);
        RATE_GOALS.put(64, 15.0);
    }

    private DurableTable() {
    }

    /**
     * What was asked, what came out, and whether the goal was met.
     *
     * @param question in a few words.
     * @param value    a ratio.
     * @param goal     for it, or NaN.
     * @param atMost   whether the goal is an upper limit.
     */
    record Verdict(String question, double value, double goal, boolean atMost) {
        /** Whether the goal was met; true without one. */
        boolean met() {
            return Double.isNaN(goal) || (atMost ? value <= goal : value >= goal);
        }

        private String goalText() {
            return Double.isNaN(goal) ? "-" : String.format(Locale.ROOT, "%s %.2f: %s",
                atMost ? "<=" : ">=", goal, met() ? "met" : "MISSED");
        }
    }

    /** The ratios of a run. A question whose measurements are not there is left out. */
    static List<Verdict> verdicts(final List<Rounds> puts) {
        final List<Verdict> out = new ArrayList<>();
        final Rounds bare = Rounds.find(puts, DurableOptions.BARE, 1);
        for (final String arm : DurableOptions.ARMS) {
            final Rounds one = Rounds.find(puts, arm, 1);
            final boolean judged = arm.equals(DurableOptions.WAL);
            if (one != null && bare != null && one != bare) {
                out.add(new Verdict(arm + ": p50 to that of the bare loop, 1 thread", one.ratioTo(bare),
                    judged ? BARE_RATIO_GOAL : Double.NaN, true));
            }
            for (final Rounds many : puts) {
                if (one != null && many.arm().equals(arm) && many.threads() > 1) {
                    out.add(new Verdict(arm + ": puts a second, " + many.threads() + " threads to 1",
                        many.rateRatioTo(one),
                        judged ? RATE_GOALS.getOrDefault(many.threads(), Double.NaN) : Double.NaN, false));
                }
            }
        }
        for (final Rounds wal : puts) {
            final Rounds msync = Rounds.find(puts, "msync", wal.threads());
            if (wal.arm().equals(DurableOptions.WAL) && msync != null) {
                out.add(new Verdict("wal: puts a second to those of msync, threads: " + wal.threads(),
                    wal.rateRatioTo(msync), Double.NaN, false));
            }
        }
        return out;
    }

    /** How much a thread that only sleeps was kept waiting by the host, for the reader to judge the rest by. */
    static String quietness(final List<Rounds> all) {
        final Histogram hiccups = hiccups(all, 1);
        return hiccups.getTotalCount() == 0 ? "" : String.format(Locale.ROOT,
            "While one thread wrote, another that only sleeps woke up late by %s (p50), %s (p99), %s (most). Where "
                + "the p99%nis not far below a write of the bare loop, the host was busy, and ratios to one thread "
                + "tell of it.%n", SummaryTable.time(hiccups.getValueAtPercentile(50)),
            SummaryTable.time(hiccups.getValueAtPercentile(99)), SummaryTable.time(hiccups.getMaxValue()));
    }

    /** Hiccups of all rounds with so many threads. */
    static Histogram hiccups(final List<Rounds> all, final int threads) {
        final Histogram hiccup = IntervalRecorder.newHistogram();
        all.stream().filter(rounds -> rounds.threads() == threads)
            .forEach(rounds -> hiccup.add(IntervalRecorder.total(rounds.merged().hiccups())));
        return hiccup;
    }

    /** The verdicts as a table. */
    static String verdictTable(final List<Verdict> verdicts) {
        final List<String[]> rows = new ArrayList<>();
        for (final Verdict verdict : verdicts) {
            rows.add(new String[] {
                verdict.question(), String.format(Locale.ROOT, "%.2f", verdict.value()), verdict.goalText()});
        }
        return SummaryTable.markdown(new String[] {"question", "ratio", "goal"}, rows);
    }

    /** The verdicts for {@code summary.json}. */
    static List<Object> json(final List<Verdict> verdicts) {
        final List<Object> out = new ArrayList<>();
        for (final Verdict verdict : verdicts) {
            final Map<String, Object> map = new LinkedHashMap<>();
            map.put("question", verdict.question());
            map.put("ratio", verdict.value());
            map.put("goal", verdict.goal());
            map.put("met", verdict.met());
            out.add(map);
        }
        return out;
    }

    /** Latency, rate and bytes of each arm and number of threads. */
    static String markdown(final List<Rounds> all) {
        final List<String[]> rows = new ArrayList<>();
        for (final Rounds rounds : all) {
            final Histogram total = rounds.total();
            rows.add(new String[] {
                rounds.arm(), rounds.method(), Integer.toString(rounds.threads()),
                SummaryTable.count(total.getTotalCount()), SummaryTable.count(Math.round(rounds.rate())),
                SummaryTable.time(total.getValueAtPercentile(50)), SummaryTable.time(total.getValueAtPercentile(99)),
                SummaryTable.time(total.getValueAtPercentile(99.9)), SummaryTable.time(total.getMaxValue()),
                figure(rounds.perOperation(WriteCounters::deviceBytes) / KIBIBYTE),
                figure(rounds.perOperation(WriteCounters::deviceWrites)),
                figure(rounds.perOperation(WriteCounters::deviceFlushes)),
                figure(rounds.perOperation(WriteCounters::processBytes) / KIBIBYTE)});
        }
        return SummaryTable.markdown(new String[] {
            "arm", "method", "threads", "writes", "writes/s", "p50", "p99", "p99.9", "max",
            "device KiB/write", "device writes/write", "flushes/write", "process KiB/write"}, rows);
    }

    /**
     * Raw appends of one length: a row for each state of the file, a column for each way to sync; median, bytes that
     * the device wrote and flushes for each append.
     */
    static String matrix(final List<Rounds> appends, final int appendLength) {
        final List<String> header = new ArrayList<>(List.of(appendLength + " B appended to a file that is"));
        final List<String[]> rows = new ArrayList<>();
        for (final FileState state : FileState.values()) {
            final List<String> row = new ArrayList<>(List.of(state.name().toLowerCase(Locale.ROOT)));
            for (final SyncCall call : RawAppendArm.CALLS) {
                final Rounds rounds = Rounds.find(appends, RawAppendArm.name(state, call, appendLength), 1);
                row.add(rounds == null ? "-" : String.format(Locale.ROOT, "%s, %s KiB, %s",
                    SummaryTable.time(rounds.total().getValueAtPercentile(50)),
                    figure(rounds.perOperation(WriteCounters::deviceBytes) / KIBIBYTE),
                    figure(rounds.perOperation(WriteCounters::deviceFlushes))));
            }
            rows.add(row.toArray(String[]::new));
        }
        for (final SyncCall call : RawAppendArm.CALLS) {
            header.add(call.name().toLowerCase(Locale.ROOT));
        }
        return SummaryTable.markdown(header.toArray(String[]::new), rows);
    }

    private static String figure(final double value) {
        return Double.isNaN(value) ? "?" : String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.1f", value);
    }
}
