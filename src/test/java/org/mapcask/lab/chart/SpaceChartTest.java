package org.mapcask.lab.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class SpaceChartTest {
    @Test
    void shouldDrawWellFormedXmlWithAreasLinesAndMerges() throws Exception {
        final String svg = SpaceChart.render("files & <bytes>", "a \"quoted\" line", saw(3), 0);

        final Document document = parse(svg);

        assertEquals("svg", document.getDocumentElement().getTagName());
        assertEquals("files & <bytes>", document.getElementsByTagName("title").item(0).getTextContent());
        for (final String kind : List.of("live", "dead", "total", "disk")) {
            assertEquals(1, count(document, "path", kind), kind);
        }
        assertEquals(3 + 1, count(document, "rect", "merge"), "three merges, and the legend");
        assertEquals(0, count(document, "line", "goal"));
        assertTrue(svg.contains("prefers-color-scheme: dark"), "a dark page needs its own colours");
    }

    @Test
    void shouldMarkAGoal() throws Exception {
        assertEquals(1 + 1, count(parse(SpaceChart.render("t", "s", saw(1), 5_000_000_000.0)), "line", "goal"),
            "the limit, and the legend");
    }

    @Test
    void shouldDrawOneSampleAndNoDisk() throws Exception {
        final SpaceSeries one = new SpaceSeries(List.of(new SpaceSample(0, 0, 0, 0, 0, -1, false, 0, 0)));

        final Document document = parse(SpaceChart.render("t", "s", one, 0));

        assertEquals(0, count(document, "path", "disk"));
        assertEquals(1, count(document, "path", "total"));
    }

    @Test
    void shouldKeepEveryPointInsideThePlot() throws Exception {
        final NodeList all =
            parse(SpaceChart.render("t", "s", saw(7), 0)).getElementsByTagName("path");
        for (int i = 0; i < all.getLength(); i++) {
            final String path = ((Element) all.item(i)).getAttribute("d");
            final String[] numbers = path.replaceAll("[MLZ]", " ").strip().split("\\s+");
            assertTrue(numbers.length > 20);
            for (int n = 0; n < numbers.length; n += 2) {
                final double x = Double.parseDouble(numbers[n]);
                final double y = Double.parseDouble(numbers[n + 1]);
                assertTrue(x >= 78 && x <= 936 && y >= 84 && y <= 420, "point " + x + ", " + y);
            }
        }
    }

    private static SpaceSeries saw(final int teeth) {
        final List<SpaceSample> samples = new ArrayList<>();
        for (int i = 0; i <= 10 * teeth; i++) {
            final long dead = 1_000_000L * (i % 10);
            samples.add(new SpaceSample(50L * i, 1_000_000L * i, 2_000_000, dead, 3_000_000 + dead, 4_000_000 + dead,
                i % 10 == 9, i / 10, 0));
        }
        return new SpaceSeries(samples);
    }

    private static int count(final Document document, final String element, final String kind) {
        final NodeList all = document.getElementsByTagName(element);
        int count = 0;
        for (int i = 0; i < all.getLength(); i++) {
            count += ((Element) all.item(i)).getAttribute("class").equals(kind) ? 1 : 0;
        }
        return count;
    }

    private static Document parse(final String xml) throws Exception {
        final DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        return factory.newDocumentBuilder().parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
    }
}
