package org.mapcask;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.LongSupplier;
import org.mapcask.errors.InvalidOptionsException;
import org.mapcask.io.SyncMethod;
import org.mapcask.merge.MergeSettings;
import org.mapcask.recovery.ProgressListener;

/**
 * The settings of one store. Immutable, so any threads may share it, and always valid: {@link Builder#build()} checks
 * all options together, or tells every fault at once.
 *
 * <p>Options come from these places. Where more than one names an option, the later one wins, whatever the order of the
 * calls:
 * <ol>
 *   <li>the setters of the {@link Builder},
 *   <li>a properties file in UTF-8, lines of {@code name=value} ({@link Builder#file(Path)}, {@link #load(Path)}),
 *   <li>system properties, {@code -Dmapcask.<name>=<value>}
 *       ({@link Builder#systemProperties()}, {@link #fromSystemProperties()}),
 *   <li>overrides by name ({@link Builder#override(String, String)}), for a program with a command line of its own.
 * </ol>
 * So whoever embeds the store sets what the program needs, an installation adjusts it in a file, and one run on the
 * command line. None but the first is looked at unless asked for. Sizes are in bytes, as a number or with a suffix:
 * {@code 64m}, {@code 8MiB}, {@code 1g}; each step is 1024. Names and default values are those of the setters here,
 * and {@link #help()} lists them with the allowed values. Those that are not given and depend on others fit
 * themselves to these: {@code createIfMissing} is false when {@code readOnly} is set, and {@code prefaultWindow} is
 * never longer than a segment.
 *
 * <h2>When writes are durable</h2>
 * <table class="striped">
 *   <caption>What may be lost; what is recovered is always a prefix of what was written</caption>
 *   <tr><th>options</th><th>JVM killed</th><th>kernel crash, power cut</th></tr>
 *   <tr><td>{@code syncBytes=0}, {@code syncIntervalMs=0}</td><td>nothing</td>
 *       <td>since the last {@code sync()}, sealed segment or {@code close()}</td></tr>
 *   <tr><td>default: {@code syncBytes=1m}, {@code syncIntervalMs=1000}</td><td>nothing</td>
 *       <td>about 1 MiB or one second, and what was written while a sync ran</td></tr>
 *   <tr><td>{@code syncEveryWrite=true}, {@code wal=true}</td><td>nothing</td>
 *       <td>nothing that was acknowledged</td></tr>
 *   <tr><td>{@code syncEveryWrite=true}, {@code wal=false}</td><td>nothing</td>
 *       <td>nothing that was acknowledged</td></tr>
 *   <tr><td>any, a call with {@link Durability#SYNC}</td><td>nothing</td>
 *       <td>nothing up to that call</td></tr>
 * </table>
 *
 * <p>One choice is not an option of a store but one of the process: the system property {@code mapcask.native}
 * selects how the operating system is called. {@code auto} is the default and takes JNA, or plain Java where JNA
 * cannot load; {@code jna} fails where it cannot; {@code java} does without.
 */
public final class MapcaskOptions {
    private final Map<Option, Object> values;
    private final ProgressListener recoveryProgress;
    private final LongSupplier clock;

    private MapcaskOptions(
        final Map<Option, Object> values, final ProgressListener recoveryProgress, final LongSupplier clock) {
        this.values = values;
        this.recoveryProgress = recoveryProgress;
        this.clock = clock;
    }

    /** A builder with every option at its default. */
    public static Builder builder() {
        return new Builder();
    }

    /** Every option at its default. */
    public static MapcaskOptions defaults() {
        return builder().build();
    }

    /**
     * The defaults, changed by a properties file. System properties are not looked at.
     *
     * @throws InvalidOptionsException if the file names an unknown option or has a value that is not allowed.
     * @throws org.mapcask.errors.StoreIoException if the file cannot be read.
     */
    public static MapcaskOptions load(final Path properties) {
        return builder().file(properties).build();
    }

    /**
     * The defaults, changed by the system properties {@code mapcask.<name>}.
     *
     * @throws InvalidOptionsException if one of them has a value that is not allowed, or a name that is an option's
     *     but for a slip.
     */
    public static MapcaskOptions fromSystemProperties() {
        return builder().systemProperties().build();
    }

    /** All options, one a line: name, default, allowed values, meaning. */
    public static String help() {
        final StringBuilder text = new StringBuilder();
        for (final Option option : Option.values()) {
            text.append(option.help()).append('\n');
        }
        return text.toString();
    }

    /** All options, in the order of {@link #help()}. */
    public static List<OptionDescription> descriptions() {
        return Arrays.stream(Option.values()).map(Option::description).toList();
    }

    /** Length of a new segment file in bytes, at the most. */
    public int segmentLength() {
        return (int)number(Option.SEGMENT_LENGTH);
    }

    /** Whether the checksum of each record that is read is checked. */
    public boolean readVerify() {
        return flag(Option.READ_VERIFY);
    }

    /** Whether the store is opened for reading only. */
    public boolean readOnly() {
        return flag(Option.READ_ONLY);
    }

    /** Whether a store with corruption is opened for reading what is sound, instead of being refused. */
    public boolean salvageReadOnly() {
        return flag(Option.SALVAGE_READ_ONLY);
    }

    /** Whether an empty store is made where there is none. */
    public boolean createIfMissing() {
        return flag(Option.CREATE_IF_MISSING);
    }

    /**
     * Bytes ahead of the writer whose pages are made present beforehand; 0 is off. Never more than {@link
     * #segmentLength()}.
     */
    public int prefaultWindow() {
        return (int)number(Option.PREFAULT_WINDOW);
    }

    /** How sealed segments are read. */
    public SealedRead sealedRead() {
        return (SealedRead)values.get(Option.SEALED_READ);
    }

    /** Most segments that are mapped at a time. */
    public int mappedSegmentsMax() {
        return (int)number(Option.MAPPED_SEGMENTS_MAX);
    }

    /** Bytes after which the background thread makes writes durable; 0 is never. */
    public int syncBytes() {
        return (int)number(Option.SYNC_BYTES);
    }

    /** Milliseconds after which it does so at the latest; 0 is never. */
    public long syncIntervalMs() {
        return number(Option.SYNC_INTERVAL_MS);
    }

    /** Whether a write returns only when it is durable. */
    public boolean syncEveryWrite() {
        return flag(Option.SYNC_EVERY_WRITE);
    }

    /** Whether, with {@link #syncEveryWrite()}, writes are made durable in a write-ahead log. */
    public boolean wal() {
        return flag(Option.WAL);
    }

    /** Length of all files of the write-ahead log together, in bytes. */
    public long walLength() {
        return number(Option.WAL_LENGTH);
    }

    /** How segments are made durable. */
    public SyncMethod syncMethod() {
        return (SyncMethod)values.get(Option.SYNC_METHOD);
    }

    /** How a new segment gets its blocks: as it was given, or by default {@link SegmentFill#AUTO}. */
    public SegmentFill segmentFill() {
        return (SegmentFill)values.get(Option.SEGMENT_FILL);
    }

    /** Bytes behind the writer after which the kernel is asked to begin to write them; 0 is off. */
    public int writebackStep() {
        return (int)number(Option.WRITEBACK_STEP);
    }

    /** Whether segments may have huge pages in the page cache. */
    public boolean hugeSegments() {
        return flag(Option.HUGE_SEGMENTS);
    }

    /** When dead space is merged away, and how much at a time. */
    public MergeSettings merging() {
        return new MergeSettings(number(Option.MERGE_INTERVAL_MS), (int)number(Option.MERGE_MIN_SEGMENTS),
            number(Option.MERGE_DEAD_BYTES), (int)number(Option.MERGE_FRAGMENTATION),
            (int)number(Option.MERGE_SEGMENT_DEAD), number(Option.MERGE_RUN_BYTES), number(Option.MERGE_RATE),
            segmentLength());
    }

    KeydirSettings keydir() {
        return KeydirSettings.of(number(Option.KEYDIR_MEMORY), number(Option.CHECKPOINT_BYTES),
            number(Option.CHECKPOINT_INTERVAL_MS), number(Option.HINT_BYTES));
    }

    /** Listener that is told how opening the store goes on; null if there is none. */
    public ProgressListener recoveryProgress() {
        return recoveryProgress;
    }

    /** Tells the time by which values expire, in milliseconds since 1970. */
    public LongSupplier clock() {
        return clock;
    }

    /**
     * Every option as name and text; stored as a file and loaded again it gives equal options. Listener and clock are
     * not in it.
     */
    public Properties toProperties() {
        final Properties properties = new Properties();
        values.forEach((option, value) -> properties.setProperty(option.optionName(), option.type().format(value)));
        return properties;
    }

    /**
     * Every option as a line {@code name=value} in the order of the table: the text of a properties file. Listener and
     * clock are not in it.
     */
    @Override
    public String toString() {
        final StringBuilder text = new StringBuilder();
        values.forEach((option, value) ->
            text.append(option.optionName()).append('=').append(option.type().format(value)).append('\n'));
        return text.toString();
    }

    /** Whether the other has the same value of every option. Listeners and clocks are not compared. */
    @Override
    public boolean equals(final Object other) {
        return other instanceof final MapcaskOptions options && values.equals(options.values);
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    private long number(final Option option) {
        return (Long)values.get(option);
    }

    private boolean flag(final Option option) {
        return (Boolean)values.get(option);
    }

    /**
     * Collects settings; nothing is checked before {@link #build()}. Used by one thread, any number of times. Setting
     * an option again replaces the earlier value.
     */
    public static final class Builder extends DurabilityOptionSetters<Builder> {
        private final OptionLayers layers = new OptionLayers();
        private ProgressListener recoveryProgress;
        private LongSupplier clock = System::currentTimeMillis;

        private Builder() {
        }

        /** Greatest length of a new segment: 8 KiB to 1 GiB, a multiple of 4096; 64 MiB. It grows with the store. */
        public Builder segmentLength(final long bytes) {
            return set(Option.SEGMENT_LENGTH, bytes);
        }

        /** Whether to check the checksum of each record that is read; true by default. */
        public Builder readVerify(final boolean verify) {
            return set(Option.READ_VERIFY, verify);
        }

        /** Whether to open for reading only, so that no file is changed; false by default. */
        public Builder readOnly(final boolean only) {
            return set(Option.READ_ONLY, only);
        }

        /**
         * Whether a store with corruption is opened for reading what is sound; by default, false, it is refused. Needs
         * {@code readVerify}.
         */
        public Builder salvageReadOnly(final boolean salvage) {
            return set(Option.SALVAGE_READ_ONLY, salvage);
        }

        /**
         * Whether to make an empty store where there is none; true by default, and false by default with {@code
         * readOnly}.
         */
        public Builder createIfMissing(final boolean create) {
            return set(Option.CREATE_IF_MISSING, create);
        }

        /**
         * Bytes ahead of the writer to make present: 0, which is off, to {@code segmentLength}; 8 MiB by default, if
         * they fit.
         */
        public Builder prefaultWindow(final long bytes) {
            return set(Option.PREFAULT_WINDOW, bytes);
        }

        /** How to read sealed segments; {@link SealedRead#MAPPED} by default. */
        public Builder sealedRead(final SealedRead read) {
            return set(Option.SEALED_READ, read);
        }

        /** Most segments to have mapped at a time: 1 to 30,000; 1,000 by default. */
        public Builder mappedSegmentsMax(final int segments) {
            return set(Option.MAPPED_SEGMENTS_MAX, (long)segments);
        }

        /** How a new segment gets its blocks; {@link SegmentFill#AUTO} by default. */
        public Builder segmentFill(final SegmentFill fill) {
            return set(Option.SEGMENT_FILL, fill);
        }

        /**
         * Bytes behind the writer after which a background thread asks the kernel to begin to write them: 0, which is
         * off, to 1 GiB, a multiple of 4096; 8 MiB by default. Makes nothing durable; needs native access.
         */
        public Builder writebackStep(final long bytes) {
            return set(Option.WRITEBACK_STEP, bytes);
        }

        /**
         * Whether new segments get huge pages in the page cache while 1 MiB or more becomes durable at a time; true by
         * default. Reads of large stores are faster by it; a sync writes the whole of each huge page that has changed.
         */
        public Builder hugeSegments(final boolean huge) {
            return set(Option.HUGE_SEGMENTS, huge);
        }

        /**
         * Listener to tell how opening the store goes on, called by the opening thread; null for none. Only the
         * builder can set it.
         */
        public Builder recoveryProgress(final ProgressListener listener) {
            recoveryProgress = listener;
            return this;
        }

        /**
         * Clock that tells the milliseconds since 1970 by which values expire; by default, or with null, that of the
         * system. Asked by any thread, also under the lock of the writers: it must be quick and not call the store.
         * Only the builder can set it.
         */
        public Builder clock(final LongSupplier newClock) {
            clock = newClock == null ? System::currentTimeMillis : newClock;
            return this;
        }

        /**
         * Takes the lines of a properties file; each wins over the setter of the same option. Read now, checked by
         * {@link #build()}.
         *
         * @throws org.mapcask.errors.StoreIoException if the file cannot be read.
         */
        public Builder file(final Path properties) {
            layers.fromFile(properties);
            return this;
        }

        /**
         * Takes the system properties {@code mapcask.<name>} as they are now; each wins over setter and file. Other
         * properties that begin so are passed over, except one whose name is an option's but for one or two letters:
         * it is a fault.
         */
        public Builder systemProperties() {
            return systemProperties(System.getProperties());
        }

        /**
         * Sets an option by its name to the value that a text stands for; it wins over every other place.
         *
         * @param name  of the option, as in {@link MapcaskOptions#help()}; an unknown one is a fault.
         * @param value as in a properties file.
         */
        public Builder override(final String name, final String value) {
            layers.override(name, value);
            return this;
        }

        Builder systemProperties(final Properties properties) {
            layers.fromSystem(properties);
            return this;
        }

        /**
         * Checks all settings, each alone and against each other, and makes the options.
         *
         * @throws InvalidOptionsException with all faults together, each with name, value and allowed range.
         */
        public MapcaskOptions build() {
            return new MapcaskOptions(layers.conclude(), recoveryProgress, clock);
        }

        @Override
        Builder set(final Option option, final Object value) {
            layers.fromBuilder(option, value);
            return this;
        }
    }
}
