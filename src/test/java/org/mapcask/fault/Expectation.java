package org.mapcask.fault;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What a store may hold after writes of which some failed. For each key: the values in the order of their writes, which
 * of them were acknowledged, and up to which one all was made durable. The value of a write that failed may be there or
 * not; one that was acknowledged must be there, or one after it; after a power cut the same holds of the last durable
 * one. Null is no value.
 */
final class Expectation {
    private static final class Write {
        private final String value;
        private boolean acknowledged;

        Write(final String value, final boolean acknowledged) {
            this.value = value;
            this.acknowledged = acknowledged;
        }
    }

    private static final class Key {
        private final List<Write> writes = new ArrayList<>(List.of(new Write(null, true)));
        private int durable;

        int lastAcknowledged() {
            int last = writes.size() - 1;
            while (!writes.get(last).acknowledged) {
                last--;
            }
            return last;
        }
    }

    private final Map<String, Key> keys = new TreeMap<>();
    private long acknowledged;

    /** A write begins; null for a removal. */
    void begin(final String key, final String value) {
        keys.computeIfAbsent(key, any -> new Key()).writes.add(new Write(value, false));
    }

    /** The last write of a key has returned. */
    void acknowledge(final String key) {
        final List<Write> writes = keys.get(key).writes;
        writes.get(writes.size() - 1).acknowledged = true;
        acknowledged++;
    }

    /** Everything that was acknowledged is durable. */
    void makeDurable() {
        keys.values().forEach(key -> key.durable = key.lastAcknowledged());
    }

    /** Writes that were acknowledged. */
    long acknowledged() {
        return acknowledged;
    }

    /** The last acknowledged value of a key, or null. */
    String acknowledgedValue(final String name) {
        final Key key = keys.get(name);
        return key == null ? null : key.writes.get(key.lastAcknowledged()).value;
    }

    Iterable<String> keys() {
        return keys.keySet();
    }

    /** What is wrong with the value found for a key by a process that goes on, or null. */
    String fault(final String name, final String found) {
        final Key key = keys.get(name);
        return fault(name, key, key.lastAcknowledged(), found);
    }

    /** What is wrong with contents that a process left, or null. */
    String fault(final Map<String, String> contents) {
        for (final Map.Entry<String, Key> entry : keys.entrySet()) {
            final String fault = fault(
                entry.getKey(), entry.getValue(), entry.getValue().lastAcknowledged(), contents.get(entry.getKey()));
            if (fault != null) {
                return fault;
            }
        }
        return unknown(contents);
    }

    /** What is wrong with contents that a power cut left, or null. */
    String faultAfterPowerCut(final Map<String, String> contents) {
        for (final Map.Entry<String, Key> entry : keys.entrySet()) {
            final String fault =
                fault(entry.getKey(), entry.getValue(), entry.getValue().durable, contents.get(entry.getKey()));
            if (fault != null) {
                return "after a power cut: " + fault;
            }
        }
        return unknown(contents);
    }

    private static String fault(final String name, final Key key, final int from, final String found) {
        for (int i = from; i < key.writes.size(); i++) {
            if (Objects.equals(key.writes.get(i).value, found)) {
                return null;
            }
        }
        return "key " + name + " has " + shortened(found) + ", the last one that had to be there is "
            + shortened(key.writes.get(from).value) + ", number " + from + " of " + (key.writes.size() - 1);
    }

    private String unknown(final Map<String, String> contents) {
        return contents.keySet().stream().filter(key -> !keys.containsKey(key)).findFirst()
            .map(key -> "key " + key + " was never written").orElse(null);
    }

    /** Takes what was found after a recovery for what was acknowledged: a write that failed was done, or never was. */
    void settle(final Map<String, String> contents) {
        keys.forEach((name, key) -> {
            int found = key.writes.size() - 1;
            while (!Objects.equals(key.writes.get(found).value, contents.get(name))) {
                found--;
            }
            key.writes.subList(found + 1, key.writes.size()).clear();
            key.writes.get(found).acknowledged = true;
        });
    }

    private static String shortened(final String value) {
        return value == null || value.length() <= 12 ? value : value.substring(0, 12) + "… (" + value.length() + ")";
    }
}
