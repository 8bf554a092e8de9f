package org.mapcask.engine;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.mapcask.io.MappedFile;
import org.mapcask.nativeaccess.Advice;
import org.mapcask.segment.Segment;
import org.mapcask.segment.SegmentTable;

/**
 * The mappings of sealed segments: made behind the open that did without them, and anew where one was made for writing;
 * told that reads come at random, since a cold read otherwise brings the read-ahead of the device, which may be
 * megabytes; taken away where they are too many, or sealed segments are to be read by {@code pread}. One thread at a
 * time, and while no segment is removed.
 */
final class SealedMappings {
    private final EngineSettings settings;
    private final SegmentTable table;
    private final LeavingMappings leaving;
    private final Set<Segment> advised = new HashSet<>();

    SealedMappings(final EngineSettings settings, final SegmentTable table, final ContextPool contexts) {
        this.settings = settings;
        this.table = table;
        leaving = new LeavingMappings(contexts);
    }

    /**
     * Does what is to be done since the last round.
     *
     * @param mappedBeside mapped segments that are not in the table.
     */
    void round(final int mappedBeside) {
        final List<Segment> segments = table.segments();
        final List<MappedFile> detached = new ArrayList<>();
        int mapped = Math.max(1, mappedBeside);
        for (int i = segments.size() - 1; i >= 0; i--) {
            final Segment segment = segments.get(i);
            if (segment.isMappedLater() && mapped < settings.mappedSegmentsMax()) {
                segment.mapLater();
            }
            if (segment.mapping() == null) {
                continue;
            }
            mapped++;
            if (!segment.isSealed()) {
                continue;
            }
            if (!settings.mapSealed() || mapped > settings.mappedSegmentsMax()) {
                detached.add(segment.detachMapping());
                mapped--;
            } else if (advised.add(segment)) {
                advise(segment, detached);
            }
        }
        leaving.add(detached);
        leaving.round();
        if (advised.size() > segments.size()) {
            advised.retainAll(new HashSet<>(segments));
        }
    }

    private static void advise(final Segment segment, final List<MappedFile> detached) {
        final MappedFile before = segment.isHuge() ? segment.mapAnew() : null;
        if (before != null) {
            detached.add(before);
        }
        segment.mapping().advise(0, segment.length(), Advice.RANDOM);
    }

    /** Unmaps what waited for the end of calls; all have ended. */
    void close() {
        leaving.close();
    }
}
