/** Microbenchmarks of single operations; {@code bench/jmh.sh} runs them. */
package org.mapcask.bench.jmh;
