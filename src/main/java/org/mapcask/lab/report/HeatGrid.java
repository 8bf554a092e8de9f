package org.mapcask.lab.report;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * Counts of operations by time and latency: one column an interval, ten rows a decade of nanoseconds. Immutable.
 */
final class HeatGrid {
    /** Rows from one power of ten to the next. */
    static final int ROWS_PER_DECADE = 10;

    private final int firstRow;
    private final int rows;
    private final List<long[]> columns = new ArrayList<>();
    private final long max;

    HeatGrid(final Recording recording) {
        final Histogram total = recording.responseTotal();
        firstRow = row(Math.max(1, total.getMinNonZeroValue()));
        rows = row(Math.max(1, total.getMaxValue())) - firstRow + 1;
        long most = 0;
        for (final Histogram interval : recording.response()) {
            final long[] column = new long[rows];
            for (final HistogramIterationValue value : interval.recordedValues()) {
                final int at = row(Math.max(1, value.getValueIteratedTo())) - firstRow;
                column[Math.max(0, Math.min(rows - 1, at))] += value.getCountAtValueIteratedTo();
            }
            for (final long count : column) {
                most = Math.max(most, count);
            }
            columns.add(column);
        }
        max = most;
    }

    private static int row(final long valueNs) {
        return (int) Math.floor(Math.log10(valueNs) * ROWS_PER_DECADE);
    }

    int rows() {
        return rows;
    }

    /** Lower edge of a row, in nanoseconds; that of {@code rows()} is the upper edge of the last. */
    double edge(final int row) {
        return Math.pow(10, (double) (firstRow + row) / ROWS_PER_DECADE);
    }

    /** Operations of an interval in a row. */
    long count(final int column, final int row) {
        return columns.get(column)[row];
    }

    /** The largest count. */
    long max() {
        return max;
    }
}
