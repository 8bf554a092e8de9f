package org.mapcask;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.StoreIoException;
import org.mapcask.errors.StoreLockedException;
import org.mapcask.io.StoreLock;
import org.mapcask.recovery.ProgressListener;
import org.mapcask.recovery.VerifyReport;
import org.mapcask.segment.SegmentFileNames;
import org.mapcask.wal.WalFileNames;

/**
 * Copies what is sound of a store into a new one. The old store is read by {@code pread} alone, so that a bad sector
 * is an error of one record and not a fault of a page. Either the whole copy is made, closed and checked, or what was
 * begun of it is removed. One thread, one use.
 */
final class StoreSalvage {
    private static final int PROGRESS_KEYS = 256;

    private final Path directory;
    private final Path destination;
    private final ProgressListener progress;
    private final List<RecoverReport.LostKey> lostKeys = new ArrayList<>();
    private final long startNs = System.nanoTime();
    private long total;
    private long visited;
    private long keys;
    private long bytes;

    private StoreSalvage(final Path directory, final Path destination, final ProgressListener progress) {
        this.directory = directory;
        this.destination = destination;
        this.progress = progress;
    }

    static RecoverReport recover(final Path directory, final Path destination, final ProgressListener progress) {
        Arguments.requirePresent("directory", directory);
        Arguments.requirePresent("destination", destination);
        Arguments.requirePresent("progress", progress);
        return new StoreSalvage(directory, destination, progress).run();
    }

    private RecoverReport run() {
        final MapcaskOptions reading = MapcaskOptions.builder().readOnly(true).salvageReadOnly(true)
            .sealedRead(SealedRead.PREAD).recoveryProgress(progress).build();
        final Destination place = new Destination(destination, "the new store");
        place.requireOutside(directory, "the damaged one");
        final boolean found = place.requireEmpty();
        try (StoreOpener.Opened source = StoreOpener.open(directory, reading)) {
            try {
                copy(source);
                return new RecoverReport(directory, destination, source.report().records(), keys, bytes,
                    source.report().damages(), lostKeys, notes(source.report().notes()), check(),
                    System.nanoTime() - startNs);
            } catch (final StoreLockedException ex) {
                throw ex; // what is there now is somebody else's
            } catch (final RuntimeException | Error ex) {
                remove(found, ex);
                throw ex;
            }
        }
    }

    /** Closing makes the copy durable. */
    private void copy(final StoreOpener.Opened source) {
        try (Mapcask copy = Mapcask.open(destination)) {
            total = source.engine().size();
            source.engine().forEach((record, reader) -> {
                copy.put(record, reader.keyOffset(), reader.keyLength(),
                    record, reader.valueOffset(), reader.valueLength(), reader.expiry());
                keys++;
                bytes += reader.keyLength() + reader.valueLength();
                countVisited();
            }, (file, offset, key, failure) -> {
                lostKeys.add(RecoverReport.LostKey.of(file, offset, key, failure.getMessage()));
                countVisited();
            });
            progress.onProgress("copying keys", total, total);
        }
    }

    /** The notes on the old store, and one on the keys that were not visited. */
    private List<String> notes(final List<String> found) {
        final List<String> notes = new ArrayList<>(found);
        if (visited < total) {
            notes.add("of " + (total - visited) + " keys the time to live is over; they were not copied");
        }
        return notes;
    }

    private void countVisited() {
        visited++;
        if (visited % PROGRESS_KEYS == 0 && visited < total) {
            progress.onProgress("copying keys", visited, total);
        }
    }

    private VerifyReport check() {
        final VerifyReport report = StoreOpener.verify(destination, (phase, done, all) ->
            progress.onProgress("checking the new store", done, all));
        if (!report.sound() || report.keys() != keys) {
            throw new StoreIoException(ErrorText.what("the new store does not hold what was written into it")
                .where(destination).expected(keys + " sound keys").found(report)
                .todo("look for errors of the disk in the kernel log, and use another disk"));
        }
        return report;
    }

    /** Removes what was begun; everything in the directory is this object's own, but only what a store has goes. */
    private void remove(final boolean found, final Throwable failure) {
        if (!Files.isDirectory(destination)) {
            return;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(destination, StoreSalvage::isOwn)) {
            for (final Path entry : entries) {
                Files.delete(entry);
            }
            if (!found) {
                Files.delete(destination);
            }
        } catch (final IOException ex) {
            failure.addSuppressed(new StoreIoException(ErrorText.what("what was begun of the new store is left behind")
                .where(destination).expected("to remove it").found(ex).todo("remove it by hand"), ex));
        }
    }

    private static boolean isOwn(final Path entry) {
        final String name = entry.getFileName().toString();
        return SegmentFileNames.isSegment(name) || SegmentFileNames.isTemporary(name)
            || WalFileNames.isWal(name) || name.equals(StoreLock.FILE_NAME);
    }
}
