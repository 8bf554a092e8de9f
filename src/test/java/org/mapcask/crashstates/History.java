package org.mapcask.crashstates;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What the script has done so far: the contents of the store after each of its records, and how many records were
 * begun, have been acknowledged, and were made durable. The number of a record is its sequence. A batch changes the
 * contents with its last record, and not before: a store that recovers a part of it recovers nothing of it.
 */
final class History {
    private static final Random CONTENT = new Random(7);

    private final List<Map<String, byte[]>> contents;
    private final List<Integer> lengths;
    private final BitSet insideBatch;
    private int begun;
    private int acknowledged;
    private int durable;
    private boolean closed;
    private long checkpoint = -1;

    /** A new store. */
    History() {
        this(new ArrayList<>(List.of(Map.of())), new ArrayList<>(List.of(0)), new BitSet(), 0);
    }

    private History(
        final List<Map<String, byte[]>> contents, final List<Integer> lengths, final BitSet insideBatch,
        final int records) {
        this.contents = contents;
        this.lengths = lengths;
        this.insideBatch = insideBatch;
        begun = records;
        acknowledged = records;
        durable = records;
    }

    /** The history of a store that recovered this many records: there were no others, and these are on the disk. */
    History upTo(final int records) {
        return new History(new ArrayList<>(contents.subList(0, records + 1)),
            new ArrayList<>(lengths.subList(0, records + 1)), insideBatch.get(0, records + 1), records);
    }

    /** Bytes that no other write has. */
    static byte[] freshValue(final int length) {
        final byte[] value = new byte[length];
        CONTENT.nextBytes(value);
        return value;
    }

    /** One key of a write, and its value; null removes it. */
    record Change(String key, byte[] value) {
    }

    /**
     * A write is about to be done, of one key or of several: the last change of each key counts, and a key that is not
     * there is not removed.
     *
     * @return whether there is anything to write.
     */
    boolean begin(final List<Change> changes) {
        final Map<String, byte[]> before = contents.get(begun);
        final Map<String, byte[]> next = new HashMap<>(before);
        final List<Integer> written = new ArrayList<>();
        for (int i = 0; i < changes.size(); i++) {
            final Change change = changes.get(i);
            final boolean last = changes.subList(i + 1, changes.size()).stream()
                .noneMatch(later -> later.key().equals(change.key()));
            if (!last || change.value() == null && !before.containsKey(change.key())) {
                continue;
            }
            if (change.value() == null) {
                next.remove(change.key());
            } else {
                next.put(change.key(), change.value());
            }
            written.add(change.value() == null ? 0 : change.value().length);
        }
        for (int i = 1; i <= written.size(); i++) {
            begun++;
            contents.add(i < written.size() ? before : next);
            insideBatch.set(begun, i < written.size());
        }
        lengths.addAll(written);
        return !written.isEmpty();
    }

    void acknowledge() {
        acknowledged = begun;
    }

    /** So many records were found after the process was killed in the middle of a write. */
    void resolve(final int records) {
        if (records < acknowledged || records > begun) {
            throw new AssertionError("opened with " + records + " records where " + acknowledged +
                " were acknowledged, " + begun + " had begun, and no power was cut");
        }
        contents.subList(records + 1, contents.size()).clear();
        lengths.subList(records + 1, lengths.size()).clear();
        begun = records;
        acknowledged = records;
    }

    void makeDurable() {
        durable = acknowledged;
    }

    /** A close has returned. */
    void close() {
        makeDurable();
        closed = true;
    }

    /** An open begins. */
    void open() {
        closed = false;
    }

    /** Whether the store is closed: then it must look so after a power cut too. */
    boolean isClosed() {
        return closed;
    }

    /** This checkpoint is durable, or none is for sure, which is -1. */
    void checkpoint(final long number) {
        checkpoint = number;
    }

    /** The oldest checkpoint that an open may be from, or -1 if it may be from the log. */
    long checkpoint() {
        return checkpoint;
    }

    /** Contents after this many records. */
    Map<String, byte[]> contents(final int records) {
        return contents.get(records);
    }

    /** Whether a batch goes on behind this record. */
    boolean isInsideBatch(final int record) {
        return insideBatch.get(record);
    }

    int durable() {
        return durable;
    }

    int acknowledged() {
        return acknowledged;
    }

    int begun() {
        return begun;
    }

    /** Lengths of the values of the records behind this one. */
    List<Integer> lengthsBehind(final int records) {
        return List.copyOf(lengths.subList(records + 1, lengths.size()));
    }
}
