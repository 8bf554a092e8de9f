package org.mapcask.bench.peers;

import java.util.Arrays;

/** What is measured of each store. */
enum PeerFigure {
    LOAD("load", "put of new keys, 1 thread", Unit.RATE),
    GET("get", "random get, 1 thread", Unit.RATE),
    GET_2("get-2t", "random get, 2 threads", Unit.RATE),
    GET_ZIPFIAN("get-zipfian", "zipfian get, 1 thread", Unit.RATE),
    OVERWRITE("overwrite", "overwrite, 1 thread", Unit.RATE),
    MIXED("mixed-2t", "50/50 zipfian, 2 threads", Unit.RATE),
    SCAN("scan", "scan, 1 thread", Unit.RATE),
    DURABLE("durable", "durable put, 1 thread", Unit.RATE),
    DURABLE_8("durable-8t", "durable put, 8 threads", Unit.RATE),
    OPEN_FIRST("open-first", "open, clean, first of a process", Unit.TIME),
    OPEN_WARM("open-warm", "open, clean, once more", Unit.TIME),
    OPEN_KILLED("open-killed", "open after kill -9, first of a process", Unit.TIME),
    LOST("killed-lost", "acknowledged writes lost after kill -9, all rounds", Unit.COUNT),
    KILLED_WRITES("killed-writes", "acknowledged writes before kill -9, all rounds", Unit.COUNT),
    SETTLE_LOADED("settle-loaded", "flush and compaction after the load", Unit.TIME),
    SETTLE_OVERWRITTEN("settle-overwritten", "flush and compaction after the overwrites", Unit.TIME),
    DISK_LOADED("disk-loaded", "disk blocks to live bytes, loaded", Unit.FACTOR),
    DISK_OVERWRITTEN("disk-overwritten", "disk blocks to live bytes, after overwrites", Unit.FACTOR),
    INDEX("index", "memory of the index a key, by the store's own count", Unit.BYTES),
    NATIVE("native", "memory outside of heap and files, opened and read", Unit.MEBIBYTES),
    HEAP("heap", "used heap after a collection, opened and read", Unit.MEBIBYTES);

    /** How a figure is written, and which end of it is good. */
    enum Unit {
        /** Operations a second; more is better. */
        RATE,
        /** Milliseconds. */
        TIME,
        /** A multiple. */
        FACTOR,
        /** A number, of all rounds together. */
        COUNT,
        /** Bytes. */
        BYTES,
        /** Millions of bytes, as memory has them. */
        MEBIBYTES
    }

    /** Its name in files. */
    final String id;
    /** Its name in tables. */
    final String title;
    /** How it is written. */
    final Unit unit;

    PeerFigure(final String id, final String title, final Unit unit) {
        this.id = id;
        this.title = title;
        this.unit = unit;
    }

    /** Whether there is a latency of each operation with it. */
    boolean hasLatency() {
        return unit == Unit.RATE && this != SCAN;
    }

    /** Whether it has a row of its own; what is lost is shown as a part of what was written. */
    boolean hasRow() {
        return this != KILLED_WRITES;
    }

    /** The one with an id. */
    static PeerFigure of(final String id) {
        return Arrays.stream(values()).filter(figure -> figure.id.equals(id)).findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no figure '" + id + "'"));
    }
}
