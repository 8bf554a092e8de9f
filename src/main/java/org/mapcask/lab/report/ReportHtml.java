package org.mapcask.lab.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Properties;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.StoreIoException;
import org.mapcask.lab.results.Json;

/** Writes runs as one HTML page that needs nothing else, not even a network. Stateless. */
public final class ReportHtml {
    private static final String UPLOT = "/META-INF/resources/webjars/uplot/";
    private static final String UPLOT_POM = "/META-INF/maven/org.webjars.npm/uplot/pom.properties";

    private ReportHtml() {
    }

    /**
     * Renders runs.
     *
     * @param runs at least one.
     * @return the page.
     * @throws IOException      if the page's own parts cannot be read.
     * @throws StoreIoException if uPlot is not on the class path.
     */
    public static String render(final List<RunFolder> runs) throws IOException {
        final Properties pom = new Properties();
        try (InputStream in = ReportHtml.class.getResourceAsStream(UPLOT_POM)) {
            if (in == null) {
                throw new StoreIoException(ErrorText.what("the report cannot be drawn").where("class path")
                    .expected("the jar org.webjars.npm:uplot").found("none").todo("use mapcask.jar, which has it"));
            }
            pom.load(in);
        }
        final String uplot = UPLOT + pom.getProperty("version") + "/";
        final String title = String.join(", ", runs.stream().map(RunFolder::name).toList());
        return resource("report.html")
            .replace("{{title}}", escape(title))
            .replace("{{uplot-licence}}", resource(uplot + "LICENSE").strip())
            .replace("{{uplot-style}}", resource(uplot + "dist/uPlot.min.css").strip())
            .replace("{{style}}", resource("report.css").strip())
            .replace("{{uplot-script}}", resource(uplot + "dist/uPlot.iife.min.js").strip())
            .replace("{{data}}", Json.compact(ReportData.of(runs)).replace("</", "<\\/"))
            .replace("{{script}}", resource("report.js").strip());
    }

    private static String resource(final String name) throws IOException {
        try (InputStream in = ReportHtml.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("not on the class path: " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String escape(final String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
