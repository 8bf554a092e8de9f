package org.mapcask.lab.doctor;

import java.util.ArrayList;
import java.util.List;

/** Collects findings, area by area. One thread. */
final class Findings {
    /** Value of what a check could not see. */
    static final String UNSEEN = "not to be seen";

    private final List<Finding> list = new ArrayList<>();
    private String area = "";

    /** Findings that follow belong to this area. */
    void begin(final String newArea) {
        area = newArea;
    }

    void pass(final String name, final String value, final String threshold, final String why) {
        add(Verdict.PASS, name, value, threshold, why, "");
    }

    void warn(final String name, final String value, final String threshold, final String why, final String fix) {
        add(Verdict.WARN, name, value, threshold, why, fix);
    }

    void fail(final String name, final String value, final String threshold, final String why, final String fix) {
        add(Verdict.FAIL, name, value, threshold, why, fix);
    }

    /** A check that could not be made; {@code reason} says what was not to be seen. */
    void skip(final String name, final String reason, final String threshold, final String why) {
        add(Verdict.SKIP, name, reason, threshold, why, "");
    }

    /** PASS if it is good, else another verdict with its fix. */
    void judge(
        final boolean good, final Verdict otherwise, final String name, final String value, final String threshold,
        final String why, final String fix) {
        add(good ? Verdict.PASS : otherwise, name, value, threshold, why, good ? "" : fix);
    }

    private void add(
        final Verdict verdict, final String name, final String value, final String threshold, final String why,
        final String fix) {
        list.add(new Finding(area, name, verdict, value, threshold, why, fix));
    }

    List<Finding> list() {
        return List.copyOf(list);
    }
}
