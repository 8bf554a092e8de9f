package org.mapcask.recovery;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mapcask.checkpoint.HintBlock;
import org.mapcask.checkpoint.HintFiles;
import org.mapcask.checkpoint.HintReader;
import org.mapcask.errors.MapcaskException;
import org.mapcask.segment.Segment;

/** The hint files of the end of a log, opened when they are needed. One thread at a time. */
final class TailHints implements AutoCloseable {
    private final HintFiles files;
    private final Set<Long> segments;
    private final int partBits;
    private final Map<Long, HintReader> readers = new HashMap<>();
    private final Map<Long, List<HintBlock>> blocks = new HashMap<>();

    /**
     * The hint files among the files of a store.
     *
     * @param names    of all files.
     * @param partBits bits of the number of a part of the keydir.
     */
    TailHints(final HintFiles files, final List<String> names, final int partBits) {
        this.files = files;
        this.segments = HintFiles.segments(names);
        this.partBits = partBits;
    }

    int partBits() {
        return partBits;
    }

    /** What stands before the entries of the blocks of a segment, in the order of the log. */
    List<HintBlock> blocks(final Segment segment) {
        return blocks.computeIfAbsent(segment.id(), id -> readBlocks(segment));
    }

    private List<HintBlock> readBlocks(final Segment segment) {
        final HintReader reader = segments.contains(segment.id()) ? reader(segment) : null;
        try {
            return reader == null ? List.of() : reader.blocks();
        } catch (final MapcaskException ex) {
            return List.of(); // a hint is never needed
        }
    }

    /** Reads the hints of a segment; stays this one's. Null if they are gone, or cannot be read. */
    HintReader reader(final Segment segment) {
        final HintReader open = readers.get(segment.id());
        if (open != null) {
            return open;
        }
        try {
            final HintReader opened = files.reader(segment.id(), segment.salt());
            readers.put(segment.id(), opened);
            return opened;
        } catch (final MapcaskException ex) {
            return null;
        }
    }

    /** Closes the files; one that is asked for later is opened again. */
    @Override
    public void close() {
        blocks.clear();
        readers.values().forEach(HintReader::close);
        readers.clear();
    }
}
