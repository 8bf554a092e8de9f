package org.mapcask.lab.knobs;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mapcask.OptionDescription;

/**
 * One option of a store, or knob of the JVM that a sweep turns, explained. Immutable.
 *
 * @param option   what it is, from the table of options where it is one.
 * @param when     when it matters, and which way to turn it.
 * @param measured what was measured about it, or that nothing was.
 * @param notes    pages of {@code native-notes} that argue it; may be none.
 * @param results  folders below {@code results} of the runs that the figures are from; may be none.
 */
public record Knob(
    OptionDescription option, String when, String measured, List<String> notes, List<String> results) {
    private static final int WIDTH = 100;
    private static final String FILES = "native-notes and results lie in the source tree, not in the jar. Figures are"
        + " of the machines that their pages name: keep to the ratios, and measure here with bench, sweep or probe.";

    /** Where a page lies in the source tree. */
    public static String file(final String note) {
        return "native-notes/" + note + ".md";
    }

    /** Where the results of a run lie in the source tree. */
    public static String folder(final String run) {
        return "results/" + run;
    }

    /** The parts by name, in order. */
    public Map<String, Object> asMap() {
        final Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", option.name());
        map.put("default", option.defaultValue());
        map.put("allowed", option.allowed());
        map.put("meaning", option.meaning());
        map.put("when", when);
        map.put("measured", measured);
        map.put("notes", notes.stream().map(Knob::file).toList());
        map.put("results", results.stream().map(Knob::folder).toList());
        map.put("files", FILES);
        return map;
    }

    /** Some lines for people. */
    @Override
    public String toString() {
        final StringBuilder text = new StringBuilder();
        text.append(option.name()).append(" = ").append(option.defaultValue()).append("   (")
            .append(option.allowed()).append(")\n");
        paragraph(text, "does", option.meaning());
        paragraph(text, "matters", when);
        paragraph(text, "measured", measured);
        if (!notes.isEmpty()) {
            paragraph(text, "argued in", String.join(", ", notes.stream().map(Knob::file).toList()));
        }
        if (!results.isEmpty()) {
            paragraph(text, "from", String.join(", ", results.stream().map(Knob::folder).toList()));
        }
        if (!notes.isEmpty() || !results.isEmpty()) {
            paragraph(text, "files", FILES);
        }
        return text.toString();
    }

    /** A label, and words in lines of one width behind it. */
    private static void paragraph(final StringBuilder text, final String label, final String words) {
        final String indent = "            ";
        StringBuilder line = new StringBuilder("  " + label + " ".repeat(Math.max(1, 10 - label.length())));
        for (final String word : words.split(" ")) {
            if (line.length() + word.length() > WIDTH) {
                text.append(line.toString().stripTrailing()).append('\n');
                line = new StringBuilder(indent);
            }
            line.append(word).append(' ');
        }
        text.append(line.toString().stripTrailing()).append('\n');
    }
}
