/**
 * The command line: {@code java -jar mapcask.jar VERB …}, one file a command, each a thin shell around the public
 * façade. Data goes to standard output, talk and progress to standard error, so that output can be piped. Exit status:
 *
 * <table>
 *   <caption>Exit status</caption>
 *   <tr><td>0</td><td>done</td></tr>
 *   <tr><td>1</td><td>not found, or a check failed</td></tr>
 *   <tr><td>2</td><td>wrong usage: arguments or options</td></tr>
 *   <tr><td>3</td><td>corruption found</td></tr>
 *   <tr><td>4</td><td>store or input/output error; also: there is no store in the directory</td></tr>
 * </table>
 *
 * <p>{@link org.mapcask.cli.Main} maps errors to these. Keys on the command line are text in UTF-8; values may be any
 * bytes, from standard input and to standard output.
 */
package org.mapcask.cli;
