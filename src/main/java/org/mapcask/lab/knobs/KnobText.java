package org.mapcask.lab.knobs;

import java.util.List;

/**
 * What people have to say about one option; the rest comes from the option itself.
 *
 * @param name     of the option.
 * @param when     it matters.
 * @param measured what was.
 * @param notes    pages that argue it.
 */
record KnobText(String name, String when, String measured, List<String> notes) {
    static KnobText of(final String name, final String when, final String measured, final String... notes) {
        return new KnobText(name, when, measured, List.of(notes));
    }
}
