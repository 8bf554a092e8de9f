package org.mapcask.lab.chart;

/** Style and escapes of all charts as SVG. Stateless. */
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
            .again1 { stroke-dasharray: 2 3; } .dashed.again1 { stroke-dasharray: 5 4 2 4; }
            .again2 { stroke-dasharray: 14 4 2 4; } .dashed.again2 { stroke-dasharray: 5 4 2 4 2 4; }
            .again3 { stroke-dasharray: 14 4 2 4 2 4; } .dashed.again3 { stroke-dasharray: 5 4 2 4 2 4 2 4; }
            .hiccup { fill: #818b98; fill-opacity: 0.28; stroke: #818b98; stroke-width: 1; }
            .c0 { stroke: #0969da; } .c1 { stroke: #d1570a; } .c2 { stroke: #1a7f37; } .c3 { stroke: #a40e76; }
            .c4 { stroke: #8250df; } .c5 { stroke: #9a6700; } .c6 { stroke: #0a7d8c; } .c7 { stroke: #59636e; }
            .c8 { stroke: #5a7302; }
            .f0 { fill: #0969da; } .f1 { fill: #d1570a; } .f2 { fill: #1a7f37; } .f3 { fill: #a40e76; }
            .f4 { fill: #8250df; } .f5 { fill: #9a6700; } .f6 { fill: #0a7d8c; } .f7 { fill: #59636e; }
            .f8 { fill: #5a7302; }
            .merge { fill: #9a6700; fill-opacity: 0.16; } .checkpoint { fill: #8250df; fill-opacity: 0.20; }
            .heat { fill: #0c3e82; }
            .live { fill: #1a7f37; fill-opacity: 0.75; } .dead { fill: #d1570a; fill-opacity: 0.45; }
            .total { fill: none; stroke: #0969da; stroke-width: 2; stroke-linejoin: round; }
            .disk { fill: none; stroke: #1f2328; stroke-width: 1.2; stroke-dasharray: 4 4; }
            .goal { stroke: #a40e76; stroke-width: 1.5; stroke-dasharray: 8 4; }
            @media (prefers-color-scheme: dark) {
              .paper { fill: #0d1117; } .ink { fill: #f0f6fc; } .dim { fill: #9198a1; }
              .grid { stroke: #3d444d; } .minor { stroke: #21262d; } .frame { stroke: #656c76; }
              .hiccup { fill: #9198a1; fill-opacity: 0.25; stroke: #9198a1; }
              .merge { fill: #e3b341; fill-opacity: 0.22; } .checkpoint { fill: #bc8cff; fill-opacity: 0.26; }
              .heat { fill: #9ed0ff; } .live { fill: #56d364; } .dead { fill: #ff9b57; }
              .total { stroke: #58a6ff; } .disk { stroke: #f0f6fc; } .goal { stroke: #ff7bc8; }
              .c0 { stroke: #58a6ff; } .c1 { stroke: #ff9b57; } .c2 { stroke: #56d364; } .c3 { stroke: #ff7bc8; }
              .c4 { stroke: #bc8cff; } .c5 { stroke: #e3b341; } .c6 { stroke: #39c5cf; } .c7 { stroke: #9198a1; }
              .c8 { stroke: #b5c941; }
              .f0 { fill: #58a6ff; } .f1 { fill: #ff9b57; } .f2 { fill: #56d364; } .f3 { fill: #ff7bc8; }
              .f4 { fill: #bc8cff; } .f5 { fill: #e3b341; } .f6 { fill: #39c5cf; } .f7 { fill: #9198a1; }
              .f8 { fill: #b5c941; }
            }
          </style>
        """;

    private Svg() {
    }

    /** A text as XML takes it. */
    static String escape(final String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
