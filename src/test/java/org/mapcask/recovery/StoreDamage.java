package org.mapcask.recovery;

import static org.junit.jupiter.api.Assertions.fail;

import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.mapcask.errors.CorruptionException;
import org.mapcask.errors.ErrorText;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.segment.SegmentFactory;
import org.mapcask.segment.SegmentFileNames;
import org.mapcask.segment.SegmentTable;
import org.mapcask.segment.StoreIdentity;
import org.mapcask.support.EngineStore;
import org.mapcask.support.MemoryFileOps;

/** A small closed store in memory, what it holds, and a judgement of what verify and open say when it is changed. */
final class StoreDamage {
    static final Path DIRECTORY = Path.of("store");
    static final int SEGMENT_LENGTH = 2 * HeaderDescriptor.PAGE_LENGTH;

    /** Room for the long value. */
    private static final int MERGED_LENGTH = 4 * HeaderDescriptor.PAGE_LENGTH;
    private static final int RECORD_LENGTH_MAX = 9_100;
    private static final int UNUSED_ID = 99;
    private static final String UNUSED = SegmentFileNames.of(UNUSED_ID);

    final Map<String, String> expected = new TreeMap<>();
    final MemoryFileOps files = new MemoryFileOps();
    private int openings;

    /** Two or more sealed segments, one of a single long value, the active one, and one that was never used. */
    StoreDamage() {
        this(false);
    }

    /** With {@code merged}, all but the newest segment of the log went into merged ones. */
    StoreDamage(final boolean merged) {
        try (EngineStore store = EngineStore.open(files, DIRECTORY, SEGMENT_LENGTH)) {
            for (int i = 0; i < 9; i++) {
                put(store, "key" + i % 6, "value " + i + "-".repeat(700 + 37 * i));
            }
            put(store, "long", "L".repeat(9_000));
            put(store, "gone", "soon");
            store.delete("gone");
            expected.remove("gone");
            put(store, "empty", "");
            put(store, "short", "s");
        }
        if (merged && !new HandMerge(files, new Random(11), MERGED_LENGTH, step -> {
        }).run(1)) {
            throw new AssertionError("nothing was merged");
        }
        try (EngineStore store = EngineStore.open(files, DIRECTORY, SEGMENT_LENGTH)) {
            put(store, "key0", "after the second opening");
        }
        final StoreIdentity identity;
        try (Recovery recovery = new Recovery(EngineStore.settings(files, DIRECTORY, false, false))) {
            identity = recovery.run().identity();
        }
        new SegmentFactory(files, DIRECTORY, identity, lateTable(), UNUSED_ID).create(SEGMENT_LENGTH).close();
    }

    private void put(final EngineStore store, final String key, final String value) {
        store.put(key, value);
        expected.put(key, value);
    }

    /** Deals out positions behind all that the store uses. */
    private static SegmentTable lateTable() {
        final SegmentTable table = new SegmentTable();
        table.reservePositions(1L << 30);
        return table;
    }

    /** The store as it is must be sound, and hold what it should. */
    void checkUnchanged() {
        final VerifyReport report = EngineStore.verify(files, DIRECTORY);
        if (!report.sound() || report.tornFile() != null || report.keys() != expected.size()) {
            fail("the undamaged store is not sound: " + report);
        }
        checkReading("undamaged", false);
    }

    /** Where a file was changed. */
    record Place(String file, int offset, int length) {
    }

    /** Verify has to name the damage; reading must give the right values or an exception, either way of opening. */
    void checkDamaged(final String what, final Place... places) {
        final VerifyReport report = verify(what);
        final boolean told = report.damages().stream().anyMatch(damage -> Stream.of(places).anyMatch(
            place -> isNear(damage, place))) || Stream.of(places).anyMatch(place -> isInUnused(report, place));
        if (!told) {
            fail(what + " is not reported near its place: " + report);
        }
        checkReading(what, ++openings % 16 == 0);
    }

    VerifyReport verify(final String what) {
        try {
            return EngineStore.verify(files, DIRECTORY);
        } catch (final RuntimeException | Error ex) {
            throw new AssertionError(what + ": verify failed instead of reporting", ex);
        }
    }

    /** Damage is told at the first byte of the sector or record that holds it, or at the very byte. */
    private static boolean isNear(final Damage damage, final Place place) {
        final int extent =
            place.offset() < HeaderDescriptor.PAGE_LENGTH ? HeaderDescriptor.SECTOR_LENGTH : RECORD_LENGTH_MAX;
        return damage.file().equals(place.file()) && damage.offset() < place.offset() + place.length() &&
            damage.offset() + extent > place.offset() && damage.toString().contains(place.file());
    }

    /** But for who it is, a segment that was never used is no part of the store, so a note will do. */
    private static boolean isInUnused(final VerifyReport report, final Place place) {
        return place.offset() >= HeaderDescriptor.SECTOR_LENGTH && place.file().equals(UNUSED) &&
            report.notes().stream().anyMatch(note -> note.startsWith(UNUSED + ": "));
    }

    void checkReading(final String what, final boolean writable) {
        try (EngineStore store = writable ?
            EngineStore.open(new MemoryFileOps(files.image()), DIRECTORY, SEGMENT_LENGTH) :
            EngineStore.openReadOnly(files, DIRECTORY, true)) {
            expected.forEach((key, value) -> check(what, store, key, value));
            if (store.report().damages().isEmpty() && store.get("gone") != null) {
                fail(what + " brings a deleted key back");
            }
        } catch (final CorruptionException ex) {
            checkText(what, ex);
        }
    }

    private static void check(final String what, final EngineStore store, final String key, final String value) {
        try {
            final String found = store.get(key);
            final boolean mayBeMissing = !store.report().damages().isEmpty();
            if (!value.equals(found) && !(mayBeMissing && (found == null || isOlder(key, found)))) {
                fail(what + ": key " + key + " has " + found + " where " + value + " was put; " + store.report());
            }
        } catch (final CorruptionException ex) {
            checkText(what, ex);
        }
    }

    /** What salvage may give when the newest value of a key is what was damaged: one of its earlier values. */
    private static boolean isOlder(final String key, final String found) {
        for (int i = 0; i < 9; i++) {
            if (key.equals("key" + i % 6) && found.equals("value " + i + "-".repeat(700 + 37 * i))) {
                return true;
            }
        }
        return false;
    }

    private static void checkText(final String what, final CorruptionException ex) {
        if (!SegmentFileNames.isSegment(ex.file()) || ex.offset() < 0 || !ex.getMessage().contains(ex.file()) ||
            !ex.getMessage().contains(ErrorText.what("").todo("").strip())) {
            fail(what + ": message without file, offset or advice: " + ex.getMessage());
        }
    }
}
