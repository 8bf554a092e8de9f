package org.mapcask;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mapcask.recovery.Damage;
import org.mapcask.recovery.VerifyReport;

/**
 * What {@link Mapcask#recover} copied out of a store into a new one, and what it had to leave. Immutable.
 * <p>
 * Only the lock file in the directory of the old store is touched, so it may be tried any number of times. The new
 * store has default options; its directory must not exist or be empty. It is made durable, closed, and checked byte for
 * byte before this report is given. Where the call ends with an exception instead, it removes what it had made:
 * {@link org.mapcask.errors.StoreIoException} when there is no store in the directory, or a disk fails, or a sector
 * that is needed to find the records cannot be read (then copy the files with a tool that goes on behind it, and
 * recover that copy); {@link org.mapcask.errors.StorageSpaceException} when there is no room; {@link
 * org.mapcask.errors.StoreLockedException} when the store is open; {@link org.mapcask.errors.ForeignFileException} when
 * the destination is not empty; {@link org.mapcask.errors.InvalidArgumentException} when it lies in the old store.
 *
 * @param directory    of the old store, as it was given.
 * @param destination  of the new store, as it was given.
 * @param records      sound records found in the old store, overwritten ones and deletions included.
 * @param keys         keys copied, each with its newest sound value and its expiry: as many records are in the new
 *      store. Keys whose time to live is over are not copied; a note counts them.
 * @param bytes        bytes of these keys and values.
 * @param damages      damage found in the old store: what is lost by it is not in the new one.
 * @param lostKeys     keys that were left out since their record turned out to be damaged while it was copied.
 * @param notes        anything else worth telling about the old store, such as a torn tail.
 * @param verification check of the new store.
 * @param durationNs   time that it took, in nanoseconds.
 */
public record RecoverReport(
    Path directory, Path destination, long records, long keys, long bytes, List<Damage> damages,
    List<LostKey> lostKeys, List<String> notes, VerifyReport verification, long durationNs) {
    /**
     * A key that was left out.
     *
     * @param file    name of the segment with its record.
     * @param offset  of the record in the file.
     * @param key     as text, or null where it is no UTF-8 or is damaged itself.
     * @param keyHex  its bytes in hexadecimal digits, or null where it is damaged itself.
     * @param detail  one line for a person.
     */
    public record LostKey(String file, long offset, String key, String keyHex, String detail) {
        static LostKey of(final String file, final long offset, final byte[] key, final String detail) {
            return new LostKey(file, offset, key == null ? null : text(key),
                key == null ? null : HexFormat.of().formatHex(key), detail);
        }

        private static String text(final byte[] key) {
            try {
                return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(key)).toString();
            } catch (final CharacterCodingException ex) {
                return null;
            }
        }

        /** The fields by name, in order. */
        public Map<String, Object> asMap() {
            final Map<String, Object> map = new LinkedHashMap<>();
            map.put("file", file);
            map.put("offset", offset);
            map.put("key", key);
            map.put("keyHex", keyHex);
            map.put("detail", detail);
            return map;
        }

        @Override
        public String toString() {
            final boolean printable = key != null && key.chars().noneMatch(Character::isISOControl);
            return (keyHex == null ? "a key that is damaged itself" : printable ? "key " + key : "key 0x" + keyHex)
                + " in " + file + " at offset " + offset + ": " + detail;
        }
    }

    /** Copies the lists. */
    public RecoverReport {
        damages = List.copyOf(damages);
        lostKeys = List.copyOf(lostKeys);
        notes = List.copyOf(notes);
    }

    /** Whether everything was sound, so that nothing was left. */
    public boolean sound() {
        return damages.isEmpty() && lostKeys.isEmpty();
    }

    /** What to know about the keys that were copied before the new store is put to use; empty where nothing is. */
    public List<String> warnings() {
        return damages.isEmpty() ? List.of() : List.of(
            "a key whose newest record was damaged may carry an older value, and a deleted one may be back",
            "of a batch that lost a record to the damage nothing was copied");
    }

    /** The fields by name, in order. */
    public Map<String, Object> asMap() {
        final Map<String, Object> map = new LinkedHashMap<>();
        map.put("sound", sound());
        map.put("directory", directory.toString());
        map.put("destination", destination.toString());
        map.put("records", records);
        map.put("keys", keys);
        map.put("bytes", bytes);
        map.put("damages", damages.stream().map(Damage::asMap).toList());
        map.put("lostKeys", lostKeys.stream().map(LostKey::asMap).toList());
        map.put("warnings", warnings());
        map.put("notes", notes);
        map.put("verification", verification.asMap());
        map.put("durationMs", durationNs / 1_000_000.0);
        return map;
    }

    @Override
    public String toString() {
        final StringBuilder text = new StringBuilder(300);
        text.append(sound() ? "everything was sound" : "DAMAGED, the rest was copied").append(": ").append(keys)
            .append(" keys, ").append(bytes).append(" bytes of keys and values, from ").append(records)
            .append(" sound records, to ").append(destination).append(" in ").append(durationNs / 1_000_000)
            .append(" ms");
        damages.forEach(damage -> line(text, "left: ", damage));
        lostKeys.forEach(lost -> line(text, "left: ", lost));
        warnings().forEach(warning -> line(text, "warning: ", warning));
        notes.forEach(note -> line(text, "", note));
        line(text, "the new store is ", verification);
        return text.toString();
    }

    private static void line(final StringBuilder text, final String label, final Object what) {
        text.append(System.lineSeparator()).append(label).append(what);
    }
}
