package org.mapcask.lab.sweep;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.mapcask.lab.chart.EffectChart;
import org.mapcask.lab.results.Csv;
import org.mapcask.lab.results.Interval;
import org.mapcask.lab.results.ResultFolder;
import org.mapcask.lab.results.Statistics;
import org.mapcask.lab.run.Job;

/** Tables, files and charts of a sweep. */
public final class SweepReport {
    /** First sentence of the README in the results folder. */
    static final String QUESTION = "Which setting wins on this host, and how sure is that?";

    private static final String EFFECTS_FILE = "effects.csv";
    private static final int SECONDS_PER_MINUTE = 60;
    private static final double SECONDS_PER_HOUR = 3600;
    /** What charts show; tables show more. */
    public static final List<SweepMetric> DRAWN = List.of(
        SweepMetric.RATE, SweepMetric.P50, SweepMetric.P99, SweepMetric.P999, SweepMetric.DEVICE_BYTES);

    private final SweepResult result;
    private final SweepJob job;

    /** The tables of a result, which need not be whole. */
    public SweepReport(final SweepResult result) {
        this.result = result;
        this.job = result.job();
    }

    /** A number of things for people: {@code 1 workload}, {@code 2 workloads}. */
    static String count(final double number, final String one) {
        return String.format(Locale.ROOT, "%,.0f %s%s", number, one, number == 1 ? "" : "s");
    }

    /** A time for people. */
    static String time(final double seconds) {
        if (seconds < 2 * SECONDS_PER_MINUTE) {
            return String.format(Locale.ROOT, "%.0f s", seconds);
        }
        return seconds < 2 * SECONDS_PER_HOUR ? String.format(Locale.ROOT, "%.0f min", seconds / SECONDS_PER_MINUTE)
            : String.format(Locale.ROOT, "%.1f h", seconds / SECONDS_PER_HOUR);
    }

    /** The table knob × metric for each workload. */
    public String table() {
        final StringBuilder out = new StringBuilder();
        for (final Job workload : job.workloads()) {
            final List<SweepMetric> metrics = metrics(workload);
            out.append("\n**").append(workload.tag()).append("**, each value against the baseline of its knob\n\n");
            header(out, "value | baseline | pairs", metrics);
            for (final Knob knob : job.knobs()) {
                knob.values().stream().skip(1).forEach(value -> {
                    final Comparison first = compare(knob, value, workload, metrics.get(0));
                    out.append("| ").append(knob.name()).append('=').append(value).append(" | ")
                        .append(knob.baseline()).append(" | ").append(first.ratio().n());
                    metrics.forEach(metric -> out.append(" | ").append(cell(compare(knob, value, workload, metric))));
                    out.append(" |\n");
                });
            }
        }
        return out.append('\n').append(reading()).toString();
    }

    private static String cell(final Comparison comparison) {
        switch (comparison.verdict()) {
            case BETTER:
            case WORSE:
                return "**" + comparison.verdict().label() + "** " + comparison.text();
            default:
                return comparison.text();
        }
    }

    /** What the signs of the table mean. */
    private String reading() {
        final int needed = Statistics.pairsNeeded(SweepResult.LEVEL);
        return "In brackets the 95 % interval of the change, by signed ranks of pairs of one round. **better** and "
            + "**worse**: the interval leaves out \"no change\". All else shows no significant difference, or has "
            + "fewer than the " + needed + " pairs that could show one.\n";
    }

    private static void header(final StringBuilder out, final String first, final List<SweepMetric> metrics) {
        out.append("| ").append(first);
        metrics.forEach(metric -> out.append(" | ").append(metric.title()));
        out.append(" |\n|").append("---|".repeat(first.split("\\|").length)).append("---:|".repeat(metrics.size()))
            .append('\n');
    }

    /** The medians of each setting, for the README. */
    String body() {
        final StringBuilder out = new StringBuilder(table());
        for (final Job workload : job.workloads()) {
            out.append("\n![effects](").append(chartName(workload)).append(")\n");
        }
        out.append("\n## Medians of each setting\n");
        for (final Job workload : job.workloads()) {
            final List<SweepMetric> metrics = metrics(workload);
            out.append("\n**").append(workload.tag()).append("**: ").append(workload.kind().meaning()).append("\n\n");
            final boolean open = workload.rate() > 0;
            header(out, open ? "setting | rate missed" : "setting", metrics);
            for (final Setting setting : job.settings()) {
                out.append("| ").append(setting.label());
                if (open) {
                    out.append(" | ").append(result.missedRates(setting, workload.kind())).append(" of ")
                        .append(job.repeats());
                }
                metrics.forEach(metric -> out.append(" | ")
                    .append(text(metric, result.median(setting, workload.kind(), metric))));
                out.append(" |\n");
            }
        }
        out.append("\nMedian and, in brackets, an interval between two of the measured values that holds the true ")
            .append("median in 95 % of cases; with fewer than six values it is from the least to the most.\n\n");
        out.append("* ").append(job.order().size()).append(" measurements, each in a JVM of its own with ")
            .append(job.flags(job.baseline())).append(" unless a knob says otherwise, in ").append(job.repeats())
            .append(" rounds, each in a random order of its own (seed ").append(job.seed()).append(").\n");
        out.append("* Knobs are judged one by one; of many comparisons at 95 % one in twenty looks significant by ")
            .append("chance. `recommend` takes that into account.\n");
        return out.append("\nFiles: `sweep.properties` (the job), `host.properties` (the machine), `cells/` (figures ")
            .append("and HdrHistogram log of each measurement), `").append(EFFECTS_FILE)
            .append("`, `summary.json`, `environment.*` (of the last session), `command.txt`.\n").toString();
    }

    private static String text(final SweepMetric metric, final Interval median) {
        return median.n() == 0 ? "–" : metric.format(median.estimate()) + " [" + metric.format(median.low()) + ", "
            + metric.format(median.high()) + "]";
    }

    private static List<SweepMetric> metrics(final Job workload) {
        return List.of(SweepMetric.values()).stream().filter(metric -> metric.isOf(workload)).toList();
    }

    private Comparison compare(
        final Knob knob, final String value, final Job workload, final SweepMetric metric) {
        return result.compare(knob, value, workload.kind(), metric, SweepResult.LEVEL);
    }

    /** What {@code summary.json} has besides command and machine. */
    Map<String, Object> figures() {
        final Map<String, Object> out = new LinkedHashMap<>();
        out.put("job", job.text().lines().toList());
        out.put("measurements", job.order().size());
        out.put("repeats", job.repeats());
        out.put("seed", job.seed());
        out.put("level", SweepResult.LEVEL);
        final List<Object> settings = new ArrayList<>();
        for (final Setting setting : job.settings()) {
            for (final Job workload : job.workloads()) {
                final Map<String, Object> one = new LinkedHashMap<>();
                one.put("setting", setting.values());
                one.put("workload", workload.tag());
                one.put("missedRates", result.missedRates(setting, workload.kind()));
                metrics(workload).forEach(metric ->
                    one.put(metric.figure(), map(result.median(setting, workload.kind(), metric))));
                settings.add(one);
            }
        }
        out.put("settings", settings);
        out.put("comparisons", effects().stream().map(SweepReport::map).toList());
        return out;
    }

    /**
     * What a value of a knob does to a figure of a workload.
     *
     * @param workload   under which it was measured.
     * @param knob       that was turned.
     * @param value      to which value.
     * @param comparison with the baseline.
     */
    public record Effect(Job workload, Knob knob, String value, Comparison comparison) {
    }

    /** Every comparison: by workload, by value of a knob, by figure. */
    public List<Effect> effects() {
        final List<Effect> out = new ArrayList<>();
        for (final Job workload : job.workloads()) {
            for (final Knob knob : job.knobs()) {
                for (final String value : knob.values().subList(1, knob.values().size())) {
                    metrics(workload).forEach(metric ->
                        out.add(new Effect(workload, knob, value, compare(knob, value, workload, metric))));
                }
            }
        }
        return out;
    }

    private static Map<String, Object> map(final Effect effect) {
        final Map<String, Object> one = new LinkedHashMap<>();
        one.put("workload", effect.workload().tag());
        one.put("metric", effect.comparison().metric().figure());
        one.put("knob", effect.knob().name());
        one.put("value", effect.value());
        one.put("baseline", effect.knob().baseline());
        one.put("baselineMedian", map(effect.comparison().baseline()));
        one.put("valueMedian", map(effect.comparison().value()));
        one.put("ratio", map(effect.comparison().ratio()));
        one.put("verdict", effect.comparison().verdict().label());
        return one;
    }

    private static Map<String, Object> map(final Interval interval) {
        final Map<String, Object> out = new LinkedHashMap<>();
        out.put("estimate", interval.estimate());
        out.put("low", interval.low());
        out.put("high", interval.high());
        out.put("coverage", interval.coverage());
        out.put("n", interval.n());
        return out;
    }

    /** Writes what a results folder of a sweep has besides the usual. */
    void write(final ResultFolder folder) throws IOException {
        final StringBuilder csv = new StringBuilder("workload,metric,knob,value,baseline,baseline_median,value_median,"
            + "pairs,ratio,ratio_low,ratio_high,coverage,verdict\n");
        for (final Effect effect : effects()) {
            final Comparison comparison = effect.comparison();
            final Interval ratio = comparison.ratio();
            csv.append(Csv.line(effect.workload().tag(), comparison.metric().figure(), effect.knob().name(),
                effect.value(), effect.knob().baseline(), comparison.baseline().estimate(),
                comparison.value().estimate(), ratio.n(), digits(ratio.estimate()), digits(ratio.low()),
                digits(ratio.high()), digits(ratio.coverage()), comparison.verdict().label()));
        }
        folder.write(EFFECTS_FILE, csv.toString());
        for (final Map.Entry<String, String> chart : charts().entrySet()) {
            folder.write(chart.getKey(), chart.getValue());
        }
    }

    private static String digits(final double value) {
        return String.format(Locale.ROOT, "%.5f", value);
    }

    private static String chartName(final Job workload) {
        return "effects-" + workload.kind().label() + ".svg";
    }

    /** The charts by their file names, as SVG. */
    public Map<String, String> charts() {
        final Map<String, String> out = new LinkedHashMap<>();
        job.workloads().forEach(workload -> out.put(chartName(workload), chart(workload).render()));
        return out;
    }

    private EffectChart chart(final Job workload) {
        final EffectChart chart = new EffectChart("What each knob does: " + workload.tag(),
            "Ratio to the baseline with its 95 % interval; a filled mark is a significant difference.");
        effects().stream().filter(effect -> effect.workload().equals(workload)
            && DRAWN.contains(effect.comparison().metric()) && effect.comparison().ratio().n() > 0)
            .forEach(effect -> chart.add(
                effect.knob().name() + '=' + effect.value() + " · " + effect.comparison().metric().title(),
                effect.comparison().ratio(), effect.comparison().verdict() == Comparison.Verdict.BETTER,
                effect.comparison().verdict() == Comparison.Verdict.WORSE));
        return chart;
    }
}
