package org.mapcask.lab.probe;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.mapcask.MapcaskOptions;
import org.mapcask.lab.probe.ProbeCell.Part;
import org.mapcask.lab.results.SummaryTable;

/**
 * Options of a store that fit what a probe found: lines of a properties file, each with its reason. A cell counts if it
 * has samples enough for the percentile that is read from it; a difference, if it is more than a tenth in every round
 * and more than a microsecond. Where nothing counts, the default stays, and the reason says so. Immutable.
 */
public final class ProbeChoice {
    /** Samples without which a median says nothing. */
    static final int SAMPLES_MIN = 30;
    /** Samples without which there is no 99.9th percentile. */
    static final int TAIL_SAMPLES_MIN = 1000;

    private static final double TENTH = 1.1;
    /** Two ways that differ by less are a matter of a call or two, not of the device. */
    private static final double MARGIN_NS = 1000;
    /** Others wait for a safepoint longer if it is more than twice as long: the meter's own work is in each. */
    private static final double TWICE = 2;
    private static final String DEFAULT_STAYS = "; no clear difference, so the default stays";
    private static final String MORE_TIME = ", at least " + SAMPLES_MIN + " are needed; give more --seconds";
    private static final double PREFAULT_WRITES_MIB = 1;
    private static final double READ_AROUND_KIB = 64;
    private static final int LENGTH = DirectFile.BLOCK_LENGTH;

    private final ProbeReport report;
    private final Map<String, String> options = new LinkedHashMap<>();
    private final Map<String, String> reasons = new LinkedHashMap<>();
    private final String best;

    ProbeChoice(final ProbeReport report) {
        this.report = report;
        final SyncCall mapped = syncMethod();
        wal(mapped);
        segmentFill(mapped);
        prefault();
        sealedRead();
        best = best();
    }

    private double sync(final FileState state, final SyncCall call) {
        return report.p50(Part.SYNC, SyncMatrix.name(LENGTH, state, call));
    }

    private ProbeCell cell(final FileState state, final SyncCall call) {
        return report.measured(Part.SYNC, SyncMatrix.name(LENGTH, state, call));
    }

    private static long samples(final ProbeCell cell) {
        return cell.total().getTotalCount();
    }

    private static boolean isTooFew(final ProbeCell cell) {
        return cell != null && samples(cell) < SAMPLES_MIN;
    }

    /** Whether one way is clearly faster than another one; one that can be measured is faster than one that cannot. */
    private boolean clearlyFaster(
        final FileState state, final SyncCall call, final FileState otherState, final SyncCall other) {
        final ProbeCell one = cell(state, call);
        final ProbeCell two = cell(otherState, other);
        return one != null && !isTooFew(one) && (two == null || clearlyFaster(one, two));
    }

    /** Whether one cell has a p50 that is clearly below that of another one in each round of both. */
    private static boolean clearlyFaster(final ProbeCell one, final ProbeCell two) {
        boolean faster = !isTooFew(one) && !isTooFew(two);
        for (int i = 0; i < Math.min(one.intervals().size(), two.intervals().size()); i++) {
            final long fast = one.intervals().get(i).getValueAtPercentile(50);
            final long slow = two.intervals().get(i).getValueAtPercentile(50);
            faster &= fast * TENTH < slow && fast + MARGIN_NS < slow;
        }
        return faster;
    }

    /** Of the three ways to sync a segment. One that writes what a prefault only touched is left out. */
    private SyncCall syncMethod() {
        SyncCall chosen = SyncCall.MSYNC;
        final ProbeCell first = report.measured(Part.FILE, "first-fdatasync");
        final boolean spills = first != null && first.figure(FileCost.MIB) > PREFAULT_WRITES_MIB;
        boolean differs = false;
        for (final SyncCall call : List.of(SyncCall.FORCE, SyncCall.FDATASYNC)) {
            differs |= clearlyFaster(FileState.ZEROED, call, FileState.ZEROED, SyncCall.MSYNC)
                || clearlyFaster(FileState.ZEROED, SyncCall.MSYNC, FileState.ZEROED, call);
            if (clearlyFaster(FileState.ZEROED, call, FileState.ZEROED, chosen)
                && !(call == SyncCall.FDATASYNC && spills)) {
                chosen = call;
            }
        }
        put("syncMethod", chosen.lowerName(), "4 KiB into a file of zeros, p50: msync "
            + median(FileState.ZEROED, SyncCall.MSYNC) + ", force " + median(FileState.ZEROED, SyncCall.FORCE)
            + ", fdatasync " + median(FileState.ZEROED, SyncCall.FDATASYNC)
            + (spills ? "; the first fdatasync after a prefault writes "
                + String.format(Locale.ROOT, "%.0f MiB", first.figure(FileCost.MIB)) : "")
            + (differs ? "" : DEFAULT_STAYS));
        return chosen;
    }

    private void wal(final SyncCall mapped) {
        final double direct = sync(FileState.ZEROED, SyncCall.DIRECT);
        final SyncCall ring = Double.isNaN(direct) ? SyncCall.WRITE_FDATASYNC : SyncCall.DIRECT;
        final boolean slower = clearlyFaster(FileState.ZEROED, mapped, FileState.ZEROED, ring);
        final boolean faster = clearlyFaster(FileState.ZEROED, ring, FileState.ZEROED, mapped);
        put("wal", Boolean.toString(!slower), "4 KiB into a file of zeros, p50: " + ring.label() + " "
            + median(FileState.ZEROED, ring) + ", the best sync of a mapping " + median(FileState.ZEROED, mapped)
            + (slower ? "; with many threads the log may win all the same: measure it"
                : faster ? "" : DEFAULT_STAYS));
    }

    private void segmentFill(final SyncCall mapped) {
        final boolean matters = clearlyFaster(FileState.ZEROED, mapped, FileState.FALLOCATED, mapped);
        final boolean known = cell(FileState.ZEROED, mapped) != null && !isTooFew(cell(FileState.ZEROED, mapped))
            && !isTooFew(cell(FileState.FALLOCATED, mapped));
        final boolean segmentsSynced = "false".equals(options.get("wal"));
        put("segmentFill", segmentsSynced && known && !matters ? "allocate" : "auto",
            "4 KiB, p50: into a file of zeros " + median(FileState.ZEROED, mapped) + ", into one with blocks alone "
            + median(FileState.FALLOCATED, mapped) + "; auto writes zeros where each write syncs its segment");
    }

    private void prefault() {
        final ProbeCell plain = report.measured(Part.TOUCH, "fallocated-plain");
        final ProbeCell populated = report.measured(Part.TOUCH, "populate-write");
        if (populated == null || plain == null) {
            put("prefaultWindow", "0", "page faults cannot be taken ahead here");
        } else {
            put("prefaultWindow", MapcaskOptions.defaults().toProperties().getProperty("prefaultWindow"),
                "128 B appended without any sync, p99.9: " + tail(populated) + " with pages made present, "
                    + tail(plain) + " without");
        }
    }

    private void sealedRead() {
        final ProbeCell mapped = report.measured(Part.READ, "mapped");
        final ProbeCell pread = report.measured(Part.READ, "pread");
        if (mapped == null || pread == null) {
            put("sealedRead", "mapped", "cold reads could not be measured here");
            return;
        }
        if (isTooFew(mapped) || isTooFew(pread)) {
            put("sealedRead", "mapped", "too few cold reads to compare: pread " + samples(pread) + ", mapped "
                + samples(mapped) + MORE_TIME);
            return;
        }
        final boolean around = mapped.figure(ColdReads.KIB) > READ_AROUND_KIB;
        final boolean slower = clearlyFaster(mapped, pread);
        final boolean waits = waits(mapped, pread);
        final String advice = slower && waits
            ? "measure pread: its reads take longer, but nobody waits for them at a safepoint"
            : slower ? "mapped as well" : waits || clearlyFaster(pread, mapped) ? "pread"
            : "no clear difference, so mapped as well";
        put("sealedRead", "mapped", String.format(Locale.ROOT, "for data that fits into memory. For data that does "
                + "not, %s. A cold read by pread has a p50 of %s against %s mapped%s; others wait for a safepoint %s"
                + " against %s (p50)",
            advice, median(pread), median(mapped),
            around ? String.format(Locale.ROOT, " (which read %.0f KiB each)", mapped.figure(ColdReads.KIB)) : "",
            safepoint(pread), safepoint(mapped)));
    }

    /** Whether others clearly wait longer for a safepoint beside one way than beside another one. */
    private static boolean waits(final ProbeCell one, final ProbeCell two) {
        return one.figure(ColdReads.SAFEPOINTS) >= SAMPLES_MIN && two.figure(ColdReads.SAFEPOINTS) >= SAMPLES_MIN
            && one.figure(ColdReads.SAFEPOINT_P50_US) > TWICE * two.figure(ColdReads.SAFEPOINT_P50_US);
    }

    private static String safepoint(final ProbeCell cell) {
        final double samples = cell.figure(ColdReads.SAFEPOINTS);
        return samples >= SAMPLES_MIN
            ? time(cell.figure(ColdReads.SAFEPOINT_P50_US) * 1e3) + String.format(Locale.ROOT, " (n %.0f)", samples)
            : "too seldom to tell";
    }

    private String best() {
        SyncCall chosen = null;
        boolean anyTooFew = false;
        for (final SyncCall call : SyncCall.values()) {
            final ProbeCell cell = cell(FileState.ZEROED, call);
            final boolean counts = call.isDurable() && cell != null;
            anyTooFew |= counts && isTooFew(cell);
            if (counts && !isTooFew(cell)
                && (chosen == null || sync(FileState.ZEROED, call) < sync(FileState.ZEROED, chosen))) {
                chosen = call;
            }
        }
        if (chosen == null) {
            return anyTooFew ? "No way of a durable append was measured often enough" + MORE_TIME + "."
                : "No durable append could be measured here.";
        }
        return "A durable append of 4 KiB to a file of zeros has a p50 of " + median(FileState.ZEROED, chosen)
            + " by the best way, " + chosen.label() + ".";
    }

    private String median(final FileState state, final SyncCall call) {
        return median(cell(state, call));
    }

    private static String median(final ProbeCell cell) {
        return cell == null ? "not measured" : percentile(cell, 50, SAMPLES_MIN);
    }

    private static String tail(final ProbeCell cell) {
        return percentile(cell, 99.9, TAIL_SAMPLES_MIN);
    }

    /** A time with the number of samples that it comes from; too few of them give no time. */
    private static String percentile(final ProbeCell cell, final double percentile, final int least) {
        final long samples = samples(cell);
        return samples < least ? "unknown (n " + samples + ", too few: at least " + least + ")"
            : time(cell.total().getValueAtPercentile(percentile)) + " (n " + samples + ")";
    }

    private void put(final String option, final String value, final String reason) {
        options.put(option, value);
        reasons.put(option, reason);
    }

    private static String time(final double ns) {
        return Double.isNaN(ns) ? "not measured" : SummaryTable.time(ns);
    }

    /** The options, as a set that a store takes. */
    public MapcaskOptions options() {
        final MapcaskOptions.Builder builder = MapcaskOptions.builder();
        options.forEach(builder::override);
        return builder.build();
    }

    /** One sentence: the best way, what it costs, and the options in short. */
    public String sentence() {
        final StringBuilder text = new StringBuilder(best).append(" Choose");
        String separator = " ";
        for (final Map.Entry<String, String> option : options.entrySet()) {
            text.append(separator).append(option.getKey()).append('=').append(option.getValue());
            separator = ", ";
        }
        return text.append('.').toString();
    }

    /** Lines of a properties file, each with its reason before it. */
    public String properties() {
        final StringBuilder text = new StringBuilder();
        options.forEach((option, value) -> text.append("# ").append(reasons.get(option)).append('\n')
            .append(option).append('=').append(value).append('\n'));
        return text.toString();
    }

    Map<String, Object> asMap() {
        final Map<String, Object> map = new LinkedHashMap<>();
        map.put("sentence", sentence());
        map.put("options", options);
        map.put("reasons", reasons);
        return map;
    }
}
