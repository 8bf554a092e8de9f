package org.mapcask.lab.report;

import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * Latencies that are drawn on top of each other. Nobody changes the histograms.
 *
 * @param title   what was done.
 * @param note    what a reader has to know, or an empty text.
 * @param curves  in the order of their colours; none is empty.
 * @param hiccups how late an idle thread woke meanwhile; may be empty.
 */
public record CurveGroup(String title, String note, List<Curve> curves, Histogram hiccups) {
    /**
     * One of them.
     *
     * @param name   of who did it.
     * @param colour its number.
     * @param values nanoseconds.
     */
    public record Curve(String name, int colour, Histogram values) {
    }
}
