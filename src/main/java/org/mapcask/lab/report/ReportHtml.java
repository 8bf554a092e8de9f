package org.mapcask.lab.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.HdrHistogram.Histogram;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.StoreIoException;
import org.mapcask.lab.results.Json;

/** Writes runs as one HTML page that needs nothing else, not even a network. Stateless. */
public final class ReportHtml {
    private static final String UPLOT = "/META-INF/resources/webjars/uplot/";
    private static final String UPLOT_POM = "/META-INF/maven/org.webjars.npm/uplot/pom.properties";
    /** Points of a curve from one nine to the next. */
    private static final int POINTS_PER_NINE = 25;
    private static final int NINES_MAX = 7;
    /** A chart of bytes has no use for more points. */
    private static final int SPACE_POINTS_MAX = 600;
    private static final double[] PERCENTILES = {50, 90, 99, 99.9, 99.99, 100};

    private ReportHtml() {
    }

    /**
     * Renders runs.
     *
     * @param runs at least one.
     * @return the page.
     * @throws IOException      if the page's own parts cannot be read.
     * @throws StoreIoException if uPlot is not on the class path.
     */
    public static String render(final List<RunFolder> runs) throws IOException {
        final Properties pom = new Properties();
        try (InputStream in = ReportHtml.class.getResourceAsStream(UPLOT_POM)) {
            if (in == null) {
                throw new StoreIoException(ErrorText.what("the report cannot be drawn").where("class path")
                    .expected("the jar org.webjars.npm:uplot").found("none").todo("use mapcask.jar, which has it"));
            }
            pom.load(in);
        }
        final String uplot = UPLOT + pom.getProperty("version") + "/";
        final String title = String.join(", ", runs.stream().map(RunFolder::name).toList());
        return resource("report.html")
            .replace("{{title}}", escape(title))
            .replace("{{uplot-licence}}", resource(uplot + "LICENSE").strip())
            .replace("{{uplot-style}}", resource(uplot + "dist/uPlot.min.css").strip())
            .replace("{{style}}", resource("report.css").strip())
            .replace("{{uplot-script}}", resource(uplot + "dist/uPlot.iife.min.js").strip())
            .replace("{{data}}", Json.compact(data(runs)).replace("</", "<\\/"))
            .replace("{{script}}", resource("report.js").strip());
    }

    private static String resource(final String name) throws IOException {
        try (InputStream in = ReportHtml.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("not on the class path: " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String escape(final String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static Map<String, Object> data(final List<RunFolder> runs) {
        final List<Object> runList = new ArrayList<>();
        final List<Object> recordings = new ArrayList<>();
        long most = 1;
        for (final RunFolder run : runs) {
            for (final Recording recording : run.recordings()) {
                most = Math.max(most, recording.responseTotal().getTotalCount());
            }
        }
        final int nines = (int) Math.max(2, Math.min(NINES_MAX, Math.ceil(Math.log10(most))));
        for (int i = 0; i < runs.size(); i++) {
            final RunFolder run = runs.get(i);
            final Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", run.name());
            one.put("failed", run.failed());
            one.put("command", run.command());
            one.put("environment", run.environment());
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
