package org.mapcask.lab.chart;

import java.util.Locale;

/**
 * An SVG document while it is drawn: title and subtitle, a frame with grid lines and labels, whatever the chart puts
 * into it, and below it a legend that takes as many rows as it needs. One style sheet; colours follow the reader's
 * light or dark scheme. Used by one thread.
 */
final class SvgPlot {
    static final int WIDTH = 960;
    static final int TOP = 84;
    /** Where the frame begins, unless labels need more room. */
    static final int LEFT = 78;
    static final int RIGHT = 936;

    private static final int TITLE_LEFT = 20;
    private static final int TITLE_Y = 32;
    private static final int SUBTITLE_Y = 56;
    private static final int BASELINE = 4;
    private static final int LEGEND_ROW = 22;
    private static final int LEGEND_MARK = 28;
    private static final int LEGEND_GAP = 8;
    private static final int LEGEND_ENTRY_GAP = 26;
    private static final int MARGIN = 16;
    /** A character is no wider than this on average; nothing measures text where the chart is made. */
    private static final double CHARACTER_WIDTH = 8;

    private final String title;
    private final String subtitle;
    private final int left;
    private final int right;
    private final int bottom;
    private final int axisHeight;
    private final StringBuilder body = new StringBuilder();
    private final StringBuilder legend = new StringBuilder();
    private double legendX;
    private int legendRow;

    /**
     * Begins a document.
     *
     * @param title      what is shown.
     * @param subtitle   one line on it.
     * @param left       where the frame begins.
     * @param right      where it ends.
     * @param height     of the frame.
     * @param axisHeight room for the labels below it.
     */
    SvgPlot(
        final String title, final String subtitle, final int left, final int right, final int height,
        final int axisHeight) {
        this.title = title;
        this.subtitle = subtitle;
        this.left = left;
        this.right = right;
        this.bottom = TOP + height;
        this.axisHeight = axisHeight;
        this.legendX = left;
    }

    /** Lower edge of the frame. */
    int bottom() {
        return bottom;
    }

    /** Adds an element of its own making, numbers written the same in every country. */
    void draw(final String format, final Object... arguments) {
        body.append("  ").append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }

    /** Adds a text. */
    void text(final String style, final String anchor, final double x, final double y, final String text) {
        draw("<text class=\"%s\" text-anchor=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>", style, anchor, x, y,
            Svg.escape(text));
    }

    /** A line across the frame; with a label to the left of it unless that is null. */
    void across(final String style, final double y, final String label) {
        draw("<line class=\"%s\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>", style, left, right, y, y);
        if (label != null) {
            text("dim", "end", left - 8, y + BASELINE, label);
        }
    }

    /** A line from the top of the frame to its bottom with a label below, which is not to leave the document. */
    void down(final String style, final double x, final String label) {
        draw("<line class=\"%s\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>", style, x, x, TOP, bottom);
        final double half = label.length() * CHARACTER_WIDTH / 2;
        text("dim", "middle", Math.min(x, WIDTH - BASELINE - half), bottom + 20, label);
    }

    /** What the axis below the frame is. */
    void axisName(final String text) {
        text("dim", "middle", (left + right) / 2.0, bottom + 40, text);
    }

    /** The frame around the plot. */
    void frame() {
        draw("<rect class=\"frame\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>",
            left, TOP, right - left, bottom - TOP);
    }

    /** Adds a line to the legend. */
    void legendLine(final String style, final String text) {
        final double x = legendPlace(text);
        legend(text, x, "<line class=\"%s\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>", style, x, x + LEGEND_MARK,
            legendY() - BASELINE, legendY() - BASELINE);
    }

    /** Adds an area to the legend. */
    void legendArea(final String style, final String text) {
        final double x = legendPlace(text);
        legend(text, x, "<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%d\" height=\"12\"/>", style, x, legendY() - 11,
            LEGEND_MARK);
    }

    private void legend(final String text, final double x, final String format, final Object... arguments) {
        legend.append("  ").append(String.format(Locale.ROOT, format, arguments)).append('\n');
        legend.append(String.format(Locale.ROOT, "  <text class=\"ink\" x=\"%.1f\" y=\"%d\">%s</text>\n",
            x + LEGEND_MARK + LEGEND_GAP, legendY(), Svg.escape(text)));
    }

    /** Where the next entry begins: behind the last one, or in a new row. */
    private double legendPlace(final String text) {
        final double width = LEGEND_MARK + LEGEND_GAP + text.length() * CHARACTER_WIDTH;
        if (legendX > left && legendX + width > WIDTH - MARGIN) {
            legendX = left;
            legendRow++;
        }
        final double x = legendX;
        legendX += width + LEGEND_ENTRY_GAP;
        return x;
    }

    private int legendY() {
        return bottom + axisHeight + legendRow * LEGEND_ROW;
    }

    /** The whole document. */
    String render() {
        final int height = legend.isEmpty() ? bottom + axisHeight : legendY() + MARGIN;
        final int titleLeft = left == LEFT ? LEFT : TITLE_LEFT;
        return String.format(Locale.ROOT, """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d"
                 role="img">
              <title>%s</title>
            %s  <rect class="paper" width="%d" height="%d"/>
              <text class="ink title" x="%d" y="%d">%s</text>
              <text class="dim" x="%d" y="%d">%s</text>
            """, WIDTH, height, WIDTH, height, Svg.escape(title), Svg.STYLE, WIDTH, height, titleLeft, TITLE_Y,
            Svg.escape(title), titleLeft, SUBTITLE_Y, Svg.escape(subtitle)) + body + legend + "</svg>\n";
    }
}
