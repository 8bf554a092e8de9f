package org.mapcask.cli;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.InvalidArgumentException;
import org.mapcask.lab.knobs.Knob;
import org.mapcask.lab.knobs.Knobs;
import org.mapcask.lab.results.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code explain [KNOB]}: what an option does, when it matters, what was measured. */
@Command(name = "explain",
    description = "Explain an option of a store, or what a sweep turns besides: what it does, when it matters, what "
        + "was measured, and by which run. Without a name, list all of them.")
final class ExplainCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "KNOB", arity = "0..1",
        description = "Name of an option, such as segmentLength; or native, gc, heap.")
    private String name;

    @Option(names = "--json", description = "One JSON object; without a name, one a line.")
    private boolean json;

    ExplainCommand(final Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        final List<Knob> knobs = name == null
            ? Stream.concat(Knobs.all().stream(), Knobs.ofJvm().stream()).toList() : List.of(found());
        for (final Knob knob : knobs) {
            if (json) {
                terminal.line(Json.compact(knob.asMap()));
            } else {
                terminal.line(name == null ? line(knob) : knob.toString().stripTrailing());
            }
        }
        return ExitStatus.DONE;
    }

    private Knob found() {
        final Knob knob = Knobs.find(name);
        if (knob == null) {
            final List<String> like = Knobs.like(name);
            throw new InvalidArgumentException(ErrorText.what("there is no such knob").where("KNOB")
                .expected(like.isEmpty() ? "a name of the list" : String.join(" or ", like)).found(name)
                .todo("see the list: " + Invocation.of("explain")));
        }
        return knob;
    }

    private static String line(final Knob knob) {
        return String.format("%-18s %-8s %s", knob.option().name(), knob.option().defaultValue(),
            knob.option().meaning());
    }
}
