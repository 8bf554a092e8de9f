package org.mapcask.lab.chart;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Draws groups of bars as SVG, two groups side by side: each group has a scale of its own that begins at zero, each bar
 * its name and its value in words. Used by one thread.
 */
public final class BarChart {
    private static final int COLUMNS = 2;
    private static final int COLUMN_WIDTH = 458;
    private static final int GAP = 24;
    private static final int LEFT = 20;
    private static final int NAME_WIDTH = 132;
    private static final int BAR_WIDTH_MAX = 220;
    private static final int ROW = 18;
    private static final int BAR_HEIGHT = 12;
    private static final int HEAD = 30;
    private static final int COLOURS = 9;

    private final String title;
    private final String subtitle;
    private final List<Group> groups = new ArrayList<>();

    /** Begins a chart without groups. */
    public BarChart(final String title, final String subtitle) {
        this.title = title;
        this.subtitle = subtitle;
    }

    /** Begins a group; bars that are added belong to it. */
    public BarChart group(final String name) {
        groups.add(new Group(name, new ArrayList<>()));
        return this;
    }

    /**
     * Adds a bar to the last group.
     *
     * @param name   of what it stands for.
     * @param colour number of a colour; equal numbers belong together.
     * @param value  its length, not below zero; one that is not finite has no bar.
     * @param text   the value for people.
     */
    public BarChart bar(final String name, final int colour, final double value, final String text) {
        groups.get(groups.size() - 1).bars.add(new Bar(name, Math.floorMod(colour, COLOURS), value, text));
        return this;
    }

    /** The chart. */
    public String render() {
        final int[] heights = new int[(groups.size() + COLUMNS - 1) / COLUMNS];
        for (int i = 0; i < groups.size(); i++) {
            heights[i / COLUMNS] = Math.max(heights[i / COLUMNS], HEAD + groups.get(i).bars.size() * ROW + GAP);
        }
        final SvgPlot plot =
            new SvgPlot(title, subtitle, LEFT, SvgPlot.RIGHT, Arrays.stream(heights).sum(), 0);
        int top = SvgPlot.TOP;
        for (int i = 0; i < groups.size(); i++) {
            group(plot, groups.get(i), LEFT + i % COLUMNS * (COLUMN_WIDTH + GAP), top);
            top += i % COLUMNS == COLUMNS - 1 ? heights[i / COLUMNS] : 0;
        }
        return plot.render();
    }

    private static void group(final SvgPlot plot, final Group group, final int left, final int top) {
        plot.text("ink", "start", left, top + BAR_HEIGHT, group.name);
        final double most =
            group.bars.stream().mapToDouble(Bar::value).filter(Double::isFinite).max().orElse(0);
        int y = top + HEAD;
        for (final Bar bar : group.bars) {
            final double width =
                most > 0 && Double.isFinite(bar.value) ? Math.max(1, bar.value / most * BAR_WIDTH_MAX) : 0;
            plot.text("dim", "end", left + NAME_WIDTH, y + BAR_HEIGHT - 1, bar.name);
            plot.draw("<rect class=\"f%d\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>",
                bar.colour, left + NAME_WIDTH + 8, y, width, BAR_HEIGHT);
            plot.text("ink", "start", left + NAME_WIDTH + 14 + width, y + BAR_HEIGHT - 1, bar.text);
            y += ROW;
        }
    }

    /** Bars under one heading. */
    private record Group(String name, List<Bar> bars) {
    }

    /** One bar. */
    private record Bar(String name, int colour, double value, String text) {
    }
}
