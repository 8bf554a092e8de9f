package org.mapcask.errors;

import java.util.List;

/** One or more options are out of range; the message lists every fault with name, value and allowed range. */
public class InvalidOptionsException extends MapcaskException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> faults;

    /**
     * All faults of one set of options.
     *
     * @param faults one text a fault; not empty.
     */
    public InvalidOptionsException(final List<String> faults) {
        super(faults.size() + (faults.size() == 1 ? " option is" : " options are") + " not usable: "
            + String.join(" | ", faults));
        this.faults = List.copyOf(faults);
    }

    /** One text for each fault. */
    public List<String> faults() {
        return faults;
    }
}
