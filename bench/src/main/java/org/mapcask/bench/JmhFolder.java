package org.mapcask.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.mapcask.lab.results.RunReport;
import org.mapcask.lab.results.SummaryTable;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs JMH and keeps what it found in a results folder. {@code bench/jmh.sh --label} calls this. */
public final class JmhFolder {
    private static final int LABEL = 0;
    private static final int RESULTS = 1;
    private static final int COMMAND = 2;
    private static final int JMH = 3;

    private JmhFolder() {
    }

    /**
     * Runs the benchmarks.
     *
     * @param arguments label, directory of the results, the command as it was typed, then those of JMH.
     * @throws IOException if a file cannot be written.
     * @throws CommandLineOptionException if JMH does not know an option.
     */
    public static void main(final String[] arguments) throws IOException, CommandLineOptionException {
        final RunReport report = RunReport.begin(
            Path.of(arguments[RESULTS]), arguments[LABEL], Path.of("target"), arguments[COMMAND]);
        final CommandLineOptions options =
            new CommandLineOptions(Arrays.copyOfRange(arguments, JMH, arguments.length));
        final List<String[]> rows = new ArrayList<>();
        final List<Map<String, Object>> figures = new ArrayList<>();
        try {
            final Collection<RunResult> results = new Runner(new OptionsBuilder().parent(options)
                .resultFormat(ResultFormatType.JSON).result(report.folder().path().resolve("jmh.json").toString())
                .shouldFailOnError(true).build()).run();
            results.forEach(result -> add(result, rows, figures));
        } catch (final RunnerException e) {
            report.fail(e);
        }
        final String table = SummaryTable.markdown(
            new String[] {"benchmark", "parameters", "mode", "score", "± 99.9 %", "unit", "B/op"}, rows);
        final boolean passed = report.finish(Map.of("benchmarks", figures),
            "JMH; `jmh.json` is its own file, as jmh-visualizer reads it.", "## Benchmarks\n\n" + table, table,
                false, System.out);
        System.exit(passed ? 0 : 1);
    }

    private static void add(
        final RunResult result, final List<String[]> rows, final List<Map<String, Object>> figures) {
        final BenchmarkParams params = result.getParams();
        final String name = params.getBenchmark().substring(params.getBenchmark().lastIndexOf('.') + 1);
        final String parameters = params.getParamsKeys().stream().map(key -> key + "=" + params.getParam(key))
            .collect(Collectors.joining(" "));
        final Result<?> score = result.getPrimaryResult();
        final Result<?> allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
        rows.add(new String[] {name, parameters, params.getMode().shortLabel(), number(score.getScore()),
            number(score.getScoreError()), score.getScoreUnit(),
            allocated == null ? "-" : number(allocated.getScore())});
        final Map<String, Object> figure = new LinkedHashMap<>();
        figure.put("benchmark", name);
        figure.put("parameters", parameters);
        figure.put("score", score.getScore());
        figure.put("error", score.getScoreError());
        figure.put("unit", score.getScoreUnit());
        figure.put("allocatedPerOp", allocated == null ? Double.NaN : allocated.getScore());
        figures.add(figure);
    }

    private static String number(final double value) {
        if (Double.isNaN(value)) {
            return "-";
        }
        return String.format(Locale.ROOT, Math.abs(value) >= 100 ? "%,.0f" : "%.1f", value);
    }
}
