package org.mapcask.lab.chart;

import java.util.Locale;

/** What charts as SVG have in common. Stateless. */
final class Svg {
    /** Colours and fonts of all charts, in the light and the dark scheme of the reader. */
    static final String STYLE = """
          <style>
            svg { font-family: system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif; font-size: 13px; }
            .paper { fill: #ffffff; } .ink { fill: #1f2328; } .dim { fill: #59636e; }
            .title { font-size: 17px; font-weight: 600; }
            .grid { stroke: #d1d9e0; stroke-width: 1; } .minor { stroke: #eef1f4; stroke-width: 1; }
            .frame { stroke: #818b98; stroke-width: 1; fill: none; }
            .line { fill: none; stroke-width: 2.2; stroke-linejoin: round; }
            .dashed { stroke-dasharray: 5 4; stroke-width: 1.6; }
            .hiccup { fill: #818b98; fill-opacity: 0.28; stroke: #818b98; stroke-width: 1; }
            .c0 { stroke: #0969da; } .c1 { stroke: #d1570a; } .c2 { stroke: #1a7f37; } .c3 { stroke: #a40e76; }
            .c4 { stroke: #8250df; } .c5 { stroke: #9a6700; } .c6 { stroke: #0a7d8c; }
            .span { fill: #9a6700; fill-opacity: 0.14; } .heat { fill: #0c3e82; }
            @media (prefers-color-scheme: dark) {
              .paper { fill: #0d1117; } .ink { fill: #f0f6fc; } .dim { fill: #9198a1; }
              .grid { stroke: #3d444d; } .minor { stroke: #21262d; } .frame { stroke: #656c76; }
              .hiccup { fill: #9198a1; fill-opacity: 0.25; stroke: #9198a1; }
              .span { fill: #e3b341; fill-opacity: 0.20; } .heat { fill: #9ed0ff; }
              .c0 { stroke: #58a6ff; } .c1 { stroke: #ff9b57; } .c2 { stroke: #56d364; } .c3 { stroke: #ff7bc8; }
              .c4 { stroke: #bc8cff; } .c5 { stroke: #e3b341; } .c6 { stroke: #39c5cf; }
            }
          </style>
        """;

    private Svg() {
    }

    /** Appends a line with numbers in it, the same in every country. */
    static void line(final StringBuilder out, final String format, final Object... arguments) {
        out.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }

    /** A text as XML takes it. */
    static String escape(final String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
