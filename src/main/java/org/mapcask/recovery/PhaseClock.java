package org.mapcask.recovery;

import java.util.LinkedHashMap;
import java.util.Map;

/** How long the parts of an open take, in microseconds, in their order. One thread. */
final class PhaseClock {
    private final Map<String, Long> phases = new LinkedHashMap<>();
    private long lastNs = System.nanoTime();

    /** A phase ended, and the next begins; the time counts for a phase of the same name that was there before. */
    void end(final String phase) {
        final long now = System.nanoTime();
        phases.merge(phase, (now - lastNs) / 1000, Long::sum);
        lastNs = now;
    }

    /** What was told so far. */
    Map<String, Long> phases() {
        return phases;
    }
}
