package org.mapcask.wal;

/**
 * Figures of the write-ahead log at one moment.
 *
 * @param method   how it makes durable, as {@link org.mapcask.io.DurableFile#method()} tells.
 * @param length   of the ring in bytes.
 * @param frames   written since the store was opened.
 * @param records  in them.
 * @param bytes    written, headers and padding included.
 * @param ringWaits how often a commit had to wait for the segments, because the ring had come round.
 */
public record WalStats(String method, long length, long frames, long records, long bytes, long ringWaits) {
}
