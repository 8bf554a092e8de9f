package org.mapcask.lab.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.xml.parsers.DocumentBuilderFactory;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.errors.InvalidArgumentException;
import org.mapcask.lab.host.ProcessCounters;
import org.mapcask.lab.results.Csv;
import org.mapcask.lab.results.HistogramFiles;
import org.mapcask.lab.results.Json;
import org.mapcask.lab.results.SummaryTable;
import org.mapcask.lab.rig.IntervalRecorder;
import org.mapcask.lab.rig.Measurement;
import org.mapcask.lab.run.JobResult;
import org.xml.sax.InputSource;

/** Reports of folders that were made by hand, so that it is known what has to be in them. */
class ReportTest {
    private static final long START_MILLIS = 1_700_000_000_000L;
    private static final long START_NS = 5;
    private static final int OPERATIONS = 1000;

    @TempDir
    Path root;
    private Path folder;

    @BeforeEach
    void write() throws IOException {
        folder = Files.createDirectory(root.resolve("20260102-by-hand"));
        HistogramFiles.write(folder, measurement("get", Measurement.Loop.OPEN));
        Files.writeString(folder.resolve("get.space.csv"), "elapsed_ms,written_bytes,live_bytes,dead_bytes,"
            + "total_bytes,disk_bytes,merging,merge_runs,moved_bytes\n-5,0,10,20,100,,0,0,0\n"
            + "2000,0,11,21,200,,1,0,0\n");
        Files.writeString(folder.resolve("get.spans.csv"), "kind,from_ms,until_ms\nmerge,500,1500\n"
            + "checkpoint,700,900\n");
        Files.writeString(folder.resolve("command.txt"), "mapcask bench </script> readrandom\n");
    }

    @Test
    void shouldReadAFolderBackAsItWasMeasured() throws IOException {
        final RunFolder run = RunFolder.read(folder);

        assertEquals("20260102-by-hand", run.name());
        assertFalse(run.failed());
        assertEquals(1, run.recordings().size());
        final Recording get = run.recordings().get(0);
        assertTrue(get.isOpen());
        assertEquals(OPERATIONS, get.responseTotal().getTotalCount());
        assertEquals(OPERATIONS, get.serviceTotal().getTotalCount());
        assertEquals(1, get.hiccupTotal().getTotalCount());
        assertEquals(List.of(new Recording.Span("merge", 0.5, 1.5), new Recording.Span("checkpoint", 0.7, 0.9)),
            get.spans());
        assertEquals(List.of(new Recording.Space(-0.005, 10, 20, 100), new Recording.Space(2, 11, 21, 200)),
            get.space());
        assertEquals(0.05, get.middle(get.response().get(0)), 1e-9);
    }

    @Test
    void shouldTellTheSameRateAsTheSummaryOfTheRun() throws IOException {
        assertEquals(OPERATIONS, RunFolder.read(folder).recordings().get(0).rate(), OPERATIONS / 100.0,
            "over the intervals");
        final Map<String, Object> other = new LinkedHashMap<>(Map.of("tag", "get-2", "elapsedNs", 1));
        final Map<String, Object> get = SummaryTable.json(measurement("get", Measurement.Loop.OPEN));
        get.put("elapsedNs", 800_000_000L);
        Files.writeString(folder.resolve("summary.json"), Json.render(Map.of("measurements", List.of(other, get))));

        final Recording recording = RunFolder.read(folder).recordings().get(0);

        assertEquals(OPERATIONS / 0.8, recording.rate(), 1e-6);
        assertTrue(ReportHtml.render(List.of(RunFolder.read(folder))).contains("\"count\":1000,\"rate\":1250,"));
    }

    @Test
    void shouldDashOnlyServiceTimesAndDotCurvesOfOneColour() throws Exception {
        for (int i = 0; i < 10; i++) {
            HistogramFiles.write(folder, measurement("x" + i,
                i == 9 ? Measurement.Loop.OPEN : Measurement.Loop.CLOSED));
        }
        final RunFolder run = RunFolder.read(folder);
        assertEquals(11, run.recordings().size());

        final String svg = ReportSvg.render(List.of(run)).get("percentiles.svg");

        assertTrue(svg.contains("<path class=\"line c0\""), svg);
        assertTrue(svg.contains("<path class=\"line c0 dashed\""), "the first one is an open loop");
        assertTrue(svg.contains("<path class=\"line c0 again1\""), "the tenth is a closed one");
        assertFalse(svg.contains("<path class=\"line c0 dashed again1\""), svg);
        assertTrue(svg.contains("<path class=\"line c1 dashed again1\""), "the eleventh is an open one");
        assertTrue(svg.contains("service time of a closed loop"), svg);
        final String page = ReportHtml.render(List.of(run));
        assertTrue(page.contains("of a closed loop, service time"), "the caption names them");
        assertFalse(page.contains("dash: ["), "patterns come from one place");
    }

    @Test
    void shouldMakeOnePageThatNeedsNothingElse() throws IOException {
        final Path other = Files.createDirectory(root.resolve("20260103-other.FAIL"));
        HistogramFiles.write(other, measurement("put", Measurement.Loop.CLOSED));

        final String page = ReportHtml.render(List.of(RunFolder.read(folder), RunFolder.read(other)));

        assertTrue(page.contains("var uPlot=") && page.contains("Leon Sorokin"), "uPlot and its licence are in it");
        assertFalse(page.contains("{{"), "a place that was not filled");
        assertFalse(page.matches("(?s).*<(script|img|link)[^>]*(src|href)=.*"), "something is loaded from elsewhere");
        assertTrue(page.contains("\"name\":\"20260103-other.FAIL\",\"failed\":true"), "the failure is told");
        assertTrue(page.contains("bench <\\/script> readrandom"), "a text must not end the data");
        assertTrue(page.contains("\"tag\":\"put\",\"open\":false,\"count\":1000"));
        assertTrue(page.contains("\"spans\":[[\"merge\",0.5,1.5],[\"checkpoint\",0.7,0.9]]"));
    }

    @Test
    void shouldDrawTheSameChartsAsWellFormedSvg() throws Exception {
        final Map<String, String> charts = ReportSvg.render(List.of(RunFolder.read(folder)));

        assertEquals(List.of("percentiles.svg", "get-latency.svg", "get-heat.svg", "get-rate.svg", "get-space.svg"),
            List.copyOf(charts.keySet()));
        for (final String chart : charts.values()) {
            assertEquals("svg", DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(new InputSource(new StringReader(chart))).getDocumentElement().getTagName());
            assertTrue(chart.contains("prefers-color-scheme: dark"));
        }
        assertTrue(charts.get("get-latency.svg").contains("a merge runs"));
        assertTrue(charts.get("get-latency.svg").contains("a checkpoint runs"));
        assertEquals(RunFolder.read(folder).recordings().get(0).response().size(),
            charts.get("get-heat.svg").split("class=\"heat\"").length - 1, "all took as long: a cell each interval");
    }

    @Test
    void shouldCountEachOperationInOneCellOfTheHeatMap() throws IOException {
        final Recording recording = RunFolder.read(folder).recordings().get(0);
        final HeatGrid grid = new HeatGrid(recording);
        long sum = 0;
        for (int column = 0; column < recording.response().size(); column++) {
            for (int row = 0; row < grid.rows(); row++) {
                sum += grid.count(column, row);
            }
        }
        assertEquals(OPERATIONS, sum);
        assertTrue(grid.edge(0) <= 2000 && grid.edge(grid.rows()) > 2000, grid.edge(0) + " " + grid.edge(grid.rows()));
    }

    @Test
    void shouldDrawStoresThatWereComparedWithTheirLatencies() throws Exception {
        final Path peers = Files.createDirectories(root.resolve("20260104-peers").resolve(PeerRow.HISTOGRAMS));
        Files.writeString(peers.resolveSibling(PeerRow.FILE), PeerRow.HEADER
            + Csv.line("mapcask", "Mapcask", 100, "get", "random get, 1 thread", "RATE", 2e6, "2,000 k/s", 1, 3, 2)
            + Csv.line("lmdb", "LMDB", 100, "get", "random get, 1 thread", "RATE", 1e6, "1,000 k/s", 1, 3, 2)
            + Csv.line("lmdb", "LMDB", 100, "open", "open", "TIME", 2.5, "2.50 ms", 2, 3, 2));
        HistogramFiles.write(peers, measurement("mapcask-get-100B", Measurement.Loop.CLOSED));
        HistogramFiles.write(peers, measurement("lmdb-get-100B", Measurement.Loop.CLOSED));

        final RunFolder run = RunFolder.read(peers.getParent());

        assertEquals(List.of(true, true, false), run.peers().stream().map(PeerRow::isRate).toList());
        assertEquals(1, run.groups().size(), "open has no latencies");
        assertEquals(List.of("Mapcask", "LMDB"),
            run.groups().get(0).curves().stream().map(CurveGroup.Curve::name).toList());
        assertEquals(2, run.groups().get(0).hiccups().getTotalCount());
        final String page = ReportHtml.render(List.of(run));
        assertTrue(page.contains("\"title\":\"random get, 1 thread\",\"rate\":true,\"cells\":[{\"name\":\"Mapcask\","
            + "\"colour\":0,\"value\":2000000,\"text\":\"2,000 k/s\"}"), "the bars");
        final Map<String, String> charts = ReportSvg.render(List.of(run));
        assertEquals(List.of("rates-100B.svg", "random-get-1-thread-values-of-100-B.svg"),
            List.copyOf(charts.keySet()));
        assertEquals(2, charts.get("rates-100B.svg").split("class=\"f\\d\"").length - 1, "rates only");
    }

    @Test
    void shouldDrawASweepAsFarAsItCame() throws Exception {
        final Path sweep = Files.createDirectories(root.resolve("20260105-sweep").resolve("cells"));
        Files.writeString(sweep.resolveSibling("sweep.properties"),
            "workloads=overwrite\nrepeats=6\nknob.readVerify=true,false\n");
        for (int round = 1; round <= 6; round++) {
            cell(sweep, String.format("r%02d-s0-overwrite", round), 1000 + round);
            cell(sweep, String.format("r%02d-s1-overwrite", round), 2000 + 2 * round);
        }
        Files.delete(sweep.resolve("r06-s1-overwrite.properties"));

        final RunFolder run = RunFolder.read(sweep.getParent());

        assertEquals(11, run.sweep().measured());
        assertEquals(List.of("baseline", "readVerify=false"),
            run.groups().get(0).curves().stream().map(CurveGroup.Curve::name).toList());
        assertEquals(6L * OPERATIONS, run.groups().get(0).curves().get(0).values().getTotalCount(), "all rounds");
        final String page = ReportHtml.render(List.of(run));
        assertTrue(page.contains("\"measured\":11,\"planned\":12"));
        assertTrue(page.contains("\"verdict\":\"TOO_FEW\",\"words\":\"too few pairs\",\"pairs\":5,\"ratio\":[2,2,2]"));
        assertEquals(List.of("effects-overwrite.svg", "overwrite-closed.svg"),
            List.copyOf(ReportSvg.render(List.of(run)).keySet()));
    }

    private static void cell(final Path cells, final String id, final double rate) throws IOException {
        new JobResult(Map.of("rate", rate), List.of(), List.of()).write(cells.resolve(id + ".properties"));
        HistogramFiles.write(cells, measurement(id, Measurement.Loop.CLOSED));
    }

    @Test
    void shouldSayWhatIsMissing() throws IOException {
        final Path empty = Files.createDirectory(root.resolve("empty"));
        assertThrows(InvalidArgumentException.class, () -> RunFolder.read(empty));
        assertThrows(InvalidArgumentException.class, () -> RunFolder.read(root.resolve("nowhere")));
    }

    /** A thousand operations over a second, each of 2 µs. */
    private static Measurement measurement(final String tag, final Measurement.Loop loop) {
        final long second = TimeUnit.SECONDS.toNanos(1);
        final IntervalRecorder recorder = new IntervalRecorder(START_NS, second);
        for (int i = 0; i < OPERATIONS; i++) {
            recorder.record(START_NS + i * second / OPERATIONS, 2000);
        }
        final IntervalRecorder idle = new IntervalRecorder(START_NS, second);
        idle.record(START_NS, 70);
        final List<Histogram> intervals = IntervalRecorder.merge(List.of(recorder), START_MILLIS);
        return new Measurement(tag, loop, 1, loop == Measurement.Loop.OPEN ? OPERATIONS : 0, OPERATIONS, 0, second,
            START_MILLIS, intervals, loop == Measurement.Loop.OPEN ? copy(recorder) : intervals,
            IntervalRecorder.merge(List.of(idle), START_MILLIS), 0, new ProcessCounters(0, 0, 0, 0));
    }

    private static List<Histogram> copy(final IntervalRecorder recorder) {
        return IntervalRecorder.merge(List.of(recorder), START_MILLIS);
    }
}
