package org.mapcask.lab.results;

/**
 * An estimate and how sure it is.
 *
 * @param estimate of a median, or of a difference.
 * @param low      lower end of the interval.
 * @param high     upper end of it.
 * @param coverage how often an interval made like this one holds the truth: at least {@code level}, unless so few
 *                 values cannot give that; then it is that of the widest interval they give.
 * @param level    what was asked for, for instance 0.95.
 * @param n        number of values, or of pairs of values.
 */
public record Interval(double estimate, double low, double high, double coverage, double level, int n) {
    /** Whether there were enough values for the level that was asked for. */
    public boolean isReached() {
        return coverage >= level;
    }

    /** Whether the interval has its level and a value is not in it. */
    public boolean excludes(final double value) {
        return isReached() && (low > value || high < value);
    }
}
