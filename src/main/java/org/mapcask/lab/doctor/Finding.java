package org.mapcask.lab.doctor;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The outcome of one check. Immutable.
 *
 * @param area      group of checks, such as {@code storage}.
 * @param name      what was looked at.
 * @param verdict   what it comes to.
 * @param value     what was found.
 * @param threshold what would be right.
 * @param why       why it matters to a store.
 * @param fix       command or step that changes it; empty where nothing has to be done.
 */
public record Finding(
    String area, String name, Verdict verdict, String value, String threshold, String why, String fix) {
    /** The fields by name, in order. */
    public Map<String, Object> asMap() {
        final Map<String, Object> map = new LinkedHashMap<>();
        map.put("area", area);
        map.put("name", name);
        map.put("verdict", verdict);
        map.put("value", value);
        map.put("threshold", threshold);
        map.put("why", why);
        map.put("fix", fix);
        return map;
    }
}
