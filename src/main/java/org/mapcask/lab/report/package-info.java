/**
 * Reads results folders back and draws them: one HTML file that holds everything it needs, and the same charts as SVG.
 * Of a sweep it draws what each knob does, of stores that were compared each figure and their latencies. {@link
 * org.mapcask.lab.report.ReportHtml} puts the data of {@link org.mapcask.lab.report.RunFolder} and the text of
 * uPlot into the page {@code report.html}, which is a resource of this package.
 */
package org.mapcask.lab.report;
