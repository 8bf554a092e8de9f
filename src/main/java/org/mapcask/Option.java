package org.mapcask;

import java.util.Locale;
import org.mapcask.io.SyncMethod;

/**
 * The table of all options: name, default, allowed values, meaning. Parsing, checking, the dump and the help read it;
 * no option is described anywhere else. Immutable.
 */
enum Option {
    SEGMENT_LENGTH("segmentLength", OptionType.size(8L << 10, 1L << 30, 4096), 64L << 20,
        "length of a segment file, at the most; while little lives, a sixteenth of that, down to 8 MiB"),
    READ_VERIFY("readVerify", OptionType.flag(), true,
        "check the checksum of each record that is read, on the bytes handed to the caller"),
    READ_ONLY("readOnly", OptionType.flag(), false,
        "open for reading; writes are refused and no file is changed"),
    SALVAGE_READ_ONLY("salvageReadOnly", OptionType.flag(), false,
        "when corruption is found at open, open what is sound for reading instead of refusing"),
    CREATE_IF_MISSING("createIfMissing", OptionType.flag(), true,
        "make the directory and an empty store where there is none; false by default if readOnly is set"),
    PREFAULT_WINDOW("prefaultWindow", OptionType.size(0, 1L << 30, 1), 8L << 20,
        "bytes ahead of the writer whose pages are made present beforehand, 0 is off; at most segmentLength"),
    SEALED_READ("sealedRead", OptionType.choice(SealedRead.class), SealedRead.MAPPED,
        "how sealed segments are read: mapped for data that fits into memory, pread for data that does not"),
    MAPPED_SEGMENTS_MAX("mappedSegmentsMax", OptionType.count(1, 30_000), 1000L,
        "most segments mapped at a time; Linux allows a process 65,530 mappings unless vm.max_map_count is raised"),
    KEYDIR_MEMORY("keydirMemory", OptionType.size(0, 1L << 40, 1), 0L,
        "memory of the key directory, at least 8 MiB; pages beyond it go to a file; 0 is a quarter of the machine's"),
    CHECKPOINT_BYTES("checkpointBytes", OptionType.size(0, 1L << 40, 1), 16L << 20,
        "make a checkpoint of the key directory when this much log has gathered, 0 is off"),
    CHECKPOINT_INTERVAL_MS("checkpointIntervalMs", OptionType.count(0, 86_400_000), 60_000L,
        "and when the last one has this age in milliseconds and 4 MiB were written, 0 is off"),
    HINT_BYTES("hintBytes", OptionType.size(0, 1L << 30, 1), 8L << 20,
        "write hints of so much durable log at a time, which an open after a crash reads in place of it, 0 is off"),
    SYNC_BYTES("syncBytes", OptionType.size(0, 1L << 30, 1), 1L << 20,
        "the background thread makes writes durable when this many bytes have gathered, 0 is off"),
    SYNC_INTERVAL_MS("syncIntervalMs", OptionType.count(0, 3_600_000), 1000L,
        "and when the oldest write that is not durable has this age in milliseconds, 0 is off"),
    SYNC_EVERY_WRITE("syncEveryWrite", OptionType.flag(), false,
        "a write returns only when it is durable; writes that wait at the same time share a sync"),
    WAL("wal", OptionType.flag(), true,
        "with syncEveryWrite, make writes durable in a write-ahead log; false syncs the segments instead"),
    WAL_LENGTH("walLength", OptionType.size(64L << 10, 4L << 30, 16 << 10), 64L << 20,
        "length of all files of the write-ahead log together"),
    SYNC_METHOD("syncMethod", OptionType.choice(SyncMethod.class), SyncMethod.MSYNC,
        "how segments are made durable: msync of the range, fdatasync of the file, or force of Java"),
    SEGMENT_FILL("segmentFill", OptionType.choice(SegmentFill.class), SegmentFill.AUTO,
        "how a new segment gets its blocks: allocate, or zero to write zeros; auto is zero if writes sync segments"),
    WRITEBACK_STEP("writebackStep", OptionType.size(0, 1L << 30, 4096), 8L << 20,
        "bytes behind the writer after which the kernel is asked to begin to write them, 0 is off"),
    HUGE_SEGMENTS("hugeSegments", OptionType.flag(), true,
        "have the page cache hold new segments in huge pages while syncs make 1 MiB and more durable at a time"),
    MERGE_INTERVAL_MS("mergeIntervalMs", OptionType.count(0, 86_400_000), 60_000L,
        "milliseconds between two looks whether to merge, 0 merges only on demand"),
    MERGE_MIN_SEGMENTS("mergeMinSegments", OptionType.count(1, 1_000_000), 10L,
        "such a look merges from this many sealed segments with dead space on"),
    MERGE_DEAD_BYTES("mergeDeadBytes", OptionType.size(0, 1L << 43, 1), 512L << 20,
        "merge from this many dead bytes on, also without waiting for the interval; 0 takes no notice of them"),
    MERGE_FRAGMENTATION("mergeFragmentation", OptionType.count(1, 100), 25L,
        "merge when this percentage of all bytes of records is dead, also without waiting for the interval"),
    MERGE_SEGMENT_DEAD("mergeSegmentDead", OptionType.count(1, 100), 25L,
        "percentage of a segment's bytes that have to be dead for it to be merged"),
    MERGE_RUN_BYTES("mergeRunBytes", OptionType.size(1L << 20, 1L << 40, 1), 128L << 20,
        "bytes of records that one merge moves at the most, and no more than 32 MiB or a quarter of what lives"),
    MERGE_RATE("mergeRate", OptionType.size(0, 1L << 40, 1), 0L,
        "bytes that merges read and write in a second at the most, 0 is without limit");

    private final String optionName;
    private final OptionType type;
    private final Object defaultValue;
    private final String meaning;

    Option(final String optionName, final OptionType type, final Object defaultValue, final String meaning) {
        this.optionName = optionName;
        this.type = type;
        this.defaultValue = defaultValue;
        this.meaning = meaning;
    }

    /** Key in a properties file; with {@code mapcask.} before it the name of the system property. */
    String optionName() {
        return optionName;
    }

    OptionType type() {
        return type;
    }

    Object defaultValue() {
        return defaultValue;
    }

    /** Name, default, allowed values and meaning in one line. */
    String help() {
        return String.format(Locale.ROOT, "%-20s %-7s (%s) %s",
            optionName, type.format(defaultValue), type.allowed(), meaning);
    }

    /** The same, part by part. */
    OptionDescription description() {
        return new OptionDescription(optionName, type.format(defaultValue), type.allowed(), meaning);
    }

    /** The option of exactly this name, or null. */
    static Option find(final String name) {
        for (final Option option : values()) {
            if (option.optionName.equals(name)) {
                return option;
            }
        }
        return null;
    }

    /** The option whose name takes the fewest changes of a letter to come from this one; case does not count. */
    static Option nearest(final String name) {
        Option nearest = values()[0];
        for (final Option option : values()) {
            if (option.distance(name) < nearest.distance(name)) {
                nearest = option;
            }
        }
        return nearest;
    }

    /** Whether the given name may be meant as this one: most letters are the same, or one is a part of the other. */
    boolean isNear(final String name) {
        final String from = name.toLowerCase(Locale.ROOT);
        final String to = optionName.toLowerCase(Locale.ROOT);
        return distance(name) <= 1 + from.length() / 3 || !from.isEmpty() && (to.contains(from) || from.contains(to));
    }

    /**
     * Letters to insert, delete or replace to turn the given name into the name of this option; case does not count.
     */
    int distance(final String name) {
        final String from = name.toLowerCase(Locale.ROOT);
        final String to = optionName.toLowerCase(Locale.ROOT);
        int[] previous = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            final int[] row = new int[to.length() + 1];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                final int replaced = previous[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(previous[j], row[j - 1]));
            }
            previous = row;
        }
        return previous[to.length()];
    }
}
