package org.mapcask.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.mapcask.lab.results.RunReport;

/**
 * What the command line of every benchmark says of its results: {@code --label}, {@code --dir}, {@code --results},
 * {@code --json} and {@code --command}. Immutable.
 *
 * @param label   end of the results folder's name.
 * @param data    where the stores are made.
 * @param results where the results folder is made.
 * @param json    whether the summary goes to the standard output in place of the table.
 * @param command what the user typed, for the results.
 */
public record RunOptions(String label, Path data, Path results, boolean json, String command) {
    private static final Set<String> VALUED = Set.of("--label", "--dir", "--results", "--command");
    private static final Set<String> FLAGS = Set.of("--json");

    /**
     * Parses a command line that may have these options beside others; see {@link CommandLine#parse}.
     *
     * @param arguments as typed.
     * @param valued    other options that take a value.
     * @param flags     other options that take none.
     * @param repeated  other options that take a value and may come again.
     */
    public static CommandLine parse(
        final List<String> arguments, final Set<String> valued, final Set<String> flags, final Set<String> repeated) {
        return CommandLine.parse(arguments, union(VALUED, valued), union(FLAGS, flags), repeated);
    }

    private static Set<String> union(final Set<String> one, final Set<String> other) {
        final Set<String> all = new HashSet<>(one);
        all.addAll(other);
        return all;
    }

    /** What a line says, or else the label, the data below {@code target/}, and the script of that name. */
    public static RunOptions of(final CommandLine line, final String label) {
        return of(line, label, "bench/" + label + ".sh");
    }

    /** The same for a script that is named otherwise. */
    public static RunOptions of(final CommandLine line, final String label, final String script) {
        return new RunOptions(line.text("--label", label), line.path("--dir", Path.of("target", label + "-data")),
            line.path("--results", Path.of("results")), line.has("--json"), line.text("--command", script));
    }

    /** Makes the results folder. */
    public RunReport begin() throws IOException {
        return RunReport.begin(results, label, data, command);
    }
}
