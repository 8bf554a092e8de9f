package org.mapcask.checkpoint;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.mapcask.io.FileOps;

/**
 * The hint files of a directory, see {@link org.mapcask.format.HintDescriptor}. Without state; any thread, but one at a
 * time for one segment.
 */
public final class HintFiles {
    private final FileOps files;
    private final Path directory;

    /** The hint files of a directory. */
    public HintFiles(final FileOps files, final Path directory) {
        this.files = files;
        this.directory = directory;
    }

    /** Ids of the segments that have one, by the names of all files. */
    public static Set<Long> segments(final List<String> names) {
        final Set<Long> ids = new HashSet<>();
        for (final String name : names) {
            if (CheckpointFileNames.isHint(name)) {
                ids.add(CheckpointFileNames.number(name));
            }
        }
        return ids;
    }

    /** Ids of the segments that have one now. */
    public Set<Long> segments() {
        return segments(files.list(directory));
    }

    /** Reads the one of a segment; to be closed. */
    public HintReader reader(final long segmentId, final long salt) {
        return new HintReader(files.open(path(segmentId), false), salt);
    }

    /**
     * Lets a writer go on with the one of a segment; to be closed.
     *
     * @param end what the last writer told, {@link HintEnd#NONE} to make the file.
     * @return the writer.
     */
    public HintWriter begin(final HintWriter writer, final long segmentId, final long salt, final HintEnd end) {
        writer.begin(
            end.fileLength() == 0 ? files.create(path(segmentId)) : files.open(path(segmentId), true), salt, end);
        return writer;
    }

    /** Removes the one of a segment; without a sync, since one that comes back after a power cut is as true. */
    public void remove(final long segmentId) {
        files.unlink(path(segmentId));
    }

    /**
     * Removes all but those of some segments.
     *
     * @param names of all files.
     * @return names of what was removed.
     */
    public List<String> removeOthers(final List<String> names, final Set<Long> kept) {
        final List<String> removed = new ArrayList<>();
        for (final String name : names) {
            if (CheckpointFileNames.isHint(name) && !kept.contains(CheckpointFileNames.number(name))) {
                files.unlink(directory.resolve(name));
                removed.add(name);
            }
        }
        return removed;
    }

    private Path path(final long segmentId) {
        return directory.resolve(CheckpointFileNames.hint(segmentId));
    }
}
