/**
 * What a disk and its kernel cost, without a store: each way to make an append durable on each kind of file, the first
 * store to a page, what one sync writes, cold reads, and the pauses of the host itself. In the manner of pg_test_fsync:
 * short cells, one table, and at the end a sentence that says what to choose.
 *
 * <p>{@link org.mapcask.lab.probe.ProbeRun} makes all cells in a directory of its own, which it removes, and writes a
 * results folder. {@link org.mapcask.lab.probe.AppendTarget} is a single way to append durably; the benchmark of
 * durable puts uses it as well.
 */
package org.mapcask.lab.probe;
