package org.mapcask.lab.knobs;

import java.util.List;

/**
 * What people have to say about one option; the rest comes from the option itself.
 *
 * @param name     of the option.
 * @param when     it matters.
 * @param measured what was.
 * @param notes    pages that argue it.
 * @param results  folders of the runs that the figures are from.
 */
record KnobText(String name, String when, String measured, List<String> notes, List<String> results) {
    static KnobText of(final String name, final String when, final String measured, final String... notes) {
        return new KnobText(name, when, measured, List.of(notes), List.of());
    }

    /** The same with the runs that its figures are from. */
    KnobText from(final String... folders) {
        return new KnobText(name, when, measured, notes, List.of(folders));
    }
}
