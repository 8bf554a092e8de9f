package org.mapcask.recovery;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.format.MergeDescriptor;
import org.mapcask.format.MergeDescriptor.Commit;
import org.mapcask.format.MergeDescriptor.Range;
import org.mapcask.format.MergeDescriptor.State;
import org.mapcask.segment.SegmentFileNames;
import org.mapcask.segment.SegmentHeader;

/**
 * Says which merges count, and so which segments: an output counts if it says so, or if a commit that counts names it;
 * an input that such a commit names does not count any more, whatever is in it. What a crash left is removed by the
 * next open, in an order that a second crash may cut off: a commit goes only after all that it replaced is gone.
 * <p>
 * Knows headers alone. One thread, one use.
 */
final class MergeJudge {
    private final LogContents contents;
    private final boolean strict;
    private final Set<Long> present = new HashSet<>();
    private final Set<Long> replaced = new HashSet<>();
    private final Set<Long> named = new HashSet<>();
    private final List<SegmentHeader> carriers = new ArrayList<>();
    private final List<SegmentHeader> merged = new ArrayList<>();
    private final List<SegmentHeader> log = new ArrayList<>();

    private final MergeUndo undo;

    MergeJudge(final LogContents contents, final boolean strict, final MergeUndo undo) {
        this.contents = contents;
        this.strict = strict;
        this.undo = undo;
    }

    /** Takes all headers that can be read, and the names of all segments. */
    void read(final List<SegmentHeader> headers, final List<String> names) {
        names.forEach(name -> present.add(SegmentFileNames.id(name)));
        for (final SegmentHeader header : headers) {
            if (undo.undoes(header)) {
                (header.merge().state() == State.CARRIER ? contents.undoneCarriers : contents.undone).add(name(header));
            } else if (header.isMerged() && header.merge().state() == State.CARRIER) {
                carriers.add(header);
            }
        }
        carriers.sort(Comparator.comparingLong(MergeJudge::id));
        carriers.forEach(this::count);
        for (final SegmentHeader header : headers) {
            if (!replaced.contains(id(header)) && !undo.undoes(header)) {
                (header.isMerged() ? merged : log).add(header);
            }
        }
        removeCovered();
        contents.unreadable.removeIf(this::isReplaced);
        contents.damages.removeIf(damage -> isReplaced(damage.file()));
        contents.notes.removeIf(note -> replaced.stream().anyMatch(
            id -> note.startsWith(SegmentFileNames.of(id) + ": ")));
        checkNewest();
        if (strict) {
            contents.replaced.forEach(group -> group.forEach(name ->
                contents.notes.add(name + ": replaced by a merge; the next open removes it")));
        }
    }

    private void count(final SegmentHeader carrier) {
        final Commit commit = carrier.merge().commit();
        final List<String> group = new ArrayList<>();
        for (final long id : commit.inputIds()) {
            if (replaced.add(id) && present.contains(id)) {
                group.add(SegmentFileNames.of(id));
            }
        }
        if (!group.isEmpty()) {
            contents.replaced.add(group);
        }
        named.addAll(commit.outputIds());
        for (final Range range : commit.ranges()) {
            contents.covered.add(range.first(), range.last());
        }
    }

    /** What merges took away, but no commit names any more: a file that was put back by hand. */
    private void removeCovered() {
        final List<String> group = new ArrayList<>();
        for (final SegmentHeader header : List.copyOf(log)) {
            if (header.seal() != null && header.seal().firstSequence() > 0 &&
                contents.covered.contains(header.seal().firstSequence(), header.seal().lastSequence())) {
                log.remove(header);
                replaced.add(id(header));
                group.add(name(header));
            }
        }
        if (!group.isEmpty()) {
            contents.replaced.add(group);
        }
    }

    private boolean isReplaced(final String name) {
        return SegmentFileNames.isSegment(name) && replaced.contains(SegmentFileNames.id(name));
    }

    /** The outputs of the last merge are all there, since none came after it that could have taken them in. */
    private void checkNewest() {
        if (carriers.isEmpty()) {
            return;
        }
        final SegmentHeader newest = carriers.get(carriers.size() - 1);
        for (final long id : newest.merge().commit().outputIds()) {
            if (!present.contains(id)) {
                contents.damages.add(new Damage(SegmentFileNames.of(id), 0, Damage.Kind.MISSING_SEGMENT, 0, 0,
                    "the segment is missing, an output of the merge that " + name(newest) + " tells of"));
            }
        }
    }

    /** Headers of the segments of the log that count. */
    List<SegmentHeader> log() {
        return log;
    }

    /**
     * Headers of the merged segments that count; the others are leftovers of a merge that does not.
     *
     * @param clean whether the store was closed properly: then no crash explains a header that is not whole.
     */
    List<SegmentHeader> merged(final boolean clean) {
        final List<SegmentHeader> counting = new ArrayList<>();
        for (final SegmentHeader header : merged) {
            if (isBroken(header, clean)) {
                addBroken(header);
            }
        }
        for (final SegmentHeader header : merged) {
            final State state = header.merge().state();
            final boolean broken = isBroken(header, clean);
            if (state == State.STAMPED || state == State.CARRIER || broken || named.contains(id(header))) {
                counting.add(header);
                checkHeader(header, clean, broken);
            } else {
                contents.unfinished.add(name(header));
                contents.damages.removeIf(damage -> damage.file().equals(name(header)));
                if (strict) {
                    contents.notes.add(name(header) + ": output of a merge that was cut off; the next open removes it");
                }
            }
        }
        return counting;
    }

    /**
     * Whether the segment may have counted once, but its header does not tell any more. A power cut leaves each sector
     * of a commit whole or zero, and all of the inputs.
     */
    private boolean isBroken(final SegmentHeader header, final boolean clean) {
        final MergeDescriptor.Region merge = header.merge();
        if (named.contains(id(header)) && merge.commit() == null) {
            return false;
        }
        return merge.state() == State.DAMAGED || merge.state() == State.CUT_SHORT &&
            (clean || merge.commit() != null && !present.containsAll(merge.commit().inputIds()));
    }

    private void addBroken(final SegmentHeader header) {
        contents.headerBroken = true;
        contents.damages.add(new Damage(name(header), firstOddity(header), Damage.Kind.HEADER, 0, 0,
            "what the header tells of a merge cannot be read, or is not whole"));
        if (header.merge().commit() != null) {
            named.addAll(header.merge().commit().outputIds());
        }
    }

    private static int firstOddity(final SegmentHeader header) {
        return header.oddities().stream().mapToInt(SegmentHeader.Oddity::offset)
            .filter(offset -> offset >= MergeDescriptor.REGION_OFFSET).findFirst()
            .orElse(MergeDescriptor.REGION_OFFSET);
    }

    private void checkHeader(final SegmentHeader header, final boolean clean, final boolean broken) {
        if (header.seal() == null) {
            contents.damages.add(new Damage(name(header), HeaderDescriptor.SEAL_OFFSET, Damage.Kind.HEADER, 0, 0,
                "merged segment has no sound seal"));
        }
        final int first = broken ? firstOddity(header) : -1;
        for (final SegmentHeader.Oddity oddity : header.oddities()) {
            final boolean told = oddity.offset() == first ||
                header.seal() == null && oddity.offset() == HeaderDescriptor.SEAL_OFFSET;
            if (!told && strict && (clean || !oddity.cutShort())) {
                contents.damages.add(
                    new Damage(name(header), oddity.offset(), Damage.Kind.HEADER, 0, 0, oddity.detail()));
            } else if (!told) {
                contents.notes.add(name(header) + ": " + oddity.detail() + " (not needed)");
            }
        }
    }

    private static long id(final SegmentHeader header) {
        return header.identity().segmentId();
    }

    private static String name(final SegmentHeader header) {
        return SegmentFileNames.of(id(header));
    }
}
