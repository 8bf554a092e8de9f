package org.mapcask.dict;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Headwords and values of a WordNet version, read once for all tests, in the order in which they come. */
public final class WordNetData {
    private static final Map<String, Map<String, String>> BY_VERSION = new ConcurrentHashMap<>();

    private WordNetData() {
    }

    /** Every headword with its value; not to be changed. */
    public static Map<String, String> of(final String version) {
        return BY_VERSION.computeIfAbsent(version, WordNetData::read);
    }

    private static Map<String, String> read(final String version) {
        final Map<String, String> entries = new LinkedHashMap<>(1 << 19);
        WordNet.open(version).forEachEntry((word, value) -> {
            if (entries.put(word, value) != null) {
                throw new AssertionError("twice: " + word);
            }
        });
        return entries;
    }
}
