package org.mapcask.lab.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.mapcask.lab.results.Interval;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class EffectChartTest {
    private static final double MIDDLE = 570;

    @Test
    void shouldDrawWhatIsSlowerToTheRightAndWhatIsFasterToTheLeft() throws Exception {
        final EffectChart chart = new EffectChart("Knobs & values", "a<b");
        chart.add("slow", new Interval(2, 1.5, 3, 0.95, 0.95, 9), false, true);
        chart.add("fast", new Interval(0.5, 1.0 / 3, 2.0 / 3, 0.95, 0.95, 9), true, false);
        chart.add("neither", new Interval(1, 0.9, 1.1, 0.95, 0.95, 9), false, false);

        final NodeList marks = parse(chart.render()).getElementsByTagName("circle");

        assertEquals(3, marks.getLength());
        assertEquals("line c1", ((Element) marks.item(0)).getAttribute("class"));
        assertEquals("line c2", ((Element) marks.item(1)).getAttribute("class"));
        final double right = x(marks, 0) - MIDDLE;
        assertTrue(right > 50, "to the right by " + right);
        assertEquals(-right, x(marks, 1) - MIDDLE, 0.11, "half is as far as twice");
        assertEquals(MIDDLE, x(marks, 2), 0.11);
    }

    @Test
    void shouldDrawNothingAndTheWidestRatioWithinTheFrame() throws Exception {
        parse(new EffectChart("none", "").render());
        final EffectChart chart = new EffectChart("wide", "");
        chart.add("a thousandfold", new Interval(1000, 1000, 1000, 0.95, 0.95, 6), false, true);

        final double x = x(parse(chart.render()).getElementsByTagName("circle"), 0);

        assertTrue(x > MIDDLE && x <= 810, "at " + x);
    }

    private static double x(final NodeList marks, final int index) {
        return Double.parseDouble(((Element) marks.item(index)).getAttribute("cx"));
    }

    private static Document parse(final String svg) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }
}
