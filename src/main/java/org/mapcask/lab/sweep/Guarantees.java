package org.mapcask.lab.sweep;

import org.mapcask.MapcaskOptions;

/** Tells values of options that make a store faster by promising less. Stateless. */
final class Guarantees {
    private Guarantees() {
    }

    /** Whether a value promises less than the baseline of its knob: what is lost in a power cut, what is checked. */
    static boolean isWeaker(final Knob knob, final String value) {
        if (knob.isOfJvm()) {
            return false;
        }
        final MapcaskOptions before = options(knob, knob.baseline());
        final MapcaskOptions after = options(knob, value);
        switch (knob.name()) {
            case "syncEveryWrite":
                return before.syncEveryWrite() && !after.syncEveryWrite();
            case "readVerify":
                return before.readVerify() && !after.readVerify();
            case "syncBytes":
                return isLater(before.syncBytes(), after.syncBytes());
            case "syncIntervalMs":
                return isLater(before.syncIntervalMs(), after.syncIntervalMs());
            default:
                return false;
        }
    }

    /** Zero is never. */
    private static boolean isLater(final long before, final long after) {
        return before != 0 && (after == 0 || after > before);
    }

    private static MapcaskOptions options(final Knob knob, final String value) {
        return MapcaskOptions.builder().override(knob.name(), value).build();
    }
}
