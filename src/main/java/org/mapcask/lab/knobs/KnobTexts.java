package org.mapcask.lab.knobs;

import java.util.List;

/**
 * When each option matters, and what was measured. Figures are those of a native note or a results folder, which
 * name machine and command. A test holds that no option is missing, and that each note and folder is there.
 */
final class KnobTexts {
    private static final String DURABLE = "05-durable-writes";
    private static final String WRITE_BACK = "06-write-back";
    private static final String MERGE = "07-merge";
    private static final String BEYOND = "09-keydir-beyond-memory";
    private static final String SYNC_METHODS = "10-sync-methods";
    private static final String PREALLOCATION = "11-preallocation";
    private static final String FOLIOS = "12-large-folios";
    private static final String HUGE_PAGES = "13-huge-pages";
    private static final String COLD_READS = "14-cold-reads";
    private static final String SAFEPOINTS = "15-page-faults-and-safepoints";
    private static final String UNMAPPING = "16-safe-unmapping";
    private static final String POWER_LOSS = "17-power-loss-model";
    private static final String GROUP_COMMIT = "18-group-commit";
    private static final String NOT_MEASURED = "Nothing: it decides what is allowed, not how fast it is.";

    static final List<KnobText> ALL = List.of(
        KnobText.of("segmentLength",
            "With large stores: new segments are a sixteenth of what lives, down to 8 MiB, so 64 MiB are reached at 1"
                + " GiB. Between two merges up to a segment of dead records gathers, and the one being written and the"
                + " next one take their room beside the store. Each segment keeps a file open, and most of them a"
                + " mapping. Longer segments are fewer, and each is removed in one longer step, in the background.",
            "64 KiB in place of 64 MiB: 0.25 of the puts a second, p99 9 times, gets the same, files 8 % shorter. A"
                + " store of 144 MB in the steady state: files 2.18 times the live bytes with 64 MiB, 1.57 with 8.",
            MERGE, PREALLOCATION).from("20261128-sweep-quick-2", "20261127-amplification"),
        KnobText.of("readVerify",
            "Leave it on unless something below the store checks every read, and values are large. Off saves the"
                + " checksum, not the copy.",
            "The checksum over the copy of a record costs 15.8 ns at 128 B and 120 ns at 4 KiB, beside 470 ns of a"
                + " random get.", "04-checksum-path").from("20261122-checksum"),
        KnobText.of("readOnly",
            "To look at a store of which nothing may change, on a file system that is mounted read-only, or from a"
                + " backup.", NOT_MEASURED),
        KnobText.of("salvageReadOnly",
            "After damage, to read what is sound. A key whose newest record is damaged may show an older value.",
            NOT_MEASURED),
        KnobText.of("createIfMissing",
            "Set it to false where a wrong path should be an error and not an empty store.", NOT_MEASURED),
        KnobText.of("prefaultWindow",
            "For the tail of puts: the background thread takes page faults this far ahead of the writer. Larger for"
                + " bursts at full speed, since the thread must not fall behind; 0 where the kernel is older than 5.14"
                + " or calls are pure Java, which is what happens by itself there.",
            "At 300,000 puts a second half of the puts over 100 µs go away and p99.99 falls by a third; from 1 MiB on"
                + " the length hardly matters. At full speed 0 makes p99 2.1 times as long.",
            "03-prefault", FOLIOS).from("20261122-prefault", "20261128-sweep-quick-2"),
        KnobText.of("sealedRead",
            "When the data does not fit into memory: a mapped read of a page that is not there blocks the whole JVM at"
                + " its next safepoint, and reads far around it. pread then; mapped else, which needs no call.",
            "Cold reads one at a time: p50 54 µs mapped, 37 µs by pread, and others wait for a safepoint up to 2.8 ms"
                + " against 0.18 (p99). All in memory: 0.32 of the gets a second by pread.",
            COLD_READS, SAFEPOINTS).from("20261127-probe-2", "20261128-sweep-quick-2"),
        KnobText.of("mappedSegmentsMax",
            "With more than a thousand segments: the oldest beyond it are read by pread. Raise it, and vm.max_map_count"
                + " with it, if all of a large store fits into memory.",
            "Nothing by itself; a hot get by pread has a p50 of 3.72 µs, a mapped one of 1.23 µs.", COLD_READS,
            UNMAPPING).from("20261128-full"),
        KnobText.of("keydirMemory",
            "With more keys than fit: 14 to 17 bytes each. Less than that, and a get of a key that was not asked for"
                + " lately reads a page of the key directory from the disk beside its record.",
            "50 M keys with a tenth of it, 73 MB: 0.90 pages read a get, 5,900 gets a second in place of 214,000, and a"
                + " load of 413,000 puts a second in place of 1,042,000.", BEYOND).from("20261128-beyond-memory-5"),
        KnobText.of("checkpointBytes",
            "When an open after a crash has to be fast: it reads what was written since the last checkpoint. More often"
                + " costs writes of the pages that changed, which with keys at random are all of them.",
            "50 M keys: an open takes 10.7 ms after a clean close, 41 and 59 ms with 13 and 85 MB of log behind the"
                + " checkpoint, 43 and 82 ms with 184 and 211 MB.", BEYOND).from("20261128-beyond-memory-8"),
        KnobText.of("checkpointIntervalMs",
            "For a store that is written slowly: bounds what an open has to read by time as well.",
            "Nothing of its own; see checkpointBytes.", BEYOND),
        KnobText.of("hintBytes",
            "When an open after a crash has to be fast: it need not read the log behind the checkpoint of which hints"
                + " tell. Less leaves less to read, in more pieces; 0 saves 16 bytes a record.",
            "Nothing of its own; see checkpointBytes.", BEYOND),
        KnobText.of("syncBytes",
            "Bounds what a power cut may take in bytes. Smaller loses less and syncs more often; a sync makes writers"
                + " wait only if they meet a page that is being written. 0 leaves it to the interval, or the kernel.",
            "At 300,000 puts a second p99.99 is 62 µs with the default and 53 µs without any sync, which is less than"
                + " two runs differ.",
            WRITE_BACK, POWER_LOSS).from("20261123-flusher"),
        KnobText.of("syncIntervalMs",
            "Bounds what a power cut may take in time, where few writes come.",
            "Nothing by itself; together with syncBytes see there.", POWER_LOSS),
        KnobText.of("syncEveryWrite",
            "When an acknowledged write must outlive a power cut. One call can have it alone: Durability.SYNC. Threads"
                + " that wait at the same time share a write to the device, so use many.",
            "One thread: 1.02 of a bare write to the device, p50 121 µs there; 8 threads 5.5 times the rate of one, 64"
                + " threads 16 times.", DURABLE, GROUP_COMMIT, POWER_LOSS)
            .from("20261123-durable", "20261127-group-commit-2"),
        KnobText.of("wal",
            "With syncEveryWrite. The log wins with many threads, and its latency does not depend on what the page"
                + " cache does. False halves what is written for large values.",
            "By 8 threads 1.4 times the rate of segments that are synced, by 64 threads 2.3 times; by one thread"
                + " about alike.",
            DURABLE, SYNC_METHODS, GROUP_COMMIT).from("20261123-durable"),
        KnobText.of("walLength",
            "A ring of four files: the segments have to be durable past a file before it is written over. Longer if"
                + " bursts outrun the disk, shorter to save room; it is zeroed once, when it is made.",
            "Nothing yet.", DURABLE),
        KnobText.of("syncMethod",
            "Without the write-ahead log, and for the syncs in the background. msync writes the range alone; fdatasync"
                + " writes all dirty pages of the file, also those that a prefault only touched; force is msync by"
                + " Java.",
            "On segments of zeros with one thread all three have a p50 of 129 µs, against 121 µs of the log.",
            DURABLE, SYNC_METHODS, FOLIOS).from("20261123-durable"),
        KnobText.of("segmentFill",
            "When each write syncs its segment: a block that was never written makes a sync change the file system as"
                + " well. zero costs writing each segment twice, in the background; auto does it only then.",
            "4 KiB appends and msync: 28.7 KiB written for each into blocks without zeros, 4.1 KiB into zeros.",
            DURABLE, PREALLOCATION).from("20261123-durable"),
        KnobText.of("writebackStep",
            "Where much is written without being synced: the kernel is told to begin early instead of writing much at a"
                + " time. It matters where memory is short, dirty limits are low, or the disk is slow.",
            "No clear effect on puts from off to 8 MiB where a disk keeps up; 1 MiB is worse, p99.99 1.4 to 2 times.",
            WRITE_BACK).from("20261123-flusher", "20261128-sweep-quick-2"),
        KnobText.of("hugeSegments",
            "Random reads of a store much larger than the caches of the processor. Segments written while syncs are"
                + " long get huge pages; each sync then writes 2 MiB at least, so with short syncs they are given up."
                + " False where the bytes written to the device count for more.",
            "8 M keys, 1.1 GB: without them 16 % fewer gets a second; a load writes 1.5 times as much to the device"
                + " with them, at the same rate.",
            HUGE_PAGES, FOLIOS).from("20261128-sweep-huge-segments"),
        KnobText.of("mergeIntervalMs",
            "How soon dead space is given back when little is written; triggers by dead bytes do not wait for it. 0 for"
                + " merges at times of your own.", "Nothing by itself.", MERGE),
        KnobText.of("mergeMinSegments",
            "Higher lets more dead space gather and copies less for it.",
            "At 10 segments of 100 MiB and 100,000 keys written over: files between one and eleven segments, 2.1 MB"
                + " copied for 4.87 GB put.", MERGE).from("20261123-disk-usage"),
        KnobText.of("mergeDeadBytes",
            "Bounds dead space in bytes, for stores where a percentage of everything would be too much.",
            "Nothing by itself.", MERGE),
        KnobText.of("mergeFragmentation",
            "Bounds dead space as a share of everything. Lower keeps files shorter and copies more.",
            "At 25 %, the default, in the steady state: records take 1.40 times the live bytes, files 1.57, blocks"
                + " 1.99. Other shares were not measured.", MERGE).from("20261127-amplification-2"),
        KnobText.of("mergeSegmentDead",
            "Which segments are worth a merge: up to (100 - it) / it bytes are copied for each byte that comes back.",
            "Nothing by itself.", MERGE),
        KnobText.of("mergeRunBytes",
            "Room that a merge needs beside the store, and how long one runs before it can be stopped between two.",
            "Nothing by itself.", MERGE),
        KnobText.of("mergeRate",
            "Where a merge disturbs those who read and write: a limit makes it longer and weaker. Too low, and"
                + " dead space grows faster than it goes.",
            "Without a limit, at half of the peak rate: p99.9 of the response beside a merge is 1.5 to 2.0 times that"
                + " without (2.2 in the median of rounds), p99 2.9 and 6.0 times. With a limit: nothing.",
            MERGE)
            .from("20261127-merge-latency-2", "20261128-merge-latency"));

    private KnobTexts() {
    }
}
