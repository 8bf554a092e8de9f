package org.mapcask.bench;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;

/**
 * What the command line of {@link BenchMain} says.
 *
 * @param profile    how long to measure.
 * @param label      end of the results folder's name.
 * @param data       directory for the stores; the dictionary is expected in its {@code wordnet}.
 * @param results    directory of all results folders.
 * @param appendRate rate of the open loop of appends, or 0 for half of the closed loop's.
 * @param readRate   rate of the open loops of reads, or 0 for half of the closed loop's.
 * @param threads    reading threads.
 * @param seed       begin of all random numbers.
 * @param command    what the user typed, for the results.
 */
record BenchOptions(Profile profile, String label, Path data, Path results, double appendRate, double readRate,
                    int threads, long seed, String command) {
    private static final long DEFAULT_SEED = 20_241;

    /**
     * Parses the command line.
     *
     * @param arguments options with their values.
     * @return the options, with defaults for those not given.
     * @throws IllegalArgumentException for an unknown option, a missing or a malformed value.
     */
    static BenchOptions parse(final List<String> arguments) {
        Profile profile = Profile.QUICK;
        String label = null;
        Path data = Path.of("target", "bench-data");
        Path results = Path.of("results");
        double appendRate = 0;
        double readRate = 0;
        int threads = 1;
        long seed = DEFAULT_SEED;
        String command = "bench/run.sh";
        final Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            final String name = rest.next();
            switch (name) {
                case "--full" -> profile = Profile.FULL;
                case "--label" -> label = value(name, rest);
                case "--dir" -> data = Path.of(value(name, rest));
                case "--results" -> results = Path.of(value(name, rest));
                case "--append-rate" -> appendRate = Double.parseDouble(value(name, rest));
                case "--read-rate" -> readRate = Double.parseDouble(value(name, rest));
                case "--threads" -> threads = Integer.parseInt(value(name, rest));
                case "--seed" -> seed = Long.parseLong(value(name, rest));
                case "--command" -> command = value(name, rest);
                default -> throw new IllegalArgumentException("unknown option '" + name + "'; see bench/run.sh --help");
            }
        }
        if (threads < 1 || appendRate < 0 || readRate < 0) {
            throw new IllegalArgumentException("threads must be 1 or more, rates 0 or more");
        }
        return new BenchOptions(profile, label == null ? profile.name() : label, data, results, appendRate, readRate,
            threads, seed, command);
    }

    private static String value(final String name, final Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw new IllegalArgumentException("option " + name + " needs a value");
        }
        return rest.next();
    }
}
