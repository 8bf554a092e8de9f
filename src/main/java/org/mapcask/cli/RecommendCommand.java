package org.mapcask.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.InvalidArgumentException;
import org.mapcask.lab.host.HostFingerprint;
import org.mapcask.lab.results.Json;
import org.mapcask.lab.sweep.Goal;
import org.mapcask.lab.sweep.Recommendation;
import org.mapcask.lab.sweep.SweepResult;
import org.mapcask.lab.sweep.TunedFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code recommend RESULTS}: makes an options file of what a sweep found. */
@Command(name = "recommend", description = "Write tuned.properties from the results of a sweep, with the evidence.",
    footer = {"", "A knob stays at its default unless another value is better, significantly so. With --check, tell "
        + "whether a file that was written earlier fits this host; status 1 if it does not."})
final class RecommendCommand implements Callable<Integer> {
    /** Least share by which a value has to be better, unless told otherwise. */
    static final double GAIN_MIN = 0.02;

    private static final int PERCENT = 100;

    private final Terminal terminal;

    @Parameters(arity = "0..1", paramLabel = "RESULTS", description = "Results folder of a sweep.")
    private Path results;

    @Option(names = "--goal", paramLabel = "GOAL", description = "latency, throughput, durability or footprint.")
    private String goal;

    @Option(names = "--out", paramLabel = "FILE",
        description = "The file to write (default: tuned.properties in the results folder).")
    private Path out;

    @Option(names = "--min-gain", paramLabel = "PERCENT",
        description = "What is better by less is no reason to leave the default (default: ${DEFAULT-VALUE}).")
    private double gain = PERCENT * GAIN_MIN;

    @Option(names = "--allow-weaker",
        description = "Take values that promise less, too: later syncs, no checksum on reading.")
    private boolean weaker;

    @Option(names = "--dir", paramLabel = "DIR", defaultValue = ".",
        description = "Where the store is or will be, to compare the host (default: ${DEFAULT-VALUE}).")
    private Path data;

    @Option(names = "--check", paramLabel = "FILE", description = "Only compare the host of this file with this one.")
    private Path check;

    @Option(names = "--json", description = "What was decided as JSON.")
    private boolean json;

    RecommendCommand(final Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        try {
            return check != null ? compare() : recommend();
        } catch (final IOException e) {
            final Path where = check != null ? check : results;
            throw FileErrors.of("the recommendation", where, "", e);
        }
    }

    private int compare() throws IOException {
        final List<String> differences = TunedFile.host(check).differences(HostFingerprint.of(data));
        if (json) {
            final Map<String, Object> map = new LinkedHashMap<>();
            map.put("same", differences.isEmpty());
            map.put("differences", differences);
            terminal.line(Json.compact(map));
        } else {
            differences.forEach(terminal::line);
        }
        terminal.say(check + (differences.isEmpty()
            ? " was made for this host" : " was made for another host: measure again"));
        return differences.isEmpty() ? ExitStatus.DONE : ExitStatus.NOT_FOUND;
    }

    private int recommend() throws IOException {
        require(results != null, "RESULTS", "the results folder of a sweep", "none",
            "name the folder that sweep printed at its end, or a file after --check");
        require(goal != null, "--goal", "one of " + Goal.labels(), "none", "choose one of these");
        require(gain >= 0, "--min-gain", "a percentage of 0 or more", gain, "give another one, or leave it out");
        // Before the results are read: a goal that is none is wrong whether or not the sweep is over.
        final Goal wanted = Goal.of(goal);
        final Recommendation recommendation =
            new Recommendation(SweepResult.read(results), wanted, gain / PERCENT, weaker);
        final Path file = write(recommendation, results, out);
        SweepResult.host(results).differences(HostFingerprint.of(data)).forEach(difference ->
            terminal.say("warning: the sweep ran on another host: " + difference));
        terminal.say("written to " + file);
        terminal.line(json ? Json.compact(map(recommendation, file)) : Files.readString(file).strip());
        return ExitStatus.DONE;
    }

    private static void require(
        final boolean holds, final String where, final String expected, final Object found, final String todo) {
        if (!holds) {
            throw new InvalidArgumentException(ErrorText.what("nothing can be recommended").where(where)
                .expected(expected).found(found).todo(todo));
        }
    }

    /** Writes the file, into the results folder if no other place is given, and tells where. */
    static Path write(final Recommendation recommendation, final Path results, final Path out) throws IOException {
        final Path file = out == null ? results.resolve("tuned.properties") : out;
        return Files.writeString(file, TunedFile.render(
            recommendation, results.toRealPath().getFileName().toString(), SweepResult.host(results)));
    }

    private static Map<String, Object> map(final Recommendation recommendation, final Path file) {
        final Map<String, Object> map = new LinkedHashMap<>();
        map.put("goal", recommendation.goal().label());
        map.put("file", file.toString());
        map.put("level", recommendation.level());
        map.put("options", recommendation.options());
        map.put("together", recommendation.together());
        final Map<String, Object> knobs = new LinkedHashMap<>();
        for (final Recommendation.Choice choice : recommendation.choices()) {
            final Map<String, Object> one = new LinkedHashMap<>();
            one.put("default", choice.knob().baseline());
            one.put("recommended", choice.value());
            one.put("reason", choice.reason());
            one.put("others", choice.reasons());
            knobs.put(choice.knob().name(), one);
        }
        map.put("knobs", knobs);
        return map;
    }
}
