package org.mapcask.bench.peers;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.mapcask.bench.CommandLine;
import org.mapcask.bench.RunOptions;

/**
 * What the command line of {@code bench/peers.sh} says. Immutable.
 *
 * @param peers      stores, in order.
 * @param keys       number of keys with short values; those with long ones are a tenth.
 * @param rounds     each has every store once.
 * @param durationNs of a workload that has no end of its own.
 * @param durableNs  of durable puts.
 * @param warmUpNs   of each part of the warm-up.
 * @param checkOnly  whether only the adapters are checked.
 * @param seed       begin of the random numbers.
 * @param run        where the results go.
 */
record PeersOptions(
    List<Peer> peers, int keys, int rounds, long durationNs, long durableNs, long warmUpNs, boolean checkOnly,
    long seed, RunOptions run) {
    /** Bytes of the values, each with its table. */
    static final List<Integer> VALUE_LENGTHS = List.of(100, 4096);

    /** There are so many times fewer keys with long values. */
    private static final int LONG_SHARE = 10;
    /** Any number of keys that is a multiple of it has whole turns with short and with long values. */
    private static final int KEYS_UNIT = 400;
    private static final int KEYS_MAX = 100_000_000;
    private static final long DEFAULT_SEED = 20_261;
    private static final long QUICK_MS = 400;
    private static final long NORMAL_MS = 1000;
    private static final long FULL_MS = 3000;
    private static final int FULL_ROUNDS = 3;

    /** Parses a command line; every fault is an IllegalArgumentException. */
    static PeersOptions parse(final List<String> arguments) {
        final CommandLine line = RunOptions.parse(arguments, Set.of("--engines", "--keys", "--rounds", "--seed"),
            Set.of("--quick", "--full", "--check"), Set.of());
        final boolean quick = line.has("--quick");
        final boolean full = line.has("--full");
        if (quick && full) {
            throw new IllegalArgumentException("--quick and --full are two different runs");
        }
        final long keys = line.number("--keys", quick ? 40_000 : full ? 2_000_000 : 400_000, KEYS_UNIT, KEYS_MAX);
        final long millis = quick ? QUICK_MS : full ? FULL_MS : NORMAL_MS;
        return new PeersOptions(
            line.words("--engines", Peer.ids(), Peer.ids()).stream().map(Peer::of).toList(),
            (int) (keys / KEYS_UNIT * KEYS_UNIT),
            (int) line.number("--rounds", quick ? 1 : full ? FULL_ROUNDS : 2, 1, 1000),
            TimeUnit.MILLISECONDS.toNanos(millis), TimeUnit.MILLISECONDS.toNanos(millis),
            TimeUnit.MILLISECONDS.toNanos(Math.min(NORMAL_MS, millis)), line.has("--check"),
            line.number("--seed", DEFAULT_SEED, Long.MIN_VALUE, Long.MAX_VALUE),
            RunOptions.of(line, quick ? "peers-quick" : "peers", "bench/peers.sh"));
    }

    /** Number of keys with values of a length. */
    int keys(final int valueLength) {
        return valueLength == VALUE_LENGTHS.get(0) ? keys : keys / LONG_SHARE;
    }

    /** What the figures depend on, by name. */
    Map<String, String> facts() {
        return Map.of("engines", String.join(",", peers.stream().map(peer -> peer.id).toList()),
            "keys", Integer.toString(keys), "rounds", Integer.toString(rounds), "durationNs", Long.toString(durationNs),
            "durableNs", Long.toString(durableNs), "warmUpNs", Long.toString(warmUpNs), "seed", Long.toString(seed));
    }

    /** What each child is told; its directories are set by whoever starts it. */
    PeerSteps.Settings settings(final int valueLength, final int round) {
        return new PeerSteps.Settings(
            run.data(), run.data(), keys(valueLength), valueLength, durationNs, durableNs, warmUpNs, seed + round);
    }
}
