package org.mapcask.lab.sweep;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.InvalidArgumentException;
import org.mapcask.lab.host.HostFingerprint;
import org.mapcask.lab.run.Job;

/**
 * The options file that a recommendation is written to: lines that a store takes, each with its evidence as a comment
 * before it, and the host as comments at the top. Stateless.
 */
public final class TunedFile {
    private static final String HOST = "# host.";
    private static final String SEPARATOR = ": ";

    private TunedFile() {
    }

    /**
     * The text of the file.
     *
     * @param recommendation what to write.
     * @param run            name of the results folder that it rests on.
     * @param host           that was measured.
     */
    public static String render(final Recommendation recommendation, final String run, final HostFingerprint host) {
        final StringBuilder out = new StringBuilder();
        final Goal goal = recommendation.goal();
        comment(out, "Options of a Mapcask store for the goal " + goal.label() + ", made by recommend from the run "
            + run + ".");
        comment(out, "MapcaskOptions.builder().file(path) takes it. Better means: " + goal.metric().title() + " of "
            + String.join(", ", recommendation.workloads().stream().map(Job::tag).toList()) + ".");
        comment(out, String.format(Locale.ROOT, "Each interval in brackets is one of %.2f %%, so that all changes "
            + "together are for nothing with a chance of 5 %% at the most.", 100 * recommendation.level()));
        final List<String> together = recommendation.together();
        if (together.isEmpty()) {
            final long changes = recommendation.choices().stream().filter(Recommendation.Choice::isChange).count();
            comment(out, changes == 0 ? "Nothing is to be changed."
                : changes == 1 ? "There is one change." : "The changes were not measured together.");
        } else {
            comment(out, "All changes together (95 %): " + String.join("; ", together));
        }
        host.facts().forEach((name, value) -> out.append(HOST).append(name).append(SEPARATOR)
            .append(oneLine(value)).append('\n'));
        comment(out, "On another host measure again: recommend --check FILE compares.");
        out.append('\n');
        final Map<String, String> fixed = recommendation.fixed();
        if (!fixed.isEmpty()) {
            comment(out, "All measurements were made with this.");
            fixed.forEach((name, value) -> out.append(name).append('=').append(value).append('\n'));
            out.append('\n');
        }
        recommendation.choices().forEach(choice -> choice(out, choice, run));
        return out.toString();
    }

    private static void choice(final StringBuilder out, final Recommendation.Choice choice, final String run) {
        final Knob knob = choice.knob();
        if (choice.isChange()) {
            comment(out, knob.name() + ": " + choice.value() + " in place of " + knob.baseline() + ", run " + run
                + ": " + choice.reason());
            if (knob.isOfJvm()) {
                comment(out, "No option of a store: start java with " + Knob.flag(knob.name(), choice.value()));
            } else {
                out.append(knob.name()).append('=').append(choice.value()).append('\n');
            }
        } else {
            comment(out, knob.name() + " stays at " + knob.baseline() + ": " + choice.reason());
        }
        choice.reasons().forEach((value, lines) -> {
            comment(out, "  " + knob.name() + '=' + value + ": " + lines.get(0));
            lines.stream().skip(1).forEach(line -> comment(out, "    " + line));
        });
        out.append('\n');
    }

    private static void comment(final StringBuilder out, final String text) {
        out.append("# ").append(oneLine(text)).append('\n');
    }

    private static String oneLine(final String text) {
        return text.replace('\n', ' ').replace('\r', ' ');
    }

    /**
     * The host that a file was made for.
     *
     * @throws IOException              if it cannot be read.
     * @throws InvalidArgumentException if it names none.
     */
    public static HostFingerprint host(final Path file) throws IOException {
        final Map<String, String> facts = new LinkedHashMap<>();
        for (final String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            final int separator = line.indexOf(SEPARATOR);
            if (line.startsWith(HOST) && separator > 0) {
                facts.put(line.substring(HOST.length(), separator), line.substring(separator + SEPARATOR.length()));
            }
        }
        if (facts.isEmpty()) {
            throw new InvalidArgumentException(ErrorText.what("the file does not tell its host").where(file)
                .expected("lines that begin with '" + HOST + "'").found("none")
                .todo("name a file that recommend wrote"));
        }
        return new HostFingerprint(facts);
    }
}
