package org.mapcask.lab.doctor;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a look at the host found. Immutable.
 *
 * @param directory that was looked at; where it is not there, the nearest one around it.
 * @param missing   what was asked for, where it is not there; else null.
 * @param findings  one for each check, area by area.
 */
public record DoctorReport(Path directory, Path missing, List<Finding> findings) {
    private static final int NAME_WIDTH = 26;
    private static final String INDENT = "        ";

    /** Whether no check failed. */
    public boolean passed() {
        return count(Verdict.FAIL) == 0;
    }

    /** Checks that came to this verdict. */
    public long count(final Verdict verdict) {
        return findings.stream().filter(finding -> finding.verdict() == verdict).count();
    }

    /** The verdicts counted, and all findings, as maps and lists. */
    public Map<String, Object> asMap() {
        final Map<String, Object> map = new LinkedHashMap<>();
        map.put("directory", directory.toString());
        map.put("missing", missing == null ? null : missing.toString());
        map.put("passed", passed());
        for (final Verdict verdict : Verdict.values()) {
            map.put(verdict.name().toLowerCase(Locale.ROOT), count(verdict));
        }
        map.put("findings", findings.stream().map(Finding::asMap).toList());
        return map;
    }

    /** A table for people, one check a line; under each that is not good, why it matters and what changes it. */
    @Override
    public String toString() {
        return text(false);
    }

    /** As {@link #toString()}, with the reason and the threshold of every check if {@code all}. */
    public String text(final boolean all) {
        final StringBuilder text = new StringBuilder();
        if (missing != null) {
            text.append("looked at ").append(directory).append(", the nearest that is there: ").append(missing)
                .append(" is not\n");
        }
        String area = "";
        for (final Finding finding : findings) {
            if (!finding.area().equals(area)) {
                area = finding.area();
                text.append(area).append('\n');
            }
            text.append(String.format(Locale.ROOT, "  %-4s  %-" + NAME_WIDTH + "s %s%n", finding.verdict(),
                finding.name(), finding.value()));
            if (all || finding.verdict() == Verdict.WARN || finding.verdict() == Verdict.FAIL) {
                line(text, "good", finding.threshold());
                line(text, "why", finding.why());
                line(text, "fix", finding.fix());
            }
        }
        text.append(String.format(Locale.ROOT, "%d checks: %d passed, %d warnings, %d failed, %d not to be seen%n",
            findings.size(), count(Verdict.PASS), count(Verdict.WARN), count(Verdict.FAIL), count(Verdict.SKIP)));
        return text.toString();
    }

    private static void line(final StringBuilder text, final String label, final String value) {
        if (!value.isEmpty()) {
            text.append(INDENT).append(label).append(": ").append(value).append('\n');
        }
    }
}
