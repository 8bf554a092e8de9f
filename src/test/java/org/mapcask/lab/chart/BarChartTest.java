package org.mapcask.lab.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class BarChartTest {
    @Test
    void shouldGiveEachGroupItsOwnScaleAndKeepAllOfItInTheDocument() throws Exception {
        final BarChart chart = new BarChart("a & b", "c < d");
        chart.group("load").bar("one", 0, 50, "50/s").bar("two", 1, 100, "100/s").bar("none", 2, Double.NaN, "–");
        chart.group("get").bar("one", 0, 1, "1/s").bar("two", 1, 0, "0/s");
        chart.group("scan").bar("one", 10, 7, "7/s");

        final Element svg = DocumentBuilderFactory.newInstance().newDocumentBuilder()
            .parse(new InputSource(new StringReader(chart.render()))).getDocumentElement();

        final List<Element> bars = bars(svg);
        final double full = number(bars.get(1), "width");
        assertEquals(List.of(full / 2, full, 0.0, full, 1.0, full),
            bars.stream().map(bar -> number(bar, "width")).toList(), "nothing has a sliver, what is not known none");
        assertEquals("f1", bars.get(5).getAttribute("class"), "colours begin again");
        final double height = number(svg, "height");
        for (final Element bar : bars) {
            assertTrue(number(bar, "x") + number(bar, "width") < number(svg, "width"), bar.getAttribute("x"));
            assertTrue(number(bar, "y") + number(bar, "height") < height, bar.getAttribute("y"));
        }
    }

    @Test
    void shouldDrawNoGroupsAtAll() throws Exception {
        DocumentBuilderFactory.newInstance().newDocumentBuilder()
            .parse(new InputSource(new StringReader(new BarChart("none", "").render())));
    }

    private static List<Element> bars(final Element svg) {
        final NodeList all = svg.getElementsByTagName("rect");
        final List<Element> bars = new ArrayList<>();
        for (int i = 0; i < all.getLength(); i++) {
            final Element rect = (Element) all.item(i);
            if (rect.getAttribute("class").matches("f\\d")) {
                bars.add(rect);
            }
        }
        return bars;
    }

    private static double number(final Element element, final String attribute) {
        return Double.parseDouble(element.getAttribute(attribute));
    }
}
