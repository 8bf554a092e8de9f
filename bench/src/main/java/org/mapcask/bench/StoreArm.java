package org.mapcask.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.Mapcask;
import org.mapcask.MapcaskOptions;
import org.mapcask.lab.results.DataDirectory;
import org.mapcask.lab.rig.Operation;
import org.mapcask.lab.rig.Workload;
import org.mapcask.lab.workload.SyntheticRecords;

/**
 * Puts into a store that stays open over all rounds; each put has a key of its own. At the end the store is closed and
 * opened again, and every value is read and compared.
 */
final class StoreArm implements DurableArm {
    private static final int VALUE_LENGTH = SyntheticRecords.VALUE_LENGTH;
    /** Each operation object has this many indexes to itself. */
    private static final int INDEX_BITS = 32;

    private final String name;
    private final String method;
    private final Path directory;
    private final MapcaskOptions options;
    private final List<Put> puts = new ArrayList<>();
    private Mapcask store;

    /**
     * Opens a new store.
     *
     * @param name      of the arm.
     * @param method    how it makes durable, for people.
     * @param directory of the store; what is there is removed.
     * @param options   of the store, by name.
     */
    StoreArm(final String name, final String method, final Path directory, final Map<String, String> options)
        throws IOException {
        this.name = name;
        this.method = method;
        this.directory = directory;
        this.options = options(options);
        DataDirectory.remove(directory);
        store = Mapcask.open(directory, this.options);
    }

    /** Options of a store from names and values; all others at their defaults. */
    static MapcaskOptions options(final Map<String, String> overrides) {
        final MapcaskOptions.Builder builder = MapcaskOptions.builder();
        overrides.forEach(builder::override);
        return builder.build();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public long beginRound(final long durationNs) {
        return Long.MAX_VALUE;
    }

    @Override
    public Workload workload() {
        return (thread, threads) -> {
            final Put put = new Put((long) puts.size() << INDEX_BITS);
            puts.add(put);
            return put;
        };
    }

    @Override
    public long endRound() {
        return 0;
    }

    /** Figures of the store now, by name. */
    Map<String, Object> stats() {
        return store.stats().asMap();
    }

    @Override
    public long verify() {
        store.close();
        store = Mapcask.open(directory, options);
        final UnsafeBuffer key = new UnsafeBuffer(new byte[SyntheticRecords.KEY_LENGTH]);
        final UnsafeBuffer value = new UnsafeBuffer(new byte[VALUE_LENGTH]);
        long wrong = 0;
        long count = 0;
        for (final Put put : puts) {
            for (long i = put.first; i < put.index; i++) {
                SyntheticRecords.key(i, key);
                final int length = store.get(key, 0, SyntheticRecords.KEY_LENGTH, value, 0, VALUE_LENGTH);
                if (length != VALUE_LENGTH || !SyntheticRecords.matches(i, value, 0, VALUE_LENGTH)) {
                    wrong++;
                }
                count++;
            }
        }
        return wrong + Math.abs(store.size() - count);
    }

    @Override
    public void close() throws IOException {
        store.close();
        DataDirectory.remove(directory);
    }

    private final class Put implements Operation {
        private final UnsafeBuffer key = new UnsafeBuffer(new byte[SyntheticRecords.KEY_LENGTH]);
        private final UnsafeBuffer value = new UnsafeBuffer(new byte[VALUE_LENGTH]);
        private final long first;
        private long index;

        Put(final long first) {
            this.first = first;
            index = first;
        }

        @Override
        public void prepare() {
            SyntheticRecords.key(index, key);
            SyntheticRecords.value(index, value, VALUE_LENGTH);
        }

        @Override
        public void perform() {
            store.put(key, 0, SyntheticRecords.KEY_LENGTH, value, 0, VALUE_LENGTH);
        }

        @Override
        public boolean verify() {
            index++;
            return true;
        }
    }
}
