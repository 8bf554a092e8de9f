package org.mapcask.lab.probe;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.mapcask.MapcaskOptions;
import org.mapcask.lab.probe.ProbeCell.Part;
import org.mapcask.lab.results.SummaryTable;

/**
 * Options of a store that fit what a probe found: lines of a properties file, each with its reason. A difference counts
 * if it is more than a tenth in every round; else the default stays. Immutable.
 */
public final class ProbeChoice {
    private static final double TENTH = 1.1;
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

    /** Whether one way has a p50 that is more than a tenth below that of another one in each round of both. */
    private boolean clearlyFaster(
        final FileState state, final SyncCall call, final FileState otherState, final SyncCall other) {
        final ProbeCell one = report.measured(Part.SYNC, SyncMatrix.name(LENGTH, state, call));
        final ProbeCell two = report.measured(Part.SYNC, SyncMatrix.name(LENGTH, otherState, other));
        if (one == null || two == null) {
            return one != null;
        }
        boolean faster = true;
        for (int i = 0; i < Math.min(one.intervals().size(), two.intervals().size()); i++) {
            faster &= one.intervals().get(i).getValueAtPercentile(50) * TENTH
                < two.intervals().get(i).getValueAtPercentile(50);
        }
        return faster;
    }

    /** Of the three ways to sync a segment. One that writes what a prefault only touched is left out. */
    private SyncCall syncMethod() {
        SyncCall chosen = SyncCall.MSYNC;
        final ProbeCell first = report.measured(Part.FILE, "first-fdatasync");
        final boolean spills = first != null && first.figure(FileCost.MIB) > PREFAULT_WRITES_MIB;
        for (final SyncCall call : List.of(SyncCall.FORCE, SyncCall.FDATASYNC)) {
            if (clearlyFaster(FileState.ZEROED, call, FileState.ZEROED, chosen)
                && !(call == SyncCall.FDATASYNC && spills)) {
                chosen = call;
            }
        }
        put("syncMethod", chosen.lowerName(), "4 KiB into a file of zeros, p50: msync "
            + time(sync(FileState.ZEROED, SyncCall.MSYNC)) + ", force " + time(sync(FileState.ZEROED, SyncCall.FORCE))
            + ", fdatasync " + time(sync(FileState.ZEROED, SyncCall.FDATASYNC))
            + (spills ? "; the first fdatasync after a prefault writes "
                + String.format(Locale.ROOT, "%.0f MiB", first.figure(FileCost.MIB)) : ""));
        return chosen;
    }

    private void wal(final SyncCall mapped) {
        final double direct = sync(FileState.ZEROED, SyncCall.DIRECT);
        final SyncCall ring = Double.isNaN(direct) ? SyncCall.WRITE_FDATASYNC : SyncCall.DIRECT;
        final double ringNs = sync(FileState.ZEROED, ring);
        final double segmentNs = sync(FileState.ZEROED, mapped);
        final boolean slower = clearlyFaster(FileState.ZEROED, mapped, FileState.ZEROED, ring);
        put("wal", Boolean.toString(!slower), "4 KiB into a file of zeros, p50: " + ring.label() + " "
            + time(ringNs) + ", the best sync of a mapping " + time(segmentNs)
            + (slower ? "; with many threads the log may win all the same: measure it" : ""));
    }

    private void segmentFill(final SyncCall mapped) {
        final double zeroed = sync(FileState.ZEROED, mapped);
        final double allocated = sync(FileState.FALLOCATED, mapped);
        final boolean matters = clearlyFaster(FileState.ZEROED, mapped, FileState.FALLOCATED, mapped);
        final boolean segmentsSynced = "false".equals(options.get("wal"));
        put("segmentFill", segmentsSynced && !matters ? "allocate" : "auto", "4 KiB, p50: into a file of zeros "
            + time(zeroed) + ", into one with blocks alone " + time(allocated)
            + "; auto writes zeros where each write syncs its segment");
    }

    private void prefault() {
        final ProbeCell plain = report.measured(Part.TOUCH, "fallocated-plain");
        final ProbeCell populated = report.measured(Part.TOUCH, "populate-write");
        if (populated == null || plain == null) {
            put("prefaultWindow", "0", "page faults cannot be taken ahead here");
        } else {
            put("prefaultWindow", MapcaskOptions.defaults().toProperties().getProperty("prefaultWindow"),
                "128 B appended without any sync, p99.9: " + time(populated.total().getValueAtPercentile(99.9))
                    + " with pages made present, " + time(plain.total().getValueAtPercentile(99.9)) + " without");
        }
    }

    private void sealedRead() {
        final ProbeCell mapped = report.measured(Part.READ, "mapped");
        final ProbeCell pread = report.measured(Part.READ, "pread");
        if (mapped == null || pread == null) {
            put("sealedRead", "mapped", "cold reads could not be measured here");
            return;
        }
        final boolean around = mapped.figure(ColdReads.KIB) > READ_AROUND_KIB;
        put("sealedRead", "mapped", String.format(Locale.ROOT, "for data that fits into memory. For data that does not,"
                + " pread: a cold read has a p50 of %s against %s%s, and others wait for a safepoint up to %s"
                + " against %s",
            time(pread.total().getValueAtPercentile(50)), time(mapped.total().getValueAtPercentile(50)),
            around ? String.format(Locale.ROOT, " (which read %.0f KiB each)", mapped.figure(ColdReads.KIB)) : "",
            time(pread.figure(ColdReads.SAFEPOINT_P99_US) * 1e3),
            time(mapped.figure(ColdReads.SAFEPOINT_P99_US) * 1e3)));
    }

    private String best() {
        SyncCall chosen = null;
        for (final SyncCall call : SyncCall.values()) {
            final double p50 = sync(FileState.ZEROED, call);
            if (call.isDurable() && !Double.isNaN(p50) && (chosen == null || p50 < sync(FileState.ZEROED, chosen))) {
                chosen = call;
            }
        }
        return chosen == null ? "No durable append could be measured here." : "A durable append of 4 KiB to a file of"
            + " zeros takes " + time(sync(FileState.ZEROED, chosen)) + " (p50) by the best way, "
            + chosen.label() + ".";
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
