package org.mapcask.bench;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the command line of {@link DurableBench} says.
 *
 * @param run        where the results go.
 * @param seconds    of each arm with each number of threads, over all rounds.
 * @param rawSeconds of each raw append, over all rounds.
 * @param rounds     in which the arms take turns.
 * @param threads    numbers of threads.
 * @param arms       of the puts.
 * @param puts       whether to measure them.
 * @param raw        whether to measure raw appends.
 * @param options    of each store, by name, over those of its arm.
 */
record DurableOptions(
    RunOptions run, long seconds, long rawSeconds, int rounds, List<Integer> threads,
    List<String> arms, boolean puts, boolean raw, Map<String, String> options) {
    /** The floor. */
    static final String BARE = "bare";
    /** The way that is on by default. */
    static final String WAL = "wal";

    /** All arms of the puts, in the order of the table. */
    static final List<String> ARMS = List.of(BARE, WAL, "msync", "fdatasync", "force");
    private static final int THREADS_MAX = 1024;

    /**
     * Parses the command line.
     *
     * @param arguments options with their values.
     * @return the options, with defaults for those not given.
     * @throws IllegalArgumentException for an unknown option, a missing or a malformed value.
     */
    static DurableOptions parse(final List<String> arguments) {
        final CommandLine line = RunOptions.parse(arguments,
            Set.of("--seconds", "--raw-seconds", "--rounds", "--threads", "--arms", "--parts"), Set.of(),
            Set.of("--option"));
        final List<String> parts = line.words("--parts", List.of("put", "raw"), List.of("put", "raw"));
        return new DurableOptions(RunOptions.of(line, "durable"),
            line.number("--seconds", 6, 1, 3600), line.number("--raw-seconds", 3, 1, 3600),
            (int) line.number("--rounds", 12, 1, 1000),
            line.numbers("--threads", List.of(1L, 8L, 64L), 1, THREADS_MAX).stream().map(Long::intValue).toList(),
            line.words("--arms", ARMS, ARMS), parts.contains("put"), parts.contains("raw"),
            line.pairs("--option"));
    }
}
