package org.mapcask.recovery;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What opening a store found and did. Immutable.
 *
 * @param clean        the store was closed properly the last time, or is new.
 * @param segments     segments that hold records.
 * @param merged       how many of these a merge made.
 * @param records      sound records that were entered.
 * @param bytes        bytes of them.
 * @param hintedRecords how many of these records were not read, since hints told of them.
 * @param walRecords   how many of these records were in the write-ahead log alone; they are in the segments now, if the
 *                     store was opened for writing.
 * @param lastSequence sequence of the last record that counts.
 * @param tornFile     segment whose invalid suffix was cut off, or null.
 * @param tornOffset   offset from which on it was cut.
 * @param tornBytes    bytes from the cut to the last byte that was in use.
 * @param dropped      segments behind the cut that went with it.
 * @param removed      files without meaning that were removed: temporary ones, segments prepared but never used, those
 *                     that a merge had replaced, and outputs of a merge that was cut off.
 * @param notes        anything else worth telling: a stale lock, an odd header sector.
 * @param damages      damage found; not empty only in a store opened with {@code salvageReadOnly}.
 * @param durationNs   time that it took, in nanoseconds.
 * @param checkpoint   number of the checkpoint that the keydir was taken from, or -1: then the whole log was read.
 * @param phases       where the time of the open went, in microseconds, in order: {@code headers} of the segments and
 *                     the directory, the {@code checkpoint}, {@code opening} files, {@code replay} of the log,
 *                     {@code clearing} away what a crash left, the end of the log made ready for {@code writing}, and
 *                     the {@code start} of the engine, which is not in {@code durationNs}.
 */
public record RecoveryReport(
    boolean clean, int segments, int merged, long records, long bytes, long hintedRecords, long walRecords,
    long lastSequence, String tornFile, long tornOffset, long tornBytes, List<String> dropped, List<String> removed,
    List<String> notes, List<Damage> damages, long durationNs, long checkpoint, Map<String, Long> phases) {
    /** Copies the lists. */
    public RecoveryReport {
        dropped = List.copyOf(dropped);
        removed = List.copyOf(removed);
        notes = List.copyOf(notes);
        damages = List.copyOf(damages);
        phases = Collections.unmodifiableMap(new LinkedHashMap<>(phases));
    }

    /** The same report with one more phase. */
    public RecoveryReport withPhase(final String phase, final long microseconds) {
        final Map<String, Long> more = new LinkedHashMap<>(phases);
        more.put(phase, microseconds);
        return new RecoveryReport(clean, segments, merged, records, bytes, hintedRecords, walRecords, lastSequence,
            tornFile, tornOffset, tornBytes, dropped, removed, notes, damages, durationNs, checkpoint, more);
    }

    /** The fields by name, in order. */
    public Map<String, Object> asMap() {
        final Map<String, Object> map = new LinkedHashMap<>();
        map.put("clean", clean);
        map.put("segments", segments);
        map.put("merged", merged);
        map.put("records", records);
        map.put("bytes", bytes);
        map.put("hintedRecords", hintedRecords);
        map.put("walRecords", walRecords);
        map.put("lastSequence", lastSequence);
        map.put("tornFile", tornFile);
        map.put("tornOffset", tornOffset);
        map.put("tornBytes", tornBytes);
        map.put("dropped", dropped);
        map.put("removed", removed);
        map.put("notes", notes);
        map.put("damages", damages.stream().map(Damage::asMap).toList());
        map.put("checkpoint", checkpoint);
        map.put("durationMs", durationNs / 1_000_000.0);
        map.put("phasesUs", phases);
        return map;
    }

    @Override
    public String toString() {
        final StringBuilder text = new StringBuilder(200);
        text.append(clean ? "closed cleanly" :
            "not closed properly").append("; ")
            .append(checkpoint < 0 ? "" : "checkpoint " + checkpoint + " and ").append(records).append(" records in ")
            .append(segments).append(" segments, ").append(merged == 0 ? "" : merged + " of them merged, ")
            .append(bytes).append(" bytes, last sequence ").append(lastSequence)
            .append(", read in ").append(durationNs / 1_000_000).append(" ms");
        if (hintedRecords > 0) {
            text.append("; hints told of ").append(hintedRecords).append(" of the records");
        }
        if (walRecords > 0) {
            text.append("; ").append(walRecords).append(" of the records were in the write-ahead log alone");
        }
        if (tornFile != null) {
            text.append("; torn tail cut off in ").append(tornFile)
                .append(" at offset ").append(tornOffset).append(" (")
                .append(tornBytes).append(" bytes)");
        }
        if (!dropped.isEmpty()) {
            text.append("; dropped behind it: ").append(dropped);
        }
        if (!removed.isEmpty()) {
            text.append("; removed: ").append(removed);
        }
        notes.forEach(note -> text.append("; ").append(note));
        damages.forEach(damage -> text.append("; damage: ").append(damage));
        return text.toString();
    }
}
