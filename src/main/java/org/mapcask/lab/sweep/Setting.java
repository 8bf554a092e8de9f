package org.mapcask.lab.sweep;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;

/**
 * One value for each knob. Immutable.
 *
 * @param values by the name of the knob, in the order of the job file.
 */
public record Setting(Map<String, String> values) {
    /** Copies. */
    public Setting {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** The value of a knob. */
    public String get(final Knob knob) {
        return values.get(knob.name());
    }

    /** The same with another value of one knob. */
    public Setting with(final Knob knob, final String value) {
        final Map<String, String> changed = new LinkedHashMap<>(values);
        changed.put(knob.name(), value);
        return new Setting(changed);
    }

    /** The values in which it differs from another setting, as {@link #label()} has them. */
    public String differences(final Setting other) {
        final StringJoiner label = new StringJoiner(", ");
        values.forEach((name, value) -> {
            if (!value.equals(other.values.get(name))) {
                label.add(name + '=' + value);
            }
        });
        return label.toString();
    }

    /** For a table: {@code segmentFill=zero, wal=false}. */
    public String label() {
        final StringJoiner label = new StringJoiner(", ");
        values.forEach((name, value) -> label.add(name + '=' + value));
        return label.toString();
    }
}
