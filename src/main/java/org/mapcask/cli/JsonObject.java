package org.mapcask.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mapcask.lab.results.Json;

/** One JSON object, member by member, in the order of the calls. One thread. */
final class JsonObject {
    private final Map<String, Object> members = new LinkedHashMap<>();

    JsonObject text(final String name, final String value) {
        return put(name, value);
    }

    JsonObject number(final String name, final long value) {
        return put(name, value);
    }

    JsonObject decimal(final String name, final double value) {
        return put(name, value);
    }

    JsonObject flag(final String name, final boolean value) {
        return put(name, value);
    }

    JsonObject texts(final String name, final List<String> values) {
        return put(name, values);
    }

    JsonObject objects(final String name, final List<JsonObject> values) {
        return put(name, values.stream().map(value -> value.members).toList());
    }

    private JsonObject put(final String name, final Object value) {
        members.put(name, value);
        return this;
    }

    /** As JSON, in one line. */
    @Override
    public String toString() {
        return Json.compact(members);
    }
}
