package org.mapcask.segment;

/** Why a scan of a segment came to its end. */
public enum ScanStop {
    /** Nothing is written from here on: the length is zero, or the segment is full. */
    END,
    /** Bytes that are no sound record, above everything that is known to be durable: a write that a crash cut short. */
    TORN,
    /** Bytes that are no sound record, or none at all, below what is known to be durable: damage. */
    CORRUPT
}
