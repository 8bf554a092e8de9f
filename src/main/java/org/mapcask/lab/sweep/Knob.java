package org.mapcask.lab.sweep;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What a sweep turns, and to which values. Immutable.
 *
 * @param name   of an option of the store, or of one of the JVM's knobs.
 * @param values without repetition, at least two; the first is the default, the baseline of all comparisons.
 */
public record Knob(String name, List<String> values) {
    /** How the operating system is called. */
    static final String NATIVE = "native";
    /** Largest heap of the JVM that is measured. */
    static final String HEAP = "heap";
    /** Its collector. */
    static final String COLLECTOR = "gc";

    /** Knobs of the JVM, with what they are unless a job says otherwise. */
    static final Map<String, String> OF_JVM = Map.of(NATIVE, "auto", HEAP, "512m", COLLECTOR, "g1");

    /** Options of a store that say what it may do; with another value there is nothing to compare. */
    static final Set<String> NOT_SWEPT = Set.of("readOnly", "salvageReadOnly", "createIfMissing");

    private static final Map<String, String> ALLOWED = Map.of(NATIVE, "auto|jna|java", HEAP, "\\d{1,6}[mg]",
        COLLECTOR, "g1|parallel|serial|z|shenandoah");

    /** Copies. */
    public Knob {
        values = List.copyOf(values);
    }

    /** The value that the others are compared with. */
    public String baseline() {
        return values.get(0);
    }

    /** Whether it is one of the JVM and not an option of the store. */
    public boolean isOfJvm() {
        return OF_JVM.containsKey(name);
    }

    /** What a knob of the JVM takes, as a regular expression. */
    static String allowed(final String name) {
        return ALLOWED.get(name);
    }

    /** The flag of {@code java} that sets a knob of the JVM. */
    static String flag(final String name, final String value) {
        switch (name) {
            case NATIVE:
                return "-Dmapcask.native=" + value;
            case HEAP:
                return "-Xmx" + value;
            case COLLECTOR:
                return value.equals("g1") || value.equals("z")
                    ? "-XX:+Use" + value.toUpperCase(Locale.ROOT) + "GC"
                    : "-XX:+Use" + value.substring(0, 1).toUpperCase(Locale.ROOT) + value.substring(1) + "GC";
            default:
                throw new IllegalArgumentException("no knob of the JVM: " + name);
        }
    }
}
