/** Tests of the command line, run within this process through {@link org.mapcask.cli.Main#run}. */
package org.mapcask.cli;
