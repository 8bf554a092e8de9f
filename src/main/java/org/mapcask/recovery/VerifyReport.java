package org.mapcask.recovery;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a check of every byte of a closed store found. Immutable.
 *
 * @param segments   segment files that were read.
 * @param records    sound records.
 * @param walRecords how many of these are in the write-ahead log alone; the next open brings them into the segments.
 * @param keys       distinct keys with a value, those included that have expired.
 * @param bytes      bytes of files that were read.
 * @param tornFile   segment with an invalid suffix that the next open will cut off, or null; not damage.
 * @param tornOffset where that suffix starts.
 * @param damages    every damage found.
 * @param notes      anything else worth telling.
 * @param durationNs time that it took, in nanoseconds.
 */
public record VerifyReport(
    long segments, long records, long walRecords, long keys, long bytes, String tornFile, long tornOffset,
    List<Damage> damages, List<String> notes, long durationNs) {
    /** Copies the lists. */
    public VerifyReport {
        damages = List.copyOf(damages);
        notes = List.copyOf(notes);
    }

    /** Whether no damage was found. */
    public boolean sound() {
        return damages.isEmpty();
    }

    /** The fields by name, in order. */
    public Map<String, Object> asMap() {
        final Map<String, Object> map = new LinkedHashMap<>();
        map.put("sound", sound());
        map.put("segments", segments);
        map.put("records", records);
        map.put("walRecords", walRecords);
        map.put("keys", keys);
        map.put("bytes", bytes);
        map.put("tornFile", tornFile);
        map.put("tornOffset", tornOffset);
        map.put("damages", damages.stream().map(Damage::asMap).toList());
        map.put("notes", notes);
        map.put("durationMs", durationNs / 1_000_000.0);
        return map;
    }

    @Override
    public String toString() {
        final StringBuilder text = new StringBuilder(200);
        text.append(sound() ? "sound" : "DAMAGED").append(": ").append(segments).append(" segments, ").append(records)
            .append(" records, ").append(keys).append(" keys, ").append(bytes).append(" bytes read in ")
            .append(durationNs / 1_000_000).append(" ms");
        damages.forEach(damage -> text.append(System.lineSeparator()).append(damage));
        if (tornFile != null) {
            text.append(System.lineSeparator()).append("torn tail in ").append(tornFile)
                .append(" from offset ").append(tornOffset)
                .append(" on: the next open cuts it off");
        }
        notes.forEach(note -> text.append(System.lineSeparator()).append(note));
        return text.toString();
    }
}
