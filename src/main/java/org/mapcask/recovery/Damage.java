package org.mapcask.recovery;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
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
 * @param keyHex        key of the record with the first of these sequences in hexadecimal digits, as far as it can be
 *                      read; else null.
 */
public record Damage(
    String file, long offset, Kind kind, long firstSequence, long lastSequence, String detail, String keyHex) {
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
        MISSING_SEGMENT,
        /** The header page of a file of the write-ahead log. */
        WAL_HEADER,
        /** A file of the write-ahead log is shorter or longer than it was made. */
        WAL_LENGTH,
        /** A file of the write-ahead log is gone, or all of them are. */
        WAL_MISSING,
        /** Records are missing between two frames of the write-ahead log. */
        WAL_GAP,
        /** A checkpoint of the keydir. */
        CHECKPOINT,
        /** A page of the keydir to which the newest checkpoint leads, or the header of their file. */
        INDEX_PAGE
    }

    /** Damage without a key. */
    public Damage(
        final String file, final long offset, final Kind kind, final long firstSequence, final long lastSequence,
        final String detail) {
        this(file, offset, kind, firstSequence, lastSequence, detail, null);
    }

    /**
     * Which part of the store is damaged: {@code wal}, the write-ahead log, {@code data}, the segments, or {@code
     * index}, a checkpoint of the keydir: then every record is there, in the log.
     */
    public String area() {
        return switch (kind) {
            case WAL_HEADER, WAL_LENGTH, WAL_MISSING, WAL_GAP -> "wal";
            case HEADER, RECORD, UNUSED_SPACE, LENGTH, MISSING_SEGMENT -> "data";
            case CHECKPOINT, INDEX_PAGE -> "index";
        };
    }

    /** The same with a key. */
    Damage withKey(final byte[] key, final String newDetail) {
        return new Damage(
            file, offset, kind, firstSequence, lastSequence, newDetail, HexFormat.of().formatHex(key));
    }

    /** The key as text, or null where there is none or it is no UTF-8. */
    public String key() {
        try {
            return keyHex == null ? null : StandardCharsets.UTF_8.newDecoder()
                .decode(ByteBuffer.wrap(HexFormat.of().parseHex(keyHex))).toString();
        } catch (final CharacterCodingException ex) {
            return null;
        }
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
        map.put("key", key());
        map.put("keyHex", keyHex);
        map.put("detail", detail);
        return map;
    }

    @Override
    public String toString() {
        final String lost = firstSequence == 0 ? "" : firstSequence == lastSequence ?
            " (sequence " + firstSequence + ")" :
            " (sequences " + firstSequence + " to " + lastSequence + ")";
        final String text = key();
        final boolean printable = text != null && text.chars().noneMatch(Character::isISOControl);
        final String named = keyHex == null ? "" : ", key " + (printable ? text : "0x" + keyHex);
        return area() + " " + kind + " " + file + " at offset " + offset + ": " + detail + lost + named;
    }
}
