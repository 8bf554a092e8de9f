package org.mapcask.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.mapcask.Mapcask;
import org.mapcask.lab.chart.PercentileChart;
import org.mapcask.lab.results.DataDirectory;
import org.mapcask.lab.results.HistogramFiles;
import org.mapcask.lab.results.RunReport;
import org.mapcask.lab.results.SummaryTable;
import org.mapcask.lab.rig.IntervalRecorder;
import org.mapcask.lab.rig.LatencyRig;
import org.mapcask.lab.rig.Measurement;
import org.mapcask.lab.workload.FillWorkload;
import org.mapcask.lab.workload.SyntheticRecords;
import org.mapcask.lab.workload.SyntheticSet;

/**
 * Whether a writer of what need not be durable at once still meets the device: puts at a fixed rate into stores that
 * differ in {@code writebackStep} and policy only, in rounds that take turns. {@code bench/flusher.sh} builds and calls
 * this.
 *
 * <p>Exit status: 0, 1 if a rate was missed, a value was lost or something broke, 2 for a wrong command line.
 */
public final class FlusherBench {
    private static final int VALUE_LENGTH = SyntheticRecords.VALUE_LENGTH;
    private static final long SLOW_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long MEBIBYTE = 1 << 20;
    private static final long RATE_MAX = 100_000_000;
    private static final long STEP_MAX = 1024;
    private static final int QUICK_SECONDS = 2;
    private static final int SECONDS = 6;
    private static final int QUICK_ROUNDS = 1;
    private static final int ROUNDS = 2;
    /** Options of a store by the name of a policy. */
    private static final Map<String, Map<String, String>> POLICIES = new LinkedHashMap<>();
    private static final String QUESTION = "Does the writer of what need not be durable at once meet the device? Puts "
        + "at a fixed rate, with write-back started behind the writer after each step, or left to the kernel (0).";

    static {
        POLICIES.put("none", Map.of("syncBytes", "0", "syncIntervalMs", "0"));
        POLICIES.put("default", Map.of());
    }

    private final Settings settings;
    private final RunReport report;
    private final PrintStream talk;
    private final Map<Arm, List<Measurement>> measured = new LinkedHashMap<>();

    /** What the command line says; steps in MiB. */
    private record Settings(
        List<Long> rates, List<String> policies, List<Long> steps, long seconds, int rounds, RunOptions run) {
        static Settings parse(final List<String> arguments) {
            final CommandLine line = RunOptions.parse(arguments,
                Set.of("--rates", "--policies", "--steps", "--seconds", "--rounds"), Set.of("--quick"), Set.of());
            final boolean quick = line.has("--quick");
            final List<String> policies = List.copyOf(POLICIES.keySet());
            return new Settings(
                line.numbers("--rates", quick ? List.of(300_000L) : List.of(300_000L, 500_000L), 1, RATE_MAX),
                line.words("--policies", policies, policies),
                line.numbers("--steps", List.of(0L, 1L, 4L, 8L), 0, STEP_MAX),
                line.number("--seconds", quick ? QUICK_SECONDS : SECONDS, 1, 3600),
                (int) line.number("--rounds", quick ? QUICK_ROUNDS : ROUNDS, 1, 1000),
                RunOptions.of(line, "flusher"));
        }
    }

    /** One combination; the step in MiB. */
    private record Arm(long rate, String policy, long step) {
        String tag() {
            return "put-" + policy + "-" + rate / 1000 + "k-step" + step + "m";
        }

        Map<String, String> options() {
            final Map<String, String> options = new LinkedHashMap<>(POLICIES.get(policy));
            options.put("writebackStep", Long.toString(step * MEBIBYTE));
            return options;
        }
    }

    private FlusherBench(final Settings settings, final RunReport report, final PrintStream talk) {
        this.settings = settings;
        this.report = report;
        this.talk = talk;
        for (final String policy : settings.policies) {
            for (final long rate : settings.rates) {
                for (final long step : settings.steps) {
                    measured.put(new Arm(rate, policy, step), new ArrayList<>());
                }
            }
        }
    }

    /**
     * Runs the benchmark.
     *
     * @param arguments see {@code bench/flusher.sh --help}.
     */
    public static void main(final String[] arguments) {
        Launcher.launch("flusher", arguments, Settings::parse,
            settings -> new FlusherBench(settings, settings.run.begin(), System.err).run(System.out));
    }

    private boolean run(final PrintStream out) throws IOException {
        report.attempt(this::measure);
        measured.values().removeIf(List::isEmpty);
        measured.forEach((arm, rounds) -> rounds.stream().filter(Measurement::missedRate).forEach(round ->
            report.folder().fail(arm.tag() + " reached " + Math.round(round.achievedRate()) + " puts a second")));
        writeHistograms();
        final Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("arms", measured.entrySet().stream().map(entry -> json(entry.getKey(), entry.getValue())).toList());
        final String table = table();
        return report.finish(figures, QUESTION, table + notes() + charts(), table, settings.run.json(), out);
    }

    private void measure() throws IOException {
        final List<Arm> order = new ArrayList<>(measured.keySet());
        round(order.get(0), TimeUnit.SECONDS.toNanos(2));
        for (int i = 0; i < settings.rounds; i++) {
            for (final Arm arm : order) {
                talk.printf(Locale.ROOT, "round %d of %d: %s%n", i + 1, settings.rounds, arm.tag());
                measured.get(arm).add(round(arm, TimeUnit.SECONDS.toNanos(settings.seconds) / settings.rounds));
            }
            Collections.reverse(order);
        }
    }

    private Measurement round(final Arm arm, final long durationNs) throws IOException {
        final Path directory = DataDirectory.fresh(settings.run.data(), "flusher");
        try (Mapcask store = Mapcask.open(directory, StoreArm.options(arm.options()))) {
            final Measurement puts = LatencyRig.open(
                arm.tag(), new FillWorkload(store, SyntheticSet.endless(VALUE_LENGTH), 0), 1, arm.rate, durationNs);
            if (store.size() != puts.operations()) {
                report.folder().fail(arm.tag() + ": " + puts.operations() + " puts, but the store has " + store.size());
            }
            return puts;
        } finally {
            DataDirectory.remove(directory);
        }
    }

    private static Histogram service(final List<Measurement> rounds) {
        return Measurement.merged("", rounds).serviceTotal();
    }

    private static Histogram response(final List<Measurement> rounds) {
        return Measurement.merged("", rounds).responseTotal();
    }

    private static long slow(final Histogram service) {
        return service.getTotalCount() - service.getCountBetweenValues(0, SLOW_NS);
    }

    private String table() {
        final List<String[]> rows = new ArrayList<>();
        measured.forEach((arm, rounds) -> {
            final Histogram service = service(rounds);
            final Histogram response = response(rounds);
            rows.add(new String[] {
                arm.policy, SummaryTable.count(arm.rate), arm.step + " MiB",
                SummaryTable.count(service.getTotalCount()) + (rounds.stream().anyMatch(Measurement::missedRate)
                    ? " MISSED" : ""),
                SummaryTable.time(service.getValueAtPercentile(50)),
                SummaryTable.time(service.getValueAtPercentile(99.9)),
                SummaryTable.time(service.getValueAtPercentile(99.99)), SummaryTable.time(service.getMaxValue()),
                SummaryTable.count(slow(service)),
                SummaryTable.time(response.getValueAtPercentile(99.9)),
                SummaryTable.time(response.getValueAtPercentile(99.99))});
        });
        return SummaryTable.markdown(new String[] {
            "policy", "puts/s", "writebackStep", "puts", "p50", "p99.9", "p99.99", "max", "> 1 ms",
            "response p99.9", "response p99.99"}, rows);
    }

    private Map<String, Object> json(final Arm arm, final List<Measurement> rounds) {
        final Map<String, Object> out = new LinkedHashMap<>();
        out.put("policy", arm.policy);
        out.put("rate", arm.rate);
        out.put("writebackStep", arm.step * MEBIBYTE);
        out.put("missedRate", rounds.stream().anyMatch(Measurement::missedRate));
        out.put("putsOver1ms", slow(service(rounds)));
        out.put("serviceNs", SummaryTable.json(service(rounds)));
        out.put("responseNs", SummaryTable.json(response(rounds)));
        return out;
    }

    private void writeHistograms() throws IOException {
        final Path folder = report.folder().path();
        for (final Map.Entry<Arm, List<Measurement>> entry : measured.entrySet()) {
            HistogramFiles.write(folder, Measurement.merged(entry.getKey().tag(), entry.getValue()));
        }
        for (final String policy : settings.policies) {
            for (final long rate : settings.rates) {
                report.folder().write(chartName(policy, rate), chart(policy, rate).render());
            }
        }
    }

    private PercentileChart chart(final String policy, final long rate) {
        final PercentileChart chart = new PercentileChart("Service time of a put by writebackStep, policy " + policy,
            String.format(Locale.ROOT, "Open loop, %,d puts a second, 1 thread, keys 16 B, values 100 B", rate));
        final Histogram hiccup = IntervalRecorder.newHistogram();
        int colour = 0;
        for (final Map.Entry<Arm, List<Measurement>> entry : measured.entrySet()) {
            final Arm arm = entry.getKey();
            if (arm.policy.equals(policy) && arm.rate == rate) {
                chart.add(arm.step == 0 ? "off" : arm.step + " MiB", service(entry.getValue()), colour++, false);
                entry.getValue().forEach(round -> hiccup.add(IntervalRecorder.total(round.hiccups())));
            }
        }
        return chart.hiccup(hiccup);
    }

    private static String chartName(final String policy, final long rate) {
        return "latency-" + policy + "-" + rate / 1000 + "k.svg";
    }

    private String notes() {
        return "\n* " + settings.rounds + " rounds, " + settings.seconds + " s of each row together, each round in a "
            + "store of its own. *Response* counts from the intended start, all other times are service times.\n"
            + "* Policy none syncs nothing but sealed segments; default syncs after 1 MiB or 1 s.\n\n";
    }

    /** Rates beside each other, policies below each other. */
    private String charts() {
        final StringBuilder out = new StringBuilder();
        for (final String policy : settings.policies) {
            for (final long rate : settings.rates) {
                out.append("<img src=\"").append(chartName(policy, rate)).append("\" width=\"49%\" alt=\"policy ")
                    .append(policy).append(", ").append(rate).append(" puts a second\">\n");
            }
            out.append('\n');
        }
        return out.toString();
    }
}
