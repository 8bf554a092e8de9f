package org.mapcask;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.agrona.BitUtil;
import org.mapcask.engine.Engine;
import org.mapcask.engine.LogCut;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.MapcaskException;
import org.mapcask.errors.StoreIoException;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.io.FileOps;
import org.mapcask.io.StoreFile;
import org.mapcask.io.SystemFileOps;
import org.mapcask.recovery.ProgressListener;
import org.mapcask.segment.Segment;
import org.mapcask.segment.SegmentFactory;
import org.mapcask.segment.SegmentFileNames;
import org.mapcask.segment.SegmentTable;

/**
 * Makes the backup of a running store: links or copies the sealed segments of a {@link LogCut}, and adds an empty one
 * that says that the log was closed cleanly at this cut. The order lets no part of it ever be taken for a whole:
 * <ol>
 *   <li>a file that says that the backup is not finished, durable before any other;
 *   <li>the segments, and the empty one behind them, all durable;
 *   <li>then that file goes.
 * </ol>
 * One thread, one use.
 */
final class StoreBackup {
    static final ProgressListener SILENT = (phase, done, total) -> {
    };

    private static final String PHASE = "backing up";
    private static final int PIECE_LENGTH = 1 << 20;

    private final Engine engine;
    private final FileOps files;
    private final Path directory;
    private final Path destination;
    private final ProgressListener progress;
    private final Destination place;
    private final Path unfinished;
    private final Deque<Path> made = new ArrayDeque<>();
    private final long startNs = System.nanoTime();
    private ByteBuffer piece;
    private long total;
    private long done;
    private int linked;
    private int copied;
    private long copiedBytes;

    private StoreBackup(
        final Engine engine, final FileOps files, final Path directory, final Path destination,
        final ProgressListener progress) {
        this.engine = engine;
        this.files = files;
        this.directory = directory;
        this.destination = destination;
        this.progress = progress;
        this.place = new Destination(destination, "the backup");
        this.unfinished = destination.resolve(SegmentFileNames.UNFINISHED_BACKUP);
    }

    static BackupReport make(
        final StoreOpener.Opened opened, final Path destination, final ProgressListener progress) {
        return make(opened.engine(), new SystemFileOps(), opened.directory(), destination, progress);
    }

    /** Works through given file operations. */
    static BackupReport make(
        final Engine engine, final FileOps files, final Path directory, final Path destination,
        final ProgressListener progress) {
        Arguments.requirePresent("destination", destination);
        Arguments.requirePresent("progress", progress);
        return new StoreBackup(engine, files, directory, destination, progress).run();
    }

    private BackupReport run() {
        place.requireOutside(directory, "the store itself");
        final boolean found = place.requireEmpty();
        try (LogCut cut = engine.cut()) {
            if (!found) {
                files.createDirectories(destination);
            }
            // Fails if somebody else has one there; what is in the directory is not ours then.
            files.create(unfinished).close();
            try {
                begin();
                fill(cut);
                finish();
            } catch (final RuntimeException | Error ex) {
                remove(found, ex);
                throw ex;
            }
            progress.onProgress(PHASE, total, total);
            return new BackupReport(directory, destination, cut.lastSequence(), cut.keys(), cut.segments().size(),
                linked, copied, total, copiedBytes, System.nanoTime() - startNs);
        }
    }

    /** From here on no open takes the directory for a store; one that did before has left something in it. */
    private void begin() {
        files.syncDirectory(destination);
        if (files.list(destination).size() > 1) {
            throw place.notEmpty("files that came in meanwhile");
        }
    }

    private void fill(final LogCut cut) {
        long highestId = 0;
        final SegmentTable table = new SegmentTable();
        for (final Segment segment : cut.segments()) {
            total += segment.syncedEnd();
            highestId = Math.max(highestId, segment.id());
            table.add(segment);
        }
        for (final Segment segment : cut.segments()) {
            take(cut, segment);
            done += segment.syncedEnd();
            progress.onProgress(PHASE, Math.min(done, total - 1), total);
        }
        files.syncDirectory(destination);
        made.push(destination.resolve(SegmentFileNames.of(highestId + 1)));
        addEnd(new SegmentFactory(files, destination, cut.identity(), table, highestId + 1), cut.lastSequence());
    }

    /** A failed link leaves nothing; a copy that fails leaves a part. */
    private void take(final LogCut cut, final Segment segment) {
        final Path target = destination.resolve(segment.name());
        made.push(target);
        if (copied == 0 && cut.inside(() -> files.link(segment.file().path(), target))) {
            linked++;
        } else {
            copied++;
            copy(cut, segment, target);
        }
    }

    /** What is behind the last record is zero, and takes no room in the copy. */
    private void copy(final LogCut cut, final Segment segment, final Path target) {
        if (piece == null) {
            piece = ByteBuffer.allocateDirect(PIECE_LENGTH);
        }
        final long end = BitUtil.align((long)segment.syncedEnd(), HeaderDescriptor.PAGE_LENGTH);
        try (StoreFile copy = files.create(target)) {
            for (long offset = 0; offset < end; offset += PIECE_LENGTH) {
                copyPiece(cut, segment, copy, offset, (int)Math.min(PIECE_LENGTH, end - offset));
            }
            if (end < segment.length()) {
                copy.write(segment.length() - HeaderDescriptor.PAGE_LENGTH,
                    ByteBuffer.allocateDirect(HeaderDescriptor.PAGE_LENGTH));
            }
            copy.sync();
        }
    }

    /** The store waits for the read when it is closed, not for the disk of the backup. */
    private void copyPiece(
        final LogCut cut, final Segment segment, final StoreFile copy, final long offset, final int length) {
        piece.clear().limit(length);
        final int read = cut.inside(() -> segment.file().read(offset, piece));
        if (read < length) {
            throw new StoreIoException(ErrorText.what("a segment is shorter than it was made")
                .where(segment.file().path(), offset + read).expected(length + " bytes from offset " + offset)
                .found(read + " bytes").todo("run `verify` on the store; somebody else has cut the file off"));
        }
        piece.flip();
        copy.write(offset, piece);
        copiedBytes += length;
        progress.onProgress(PHASE, Math.min(done + offset + length, total - 1), total);
    }

    /** The shortest segment does: the first write into the backup goes on in the next. */
    private static void addEnd(final SegmentFactory factory, final long lastSequence) {
        final Segment end = factory.create(SegmentFactory.SEGMENT_LENGTH_MIN);
        try {
            end.firstSequence(lastSequence + 1);
            end.writeWatermark(HeaderDescriptor.PAGE_LENGTH, lastSequence, true);
            end.mapping().sync(0, HeaderDescriptor.PAGE_LENGTH);
            end.headerSynced();
        } finally {
            end.close();
        }
    }

    private void finish() {
        files.delete(unfinished);
        files.syncDirectory(destination);
    }

    /** Removes what was begun, last what says that it is unfinished; where that is gone already, it comes back. */
    private void remove(final boolean found, final Throwable failure) {
        try {
            final List<String> present = files.list(destination);
            if (!present.contains(SegmentFileNames.UNFINISHED_BACKUP)) {
                files.create(unfinished).close();
                files.syncDirectory(destination);
            }
            made.removeIf(path -> !present.contains(path.getFileName().toString()));
            made.forEach(files::delete);
            files.syncDirectory(destination);
            files.delete(unfinished);
            if (!found && files.list(destination).isEmpty()) {
                files.delete(destination);
            } else {
                files.syncDirectory(destination);
            }
        } catch (final MapcaskException ex) {
            failure.addSuppressed(new StoreIoException(ErrorText.what("what was begun of the backup is left behind")
                .where(destination).expected("to remove it").found(ex.getMessage()).todo("remove it by hand"), ex));
        }
    }
}
