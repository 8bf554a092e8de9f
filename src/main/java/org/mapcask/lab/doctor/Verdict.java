package org.mapcask.lab.doctor;

/** What a check comes to. */
public enum Verdict {
    /** As it should be. */
    PASS,
    /** Works, but costs time or is at the edge. */
    WARN,
    /** Breaks a guarantee of the store, or keeps it from working. */
    FAIL,
    /** Could not be seen, or does not exist here. */
    SKIP
}
