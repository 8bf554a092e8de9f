/** The folder of one run and the files in it. */
package org.mapcask.lab.results;
