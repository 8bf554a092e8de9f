package org.mapcask.lab.knobs;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.mapcask.MapcaskOptions;
import org.mapcask.OptionDescription;

/** All knobs. Stateless. */
public final class Knobs {
    private Knobs() {
    }

    /**
     * Every option, explained, in the order of {@link MapcaskOptions#help()}.
     *
     * @throws IllegalStateException if an option has no explanation.
     */
    public static List<Knob> all() {
        final Map<String, KnobText> texts = new LinkedHashMap<>();
        KnobTexts.ALL.forEach(text -> texts.put(text.name(), text));
        return MapcaskOptions.descriptions().stream().map(option -> knob(option, texts.get(option.name()))).toList();
    }

    /** What a sweep turns besides options: knobs of the JVM that a store runs in. */
    public static List<Knob> ofJvm() {
        return JvmKnobTexts.ALL.entrySet().stream().map(one -> knob(one.getKey(), one.getValue())).toList();
    }

    private static List<Knob> allAndOfJvm() {
        return Stream.concat(all().stream(), ofJvm().stream()).toList();
    }

    private static Knob knob(final OptionDescription option, final KnobText text) {
        if (text == null) {
            throw new IllegalStateException("no explanation of the option " + option.name() + " in KnobTexts");
        }
        return new Knob(option, text.when(), text.measured(), text.notes(), text.results());
    }

    /** The knob of a name, whatever its case; null if there is none. */
    public static Knob find(final String name) {
        return allAndOfJvm().stream().filter(knob -> knob.option().name().equalsIgnoreCase(name)).findFirst()
            .orElse(null);
    }

    /** Names that contain a word, or that the word contains; for whoever mistyped one. */
    public static List<String> like(final String word) {
        final String lower = word.toLowerCase(Locale.ROOT);
        return allAndOfJvm().stream().map(knob -> knob.option().name())
            .filter(name -> name.toLowerCase(Locale.ROOT).contains(lower)
                || !lower.isEmpty() && lower.contains(name.toLowerCase(Locale.ROOT))).toList();
    }
}
