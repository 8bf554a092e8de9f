package org.mapcask.lab.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import javax.xml.parsers.DocumentBuilderFactory;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.mapcask.lab.rig.IntervalRecorder;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class PercentileChartTest {
    private static final long SEED = 7;

    @Test
    void shouldDrawWellFormedXmlWithOneCurveForEachSeries() throws Exception {
        final String svg = new PercentileChart("reads & <writes>", "a \"quoted\" line")
            .add("a < b", sample(10_000), 0, false)
            .add("a < b, service", sample(100_000), 0, true)
            .hiccup(sample(1000))
            .render();

        final Document document = parse(svg);

        assertEquals("svg", document.getDocumentElement().getTagName());
        assertEquals(2, paths(document, "line"));
        assertEquals(1, paths(document, "hiccup"));
        assertTrue(document.getElementsByTagName("title").item(0).getTextContent().equals("reads & <writes>"));
        assertTrue(svg.contains("prefers-color-scheme: dark"), "a dark page needs its own colours");
    }

    @Test
    void shouldLeaveOutEmptySeriesAndDrawOneValue() throws Exception {
        final Histogram one = IntervalRecorder.newHistogram();
        one.recordValue(1234);
        final Histogram none = IntervalRecorder.newHistogram();
        final PercentileChart chart = new PercentileChart("t", "s").add("none", none, 0, false);
        assertTrue(chart.isEmpty());

        final Document document = parse(chart.add("one", one, 1, false).hiccup(none).render());

        assertFalse(chart.isEmpty());
        assertEquals(1, paths(document, "line"));
        assertEquals(0, paths(document, "hiccup"));
    }

    @Test
    void shouldKeepEveryPointInsideThePlot() throws Exception {
        final Document document = parse(new PercentileChart("t", "s").add("a", sample(1_000_000), 0, false).render());
        final NodeList all = document.getElementsByTagName("path");
        for (int i = 0; i < all.getLength(); i++) {
            final String path = ((Element) all.item(i)).getAttribute("d");
            final String[] numbers = path.replaceAll("[MLZ]", " ").strip().split("\\s+");
            for (int n = 0; n < numbers.length; n += 2) {
                final double x = Double.parseDouble(numbers[n]);
                final double y = Double.parseDouble(numbers[n + 1]);
                assertTrue(x >= 78 && x <= 936 && y >= 84 && y <= 464, "point " + x + ", " + y + ", seed " + SEED);
            }
        }
    }

    private static int paths(final Document document, final String kind) {
        final NodeList all = document.getElementsByTagName("path");
        int count = 0;
        for (int i = 0; i < all.getLength(); i++) {
            count += ((Element) all.item(i)).getAttribute("class").split(" ")[0].equals(kind) ? 1 : 0;
        }
        return count;
    }

    private static Histogram sample(final int count) {
        final SplittableRandom random = new SplittableRandom(SEED);
        final Histogram histogram = IntervalRecorder.newHistogram();
        for (int i = 0; i < count; i++) {
            histogram.recordValue((long) (200 / (1.0000001 - random.nextDouble())));
        }
        return histogram;
    }

    private static Document parse(final String xml) throws Exception {
        final DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        return factory.newDocumentBuilder().parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
    }
}
