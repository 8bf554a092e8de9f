package org.mapcask.bench.peers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The stores that are compared: how their JVMs are started, what each can do, and what is not equal about them. What
 * they are told, and on whose advice, stands in the comment of each adapter, and in {@link #tuning}.
 */
enum Peer {
    MAPCASK("mapcask", "Mapcask", "MapcaskPeer", List.of(), true, true, true,
        "syncBytes=0, syncIntervalMs=0 (nothing is synced, as with the others); durable: syncEveryWrite=true. All else "
            + "at its default: checksum of each value read, merges in the background",
        "unordered; every get verifies a checksum; index in memory, keys on disk; after a kill nothing is lost"),
    CHRONICLE("chronicle", "Chronicle Map", "ChroniclePeer", List.of(
        "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED", "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
        "--add-exports=jdk.unsupported/sun.misc=ALL-UNNAMED",
        "--add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED",
        "--add-opens=jdk.compiler/com.sun.tools.javac=ALL-UNNAMED", "--add-opens=java.base/java.lang=ALL-UNNAMED",
        "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED", "--add-opens=java.base/java.io=ALL-UNNAMED",
        "--add-opens=java.base/java.util=ALL-UNNAMED", "--add-opens=java.base/java.nio=ALL-UNNAMED",
        "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED", "-Dchronicle.analytics.disable=true"), true, true, true,
        "byte[] of constant size, sized for exactly the keys, getUsing into the caller's array, "
            + "putReturnsNull (its tutorial, CM_Tutorial.adoc); recoverPersistedTo after a kill",
        "unordered; checksum on recovery, not on get; size fixed beforehand, written in place, so it has no dead "
            + "space; no durability of its own: the harness calls fdatasync after each put, and what a power cut in "
            + "the middle of one leaves is not defined"),
    LMDB("lmdb", "LMDB", "LmdbPeer", List.of("--add-opens=java.base/java.nio=ALL-UNNAMED",
        "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED", "-Dlmdbjava.disable.checks=true"), true, true, true,
        "MDB_WRITEMAP, MDB_NOSYNC (lmdb.h); durable: its defaults, a sync each commit. One transaction a put, read "
            + "transactions renewed, Agrona buffers, lmdbjava.disable.checks (lmdbjava's README)",
        "ordered; ACID transactions; no checksums; index on disk; one writer at a time, no group commit"),
    ROCKSDB("rocksdb", "RocksDB", "RocksPeer", List.of(), true, true, true,
        "block cache for everything, 4 KiB blocks with hash index, Bloom filters of 10 bits, 128 MiB write buffers, no "
            + "compression (wiki: Setup Options and Basic Tuning; optimizeForPointLookup); no write-ahead log, but "
            + "for the kill, and synced where durable",
        "ordered; write batches; checksum when a block is read into the cache, not on each get; group commit; without "
            + "a write-ahead log a kill would lose what is in the write buffers"),
    MVSTORE("mvstore", "H2 MVStore", "MvStorePeer", List.of(), true, true, true,
        "byte array types, cache for everything (h2database.com/html/mvstore.html); commits by its own thread each "
            + "second; for the kill a commit a put, and a sync where durable",
        "ordered; multi-version; checksum when a page is read from the file, not on each get; cache on the heap; a put "
            + "that returned may be a second away from the file"),
    MAPDB("mapdb", "MapDB", "MapDbPeer", List.of(), true, true, true,
        "HTreeMap in a mapped file, growing by 64 MiB, layout 8 x 32^4 (jankotek.gitbooks.io/mapdb: performance, "
            + "htreemap); transactions with a commit a put for the kill and where durable",
        "unordered; no checksums on get; index on disk; without transactions a kill loses the store; flushed but not "
            + "compacted before its blocks are counted"),
    XODUS("xodus", "Xodus", "XodusPeer", List.of("--add-opens=java.base/java.lang=ALL-UNNAMED",
        "--add-opens=java.base/java.nio=ALL-UNNAMED", "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED"), true, true, true,
        "one exclusive transaction a put, one read-only transaction a get, log cache of half the heap, 64 MiB files "
            + "(EnvironmentConfig); durable: exodus.log.durableWrite",
        "ordered; transactions with snapshots; no checksum on get; cache on the heap; its collection of old files is "
            + "asked for, and not waited for, before its blocks are counted"),
    HEAP("heap", "ConcurrentHashMap", "HeapPeer", List.of(), false, true, false,
        "initial capacity for all keys; a new key object and array a put, a copy a get",
        "keeps nothing on disk; the heap holds everything"),
    BARE("bare", "bare mapped log", "BareLogPeer", List.of(), false, false, true,
        "copies and checks the same bytes as Mapcask; the place of a record by its number in an array; durable: "
            + "O_DIRECT|O_DSYNC writes of whole blocks, a file for each thread",
        "the floor: no index, no lock, no recovery, one writer, dead space is never given back");

    /** What the command line calls it. */
    final String id;
    /** What tables call it. */
    final String title;
    /** Whether it can be opened again. */
    final boolean persistent;
    /** Whether several threads may write. */
    final boolean shared;
    /** Whether it has durable puts. */
    final boolean durable;
    /** What it is told, and on whose advice. */
    final String tuning;
    /** What is not equal about it. */
    final String differences;

    private final String factory;
    private final List<String> flags;

    Peer(final String id, final String title, final String factory, final List<String> flags,
        final boolean persistent, final boolean shared, final boolean durable, final String tuning,
        final String differences) {
        this.id = id;
        this.title = title;
        this.factory = factory;
        this.flags = flags;
        this.persistent = persistent;
        this.shared = shared;
        this.durable = durable;
        this.tuning = tuning;
        this.differences = differences;
    }

    /** JVM flags that it needs besides those of bench/jvm.options. */
    List<String> flags() {
        return flags;
    }

    /** Name of the class that calls it; those of its sessions begin with it. */
    String adapter() {
        return Peer.class.getPackageName() + "." + factory;
    }

    /** What opens it; fails where the profile that compiles it was not on. */
    PeerFactory factory() {
        try {
            return (PeerFactory) Class.forName(adapter())
                .getDeclaredConstructor().newInstance();
        } catch (final ReflectiveOperationException e) {
            throw new IllegalStateException(title + " is not on the class path; build with mvn -Ppeers", e);
        }
    }

    /** The one with an id. */
    static Peer of(final String id) {
        return Arrays.stream(values()).filter(peer -> peer.id.equals(id)).findFirst()
            .orElseThrow(() -> new IllegalArgumentException("'" + id + "' is none of " + ids()));
    }

    /** All ids. */
    static List<String> ids() {
        final List<String> ids = new ArrayList<>();
        for (final Peer peer : values()) {
            ids.add(peer.id);
        }
        return ids;
    }
}
