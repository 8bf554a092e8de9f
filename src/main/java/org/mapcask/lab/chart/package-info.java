/** Charts as SVG that follow the light or dark scheme of the reader. */
package org.mapcask.lab.chart;
