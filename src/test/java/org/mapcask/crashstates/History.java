package org.mapcask.crashstates;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What the script has done so far: the contents of the store after each of its writes, and how many writes were
 * begun, have returned, and were made durable. A write has one record, so the number of a write is its sequence.
 */
final class History {
    private static final Random CONTENT = new Random(7);

    private final List<Map<String, byte[]>> contents;
    private final List<Integer> lengths;
    private int begun;
    private int acknowledged;
    private int durable;
    private boolean closed;

    /** A new store. */
    History() {
        this(new ArrayList<>(List.of(Map.of())), new ArrayList<>(List.of(0)), 0);
    }

    private History(final List<Map<String, byte[]>> contents, final List<Integer> lengths, final int writes) {
        this.contents = contents;
        this.lengths = lengths;
        begun = writes;
        acknowledged = writes;
        durable = writes;
    }

    /** The history of a store that recovered this many writes: there were no others, and these are on the disk. */
    History upTo(final int writes) {
        return new History(
            new ArrayList<>(contents.subList(0, writes + 1)), new ArrayList<>(lengths.subList(0, writes + 1)), writes);
    }

    /** Bytes that no other write has. */
    static byte[] freshValue(final int length) {
        final byte[] value = new byte[length];
        CONTENT.nextBytes(value);
        return value;
    }

    /** A write is about to be done; {@code value} is null for a removal. */
    void begin(final String key, final byte[] value) {
        final Map<String, byte[]> next = new HashMap<>(contents.get(begun));
        if (value == null) {
            next.remove(key);
        } else {
            next.put(key, value);
        }
        contents.add(next);
        lengths.add(value == null ? 0 : value.length);
        begun++;
    }

    void acknowledge() {
        acknowledged = begun;
    }

    /** So many writes were found after the process was killed in the middle of one. */
    void resolve(final int writes) {
        if (writes < acknowledged || writes > begun) {
            throw new AssertionError("opened with " + writes + " writes where " + acknowledged +
                " were acknowledged, " + begun + " had begun, and no power was cut");
        }
        contents.subList(writes + 1, contents.size()).clear();
        lengths.subList(writes + 1, lengths.size()).clear();
        begun = writes;
        acknowledged = writes;
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

    boolean contains(final String key) {
        return contents.get(begun).containsKey(key);
    }

    /** Contents after this many writes. */
    Map<String, byte[]> contents(final int writes) {
        return contents.get(writes);
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

    /** Lengths of the values of the writes behind this one. */
    List<Integer> lengthsBehind(final int writes) {
        return List.copyOf(lengths.subList(writes + 1, lengths.size()));
    }
}
