package org.mapcask.lab.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** What the script of the page gets: everything that is drawn, as maps and lists. Stateless. */
final class ReportData {
    /** Points of a curve from one nine to the next. */
    private static final int POINTS_PER_NINE = 25;
    private static final int NINES_MAX = 7;
    /** A chart of bytes has no use for more points. */
    private static final int SPACE_POINTS_MAX = 600;
    private static final double[] PERCENTILES = {50, 90, 99, 99.9, 99.99, 100};

    private ReportData() {
    }

    static Map<String, Object> of(final List<RunFolder> runs) {
        final List<Object> runList = new ArrayList<>();
        final List<Object> recordings = new ArrayList<>();
        final int nines = nines(runs);
        for (int i = 0; i < runs.size(); i++) {
            final RunFolder run = runs.get(i);
            final Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", run.name());
            one.put("failed", run.failed());
            one.put("command", run.command());
            one.put("environment", run.environment());
            if (run.sweep() != null) {
                one.put("sweep", ComparisonData.sweep(run.sweep()));
            }
            if (!run.peers().isEmpty()) {
                one.put("peers", ComparisonData.peers(run.peers()));
            }
            one.put("groups", run.groups().stream().map(group -> group(group, nines)).toList());
            runList.add(one);
            for (final Recording recording : run.recordings()) {
                recordings.add(recording(i, recording, nines));
            }
        }
        final Map<String, Object> out = new LinkedHashMap<>();
        out.put("runs", runList);
        out.put("nines", axis(nines));
        out.put("recordings", recordings);
        return out;
    }

    /** As far as the axis has to go for whoever has most values. */
    private static int nines(final List<RunFolder> runs) {
        long most = 1;
        for (final RunFolder run : runs) {
            for (final Recording recording : run.recordings()) {
                most = Math.max(most, recording.responseTotal().getTotalCount());
            }
            for (final CurveGroup group : run.groups()) {
                for (final CurveGroup.Curve curve : group.curves()) {
                    most = Math.max(most, curve.values().getTotalCount());
                }
            }
        }
        return (int) Math.max(2, Math.min(NINES_MAX, Math.ceil(Math.log10(most))));
    }

    private static Map<String, Object> group(final CurveGroup group, final int nines) {
        final Map<String, Object> out = new LinkedHashMap<>();
        out.put("title", group.title());
        out.put("note", group.note());
        out.put("curves", group.curves().stream().map(curve -> {
            final Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", curve.name());
            one.put("colour", curve.colour());
            one.put("count", curve.values().getTotalCount());
            one.put("table", percentiles(curve.values()));
            one.put("values", curve(curve.values(), nines));
            return one;
        }).toList());
        if (group.hiccups().getTotalCount() > 0) {
            out.put("hiccup", curve(group.hiccups(), nines));
        }
        return out;
    }

    private static List<Double> axis(final int nines) {
        final List<Double> out = new ArrayList<>();
        for (int i = 0; i <= nines * POINTS_PER_NINE; i++) {
            out.add((double) i / POINTS_PER_NINE);
        }
        return out;
    }

    private static Map<String, Object> recording(final int run, final Recording recording, final int nines) {
        final Map<String, Object> out = new LinkedHashMap<>();
        final Histogram total = recording.responseTotal();
        out.put("run", run);
        out.put("tag", recording.tag());
        out.put("open", recording.isOpen());
        out.put("count", total.getTotalCount());
        out.put("rate", recording.rate());
        out.put("table", percentiles(total));
        out.put("response", curve(total, nines));
        if (recording.isOpen()) {
            out.put("service", curve(recording.serviceTotal(), nines));
            out.put("serviceTable", percentiles(recording.serviceTotal()));
        }
        final Histogram hiccups = recording.hiccupTotal();
        if (hiccups.getTotalCount() > 0) {
            out.put("hiccup", curve(hiccups, nines));
        }
        out.put("time", overTime(recording));
        out.put("heat", heat(recording));
        if (recording.space().size() > 1) {
            out.put("space", space(recording.space()));
        }
        out.put("spans", recording.spans().stream().map(span -> List.of(span.kind(), span.from(), span.until()))
            .toList());
        return out;
    }

    private static List<Long> percentiles(final Histogram histogram) {
        final List<Long> out = new ArrayList<>();
        for (final double percentile : PERCENTILES) {
            out.add(histogram.getValueAtPercentile(percentile));
        }
        return out;
    }

    /** Values at each point of the axis; none after the one that only the maximum has passed. */
    private static List<Long> curve(final Histogram histogram, final int nines) {
        final List<Long> out = new ArrayList<>();
        final double last = Math.log10(Math.max(2, histogram.getTotalCount()));
        for (final double nine : axis(nines)) {
            out.add(nine > last + 1.0 / POINTS_PER_NINE ? null
                : Long.valueOf(Math.max(1, histogram.getValueAtPercentile(100 * (1 - Math.pow(10, -nine))))));
        }
        return out;
    }

    private static Map<String, Object> overTime(final Recording recording) {
        final List<Object> at = new ArrayList<>();
        final List<Object> rates = new ArrayList<>();
        final List<List<Object>> lines = List.of(
            new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        final double[] percentiles = {50, 99, 99.9, 100};
        for (final Histogram interval : recording.response()) {
            at.add(recording.middle(interval));
            rates.add(interval.getTotalCount() / Recording.length(interval));
            for (int i = 0; i < percentiles.length; i++) {
                lines.get(i).add(interval.getTotalCount() == 0 ? null
                    : Long.valueOf(Math.max(1, interval.getValueAtPercentile(percentiles[i]))));
            }
        }
        final Map<String, Object> out = new LinkedHashMap<>();
        out.put("at", at);
        out.put("rate", rates);
        out.put("lines", lines);
        return out;
    }

    private static Map<String, Object> heat(final Recording recording) {
        final HeatGrid grid = new HeatGrid(recording);
        final List<Object> edges = new ArrayList<>();
        for (int row = 0; row <= grid.rows(); row++) {
            edges.add(grid.edge(row));
        }
        final List<Object> begins = new ArrayList<>();
        final List<Object> ends = new ArrayList<>();
        final List<Object> cells = new ArrayList<>();
        for (int column = 0; column < recording.response().size(); column++) {
            final Histogram interval = recording.response().get(column);
            begins.add(recording.begin(interval));
            ends.add(recording.begin(interval) + Recording.length(interval));
            for (int row = 0; row < grid.rows(); row++) {
                if (grid.count(column, row) > 0) {
                    cells.add(List.of(column, row, grid.count(column, row)));
                }
            }
        }
        final Map<String, Object> out = new LinkedHashMap<>();
        out.put("edges", edges);
        out.put("begins", begins);
        out.put("ends", ends);
        out.put("cells", cells);
        out.put("max", grid.max());
        return out;
    }

    private static List<Object> space(final List<Recording.Space> samples) {
        final List<Object> at = new ArrayList<>();
        final List<Object> live = new ArrayList<>();
        final List<Object> dead = new ArrayList<>();
        final List<Object> total = new ArrayList<>();
        final int step = Math.max(1, samples.size() / SPACE_POINTS_MAX);
        for (int i = 0; i < samples.size(); i += step) {
            at.add(samples.get(i).seconds());
            live.add(samples.get(i).live());
            dead.add(samples.get(i).dead());
            total.add(samples.get(i).total());
        }
        return List.of(at, live, dead, total);
    }
}
