package org.mapcask.bench;

import java.util.List;
import java.util.Set;

/**
 * What the command line of {@link BenchMain} says.
 *
 * @param profile    how long to measure.
 * @param run        where the results go; the dictionary is expected in {@code wordnet} of its data.
 * @param appendRate rate of the open loop of appends, or 0 for half of the closed loop's.
 * @param readRate   rate of the open loops of reads, or 0 for half of the closed loop's.
 * @param threads    reading threads.
 * @param seed       begin of all random numbers.
 */
record BenchOptions(Profile profile, RunOptions run, long appendRate, long readRate, int threads, long seed) {
    private static final long DEFAULT_SEED = 20_241;
    private static final long RATE_MAX = 1_000_000_000;
    private static final int THREADS_MAX = 1024;

    /**
     * Parses the command line.
     *
     * @param arguments options with their values.
     * @return the options, with defaults for those not given.
     * @throws IllegalArgumentException for an unknown option, a missing or a malformed value.
     */
    static BenchOptions parse(final List<String> arguments) {
        final CommandLine line = RunOptions.parse(arguments,
            Set.of("--append-rate", "--read-rate", "--threads", "--seed"), Set.of("--full"), Set.of());
        final Profile profile = line.has("--full") ? Profile.FULL : Profile.QUICK;
        return new BenchOptions(profile, RunOptions.of(line, profile.name(), "bench/run.sh"),
            line.number("--append-rate", 0, 0, RATE_MAX), line.number("--read-rate", 0, 0, RATE_MAX),
            (int) line.number("--threads", 1, 1, THREADS_MAX),
            line.number("--seed", DEFAULT_SEED, Long.MIN_VALUE, Long.MAX_VALUE));
    }
}
