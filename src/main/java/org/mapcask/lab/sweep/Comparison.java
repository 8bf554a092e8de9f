package org.mapcask.lab.sweep;

import java.util.Locale;
import org.mapcask.lab.results.Interval;

/**
 * What one value does against another, by pairs measured in the same round.
 *
 * @param metric   what was compared.
 * @param baseline median of the one side.
 * @param value    median of the other.
 * @param ratio    of value to baseline; both zero is 1, and beyond a thousandfold nothing is told apart.
 */
public record Comparison(SweepMetric metric, Interval baseline, Interval value, Interval ratio) {
    private static final int PERCENT = 100;
    private static final double TIMES_FROM = 3;

    /** What can be said. */
    public enum Verdict {
        /** The whole interval lies on the better side. */
        BETTER("better"),
        /** The whole interval lies on the worse side. */
        WORSE("worse"),
        /** The interval holds "no change". */
        NONE("no significant difference"),
        /** So few pairs never show anything at this level. */
        TOO_FEW("too few pairs");

        private final String label;

        Verdict(final String label) {
            this.label = label;
        }

        /** In words. */
        public String label() {
            return label;
        }
    }

    /** What can be said. */
    public Verdict verdict() {
        if (!ratio.isReached()) {
            return Verdict.TOO_FEW;
        }
        if (!ratio.excludes(1)) {
            return Verdict.NONE;
        }
        return ratio.low() > 1 == metric.isHigherBetter() ? Verdict.BETTER : Verdict.WORSE;
    }

    /** By what share it is better, below 0 if it is worse: half the time is as good as twice the rate. */
    public double gain() {
        return metric.isHigherBetter() ? ratio.estimate() - 1 : 1 / ratio.estimate() - 1;
    }

    /** The ratio and its interval: {@code -12.0 % [-15.1, -8.0]}, or {@code ×12.3 [11.0, 14.2]}. */
    public String text() {
        if (ratio.n() == 0) {
            return "–";
        }
        return ratio.high() > TIMES_FROM || ratio.low() < 1 / TIMES_FROM
            ? String.format(Locale.ROOT, "×%.3g [%.3g, %.3g]", ratio.estimate(), ratio.low(), ratio.high())
            : String.format(Locale.ROOT, "%+.1f %% [%+.1f, %+.1f]", percent(ratio.estimate()), percent(ratio.low()),
                percent(ratio.high()));
    }

    private static double percent(final double ratio) {
        return PERCENT * (ratio - 1);
    }
}
