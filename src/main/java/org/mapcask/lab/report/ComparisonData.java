package org.mapcask.lab.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mapcask.lab.run.Job;
import org.mapcask.lab.sweep.Comparison;
import org.mapcask.lab.sweep.SweepMetric;
import org.mapcask.lab.sweep.SweepReport;
import org.mapcask.lab.sweep.SweepResult;

/** What the script of the page gets of a sweep, and of a comparison of stores. Stateless. */
final class ComparisonData {
    private ComparisonData() {
    }

    static Map<String, Object> sweep(final SweepResult result) {
        final List<SweepReport.Effect> effects = new SweepReport(result).effects();
        final List<Object> workloads = new ArrayList<>();
        for (final Job workload : result.job().workloads()) {
            final List<SweepMetric> metrics =
                List.of(SweepMetric.values()).stream().filter(metric -> metric.isOf(workload)).toList();
            final Map<String, Map<String, Object>> rows = new LinkedHashMap<>();
            effects.stream().filter(effect -> effect.workload().equals(workload)).forEach(effect -> {
                final Map<String, Object> row = rows.computeIfAbsent(
                    effect.knob().name() + '=' + effect.value(), label -> row(label, effect));
                cells(row).add(cell(effect.comparison()));
            });
            final Map<String, Object> one = new LinkedHashMap<>();
            one.put("tag", workload.tag());
            one.put("meaning", workload.kind().meaning());
            one.put("metrics", metrics.stream().map(metric -> Map.of("title", metric.title(),
                "higher", metric.isHigherBetter(), "drawn", SweepReport.DRAWN.contains(metric))).toList());
            one.put("rows", List.copyOf(rows.values()));
            workloads.add(one);
        }
        final Map<String, Object> out = new LinkedHashMap<>();
        out.put("measured", result.measured());
        out.put("planned", result.job().order().size());
        out.put("workloads", workloads);
        return out;
    }

    private static Map<String, Object> row(final String label, final SweepReport.Effect effect) {
        final Map<String, Object> row = new LinkedHashMap<>();
        row.put("label", label);
        row.put("baseline", effect.knob().baseline());
        row.put("cells", new ArrayList<>());
        return row;
    }

    @SuppressWarnings("unchecked")
    private static List<Object> cells(final Map<String, Object> row) {
        return (List<Object>) row.get("cells");
    }

    private static Map<String, Object> cell(final Comparison comparison) {
        final Map<String, Object> cell = new LinkedHashMap<>();
        cell.put("text", comparison.text());
        cell.put("verdict", comparison.verdict().name());
        cell.put("words", comparison.verdict().label());
        cell.put("pairs", comparison.ratio().n());
        cell.put("ratio", List.of(
            comparison.ratio().estimate(), comparison.ratio().low(), comparison.ratio().high()));
        cell.put("from", comparison.metric().format(comparison.baseline().estimate()));
        cell.put("to", comparison.metric().format(comparison.value().estimate()));
        return cell;
    }

    /** A list for each length of values, in it one for each figure, in it a bar for each store. */
    static List<Object> peers(final List<PeerRow> rows) {
        final Map<Integer, Map<String, Map<String, Object>>> lengths = new LinkedHashMap<>();
        for (final PeerRow row : rows) {
            final Map<String, Object> figure = lengths
                .computeIfAbsent(row.valueLength(), length -> new LinkedHashMap<>())
                .computeIfAbsent(row.figure(), id -> {
                    final Map<String, Object> one = new LinkedHashMap<>();
                    one.put("title", row.title());
                    one.put("rate", row.isRate());
                    one.put("cells", new ArrayList<>());
                    return one;
                });
            final Map<String, Object> bar = new LinkedHashMap<>();
            bar.put("name", row.name());
            bar.put("colour", row.colour());
            bar.put("value", row.median());
            bar.put("text", row.text());
            cells(figure).add(bar);
        }
        final List<Object> out = new ArrayList<>();
        lengths.forEach((length, figures) ->
            out.add(Map.of("valueLength", length, "figures", List.copyOf(figures.values()))));
        return out;
    }
}
