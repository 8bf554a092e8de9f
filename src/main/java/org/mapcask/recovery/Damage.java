package org.mapcask.recovery;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One place of a store that is not what was written.
 *
 * @param file          name of the file.
 * @param offset        of the first unsound byte in the file; the length of the file where it is cut short.
 * @param kind          what is damaged.
 * @param firstSequence first sequence that is lost by it, or 0 when nothing is known to be lost.
 * @param lastSequence  last sequence that is lost by it, or 0 when nothing is known to be lost; the same as {@code
 *                      firstSequence} or more.
 * @param detail        one line for a person.
 */
public record Damage(String file, long offset, Kind kind, long firstSequence, long lastSequence, String detail) {
    /** What is damaged. */
    public enum Kind {
        /** The header page of a segment. */
        HEADER,
        /** A record below what is known to be durable. */
        RECORD,
        /** Bytes where nothing was ever written. */
        UNUSED_SPACE,
        /** A segment is shorter or longer than it was made. */
        LENGTH,
        /** Records are missing between two segments: a file is gone. */
        MISSING_SEGMENT
    }

    /** Which part of the store: the data files; a later format tells the write-ahead log from them. */
    public String area() {
        return "data";
    }

    /** The fields by name, in order. */
    public Map<String, Object> asMap() {
        final Map<String, Object> map = new LinkedHashMap<>();
        map.put("area", area());
        map.put("file", file);
        map.put("offset", offset);
        map.put("kind", kind.name());
        map.put("firstSequence", firstSequence);
        map.put("lastSequence", lastSequence);
        map.put("detail", detail);
        return map;
    }

    @Override
    public String toString() {
        final String lost = firstSequence == 0 ? "" : firstSequence == lastSequence ?
            " (sequence " + firstSequence + ")" :
            " (sequences " + firstSequence + " to " + lastSequence + ")";
        return area() + " " + kind + " " + file + " at offset " + offset + ": " + detail + lost;
    }
}
