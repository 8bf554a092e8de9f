/**
 * Segments: the files of the log, and those that a merge made of some of them; {@link
 * org.mapcask.segment.CoveredRanges} holds the sequences that went with that. {@link
 * org.mapcask.segment.SegmentFactory} makes and opens them, {@code LaterFile} opens one when it is needed, if a
 * checkpoint kept its {@link org.mapcask.segment.KnownHeader}, {@link org.mapcask.segment.SegmentTable} finds the one
 * of a position, {@link org.mapcask.segment.SegmentPages} tells the kernel how its pages are used, {@link
 * org.mapcask.segment.RecordReader} reads a record out of them by copying, {@link
 * org.mapcask.segment.SegmentScanner} walks through one and says why it stopped.
 */
package org.mapcask.segment;
