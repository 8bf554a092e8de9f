package org.mapcask.recovery;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.mapcask.checkpoint.CheckpointFileNames;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.ForeignFileException;
import org.mapcask.io.FileOps;
import org.mapcask.io.StoreLock;
import org.mapcask.segment.SegmentFileNames;
import org.mapcask.wal.WalFileNames;

/**
 * The files of a store directory, sorted by what their names say.
 *
 * @param all         names of all of them.
 * @param segments    names of segments.
 * @param temporaries names of segments that were being prepared: without meaning.
 * @param wal         names of files of the write-ahead log.
 */
record DirectoryScan(List<String> all, List<String> segments, List<String> temporaries, List<String> wal) {
    /** Made by mkfs at the top of a file system: allowed, so that a store may have a file system of its own. */
    private static final String LOST_AND_FOUND = "lost+found";

    /**
     * Reads a directory.
     *
     * @throws ForeignFileException when something lies there that no store puts there, or a part of a backup.
     */
    static DirectoryScan of(final FileOps files, final Path directory) {
        final List<String> segments = new ArrayList<>();
        final List<String> temporaries = new ArrayList<>();
        final List<String> wal = new ArrayList<>();
        final List<String> names = files.list(directory);
        if (names.contains(SegmentFileNames.UNFINISHED_BACKUP)) {
            throw new ForeignFileException(ErrorText.what("the backup in this directory was not finished")
                .where(directory).expected("a whole store").found(SegmentFileNames.UNFINISHED_BACKUP)
                .todo("remove the directory, and make the backup again"));
        }
        for (final String name : names) {
            if (SegmentFileNames.isSegment(name)) {
                segments.add(name);
            } else if (SegmentFileNames.isTemporary(name)) {
                temporaries.add(name);
            } else if (WalFileNames.isWal(name)) {
                wal.add(name);
            } else if (!CheckpointFileNames.isKnown(name) && !name.equals(StoreLock.FILE_NAME)
                && !name.equals(LOST_AND_FOUND) && !name.startsWith(".")) {
                throw new ForeignFileException(ErrorText.what("a file in the store directory is not Mapcask's")
                    .where(directory.resolve(name))
                    .expected("only segments (*" + SegmentFileNames.SUFFIX + "), the write-ahead log (*"
                        + WalFileNames.SUFFIX + ") and " + StoreLock.FILE_NAME)
                    .found(name).todo("move the file elsewhere, or give the store a directory of its own"));
            }
        }
        return new DirectoryScan(names, segments, temporaries, wal);
    }
}
