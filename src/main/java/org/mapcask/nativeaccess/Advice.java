package org.mapcask.nativeaccess;

/** How a mapped range will be used, with the number that madvise(2) of Linux gives to it. */
public enum Advice {
    /** No special treatment: the kernel reads around a fault. */
    NORMAL(0),
    /** Random access: a fault brings in one page only. */
    RANDOM(1),
    /** Sequential access: read far ahead, drop behind. */
    SEQUENTIAL(2),
    /** Will be used soon: start reading now. */
    WILL_NEED(3),
    /** Will not be used soon: the pages may be dropped from this mapping. */
    DONT_NEED(4),
    /** Back the range with huge pages where possible. */
    HUGE_PAGE(14),
    /** Do not back the range with huge pages. */
    NO_HUGE_PAGE(15),
    /** Leave the range out of a core dump. */
    DONT_DUMP(16),
    /** Pages that may be reclaimed first. */
    COLD(20),
    /** Reclaim the pages now. */
    PAGE_OUT(21),
    /** Take the read faults of the range now (Linux 5.14). */
    POPULATE_READ(22),
    /** Take the write faults of the range now, with an error instead of a signal where that fails (Linux 5.14). */
    POPULATE_WRITE(23);

    private final int code;

    Advice(final int code) {
        this.code = code;
    }

    /** The number for madvise(2). */
    public int code() {
        return code;
    }
}
