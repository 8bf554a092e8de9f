package org.mapcask.lab.sweep;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import org.mapcask.lab.run.Job;
import org.mapcask.lab.run.JobResult;
import org.mapcask.lab.workload.SyntheticRecords;

/**
 * Measures nothing: gives figures that follow from the options by a known cost, with noise of each cell and a drift of
 * each round, both from the seed. So a test knows which setting is the best.
 */
final class ModelRunner implements CellRunner {
    private static final double NOISE = 0.05;
    private static final double DRIFT = 0.6;

    private final BiFunction<Job, List<String>, Double> cost;
    private final List<String> measured = new ArrayList<>();
    private int stopAfter = Integer.MAX_VALUE;

    /** The cost of a job with its flags: 1 is the usual. */
    ModelRunner(final BiFunction<Job, List<String>, Double> cost) {
        this.cost = cost;
    }

    /** Interrupts the sweep instead of measuring one cell more than these. */
    ModelRunner stoppingAfter(final int cells) {
        stopAfter = cells;
        return this;
    }

    /** The cells that were measured, in that order. */
    List<String> measured() {
        return measured;
    }

    @Override
    public JobResult run(
        final Job job, final String tag, final Path data, final Path output, final List<String> flags,
        final long timeout) throws IOException, InterruptedException {
        if (measured.size() == stopAfter) {
            throw new InterruptedException("as a test wants it");
        }
        measured.add(tag);
        Files.writeString(data.resolve("store"), "left for the sweep to remove");
        Files.writeString(output.resolve(tag + ".hlog"), "#[a log]\n");
        final double c = cost.apply(job, flags) * new Random(SyntheticRecords.mix(job.seed())).nextDouble(1, 1 + DRIFT);
        final Random random = new Random(SyntheticRecords.mix(tag.hashCode()));
        final Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("rate", noisy(1_000_000 / c, random));
        figures.put("p50", noisy(400 * c, random));
        figures.put("p99", noisy(2_000 * c, random));
        figures.put("p99.9", noisy(20_000 * c, random));
        figures.put("max", noisy(4_000_000, random));
        figures.put("deviceFlushesPerOp", 0.0);
        figures.put("totalBytes", 64.0 * (1 << 20));
        figures.put("spaceAmplification", 1.5);
        figures.put("keydirBytesPerKey", 16.0);
        return new JobResult(figures, List.of(), List.of());
    }

    private static double noisy(final double value, final Random random) {
        return value * Math.exp(NOISE * random.nextGaussian());
    }
}
