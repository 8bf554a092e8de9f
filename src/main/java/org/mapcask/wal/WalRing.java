package org.mapcask.wal;

import org.mapcask.format.HeaderDescriptor;
import org.mapcask.format.WalDescriptor;
import org.mapcask.io.DurableFile;

/**
 * The open files of the ring, and where the next frame goes. One thread writes at a time, and one after the other sees
 * what the one before did; {@link #wantedSequence} may be asked by any. Owns the files.
 */
final class WalRing implements AutoCloseable {
    private final DurableFile[] files;
    private final long[] salts;
    private final long fileLength;
    /** Highest sequence that a file holds and that was written by this object; 0 = none. */
    private final long[] lastSequences;
    private int index;
    private long offset = HeaderDescriptor.PAGE_LENGTH;
    private volatile long wantedSequence;

    /** A ring whose frames are all durable in the segments: it begins again with its first file. */
    WalRing(final DurableFile[] files, final long[] salts, final long fileLength) {
        this.files = files;
        this.salts = salts;
        this.fileLength = fileLength;
        this.lastSequences = new long[files.length];
    }

    /** Longest frame that fits into a file of this length. */
    static int frameLengthMax(final long fileLength) {
        return (int)Math.min(WalDescriptor.FRAME_LENGTH_MAX, fileLength - HeaderDescriptor.PAGE_LENGTH);
    }

    /** Length of all files. */
    long length() {
        return files.length * fileLength;
    }

    /** How the files are made durable. */
    String method() {
        return files[index].method();
    }

    /** The segments must be durable up to here before a frame of this length is written: it goes over older ones. */
    long requiredSequence(final int frameLength) {
        if (offset + frameLength > fileLength) {
            return lastSequences[next()];
        }
        return offset == HeaderDescriptor.PAGE_LENGTH ? lastSequences[index] : 0;
    }

    /** Writes a frame; when this returns, its records are durable. */
    void write(final FrameBuffer frame, final long segmentsDurable) {
        final int frameLength = frame.frameLength();
        if (offset + frameLength > fileLength) {
            wantedSequence = lastSequences[index];
            index = next();
            offset = HeaderDescriptor.PAGE_LENGTH;
        }
        files[index].write(offset, frame.complete(segmentsDurable, salts[index], offset));
        offset += frameLength;
        lastSequences[index] = frame.lastSequence();
    }

    /** Last sequence of the file before the one that is written to. */
    long wantedSequence() {
        return wantedSequence;
    }

    private int next() {
        return (index + 1) % files.length;
    }

    @Override
    public void close() {
        for (final DurableFile file : files) {
            file.close();
        }
    }
}
