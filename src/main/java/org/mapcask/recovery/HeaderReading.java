package org.mapcask.recovery;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.mapcask.errors.CorruptionException;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.ForeignFileException;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.io.StoreFile;
import org.mapcask.segment.SegmentFileNames;
import org.mapcask.segment.SegmentHeader;
import org.mapcask.segment.SegmentScanner;
import org.mapcask.segment.StoreIdentity;

/**
 * Reads the headers of all segments, and holds them against each other: same store, no position claimed twice. What is
 * wrong with a single one is damage or a note; for a merged one, {@link MergeJudge} says which. One thread, one use.
 */
final class HeaderReading {
    private final RecoverySettings settings;
    private final LogContents contents;
    private final SegmentScanner scanner;
    private final boolean strict;
    private final List<Damage> cutShort = new ArrayList<>();

    HeaderReading(
        final RecoverySettings settings, final LogContents contents, final SegmentScanner scanner,
        final boolean strict) {
        this.settings = settings;
        this.contents = contents;
        this.scanner = scanner;
        this.strict = strict;
    }

    /**
     * Reads the headers of the segments of these names; those that cannot be read are damage, and left out.
     *
     * @param start the checkpoint that may know some of them, or null.
     */
    List<SegmentHeader> read(final List<String> names, final CheckpointStart start) {
        final List<SegmentHeader> headers = new ArrayList<>();
        for (final String name : names) {
            contents.highestId = Math.max(contents.highestId, SegmentFileNames.id(name));
            final SegmentHeader known = start == null ? null : start.knownHeader(name);
            if (known != null) {
                contents.fileBytes += known.fileLength();
                checkIdentity(settings.directory().resolve(name), known);
                headers.add(known);
                continue;
            }
            try (StoreFile file = settings.files().open(settings.directory().resolve(name), false)) {
                contents.fileBytes += file.length();
                final SegmentHeader header = withUse(file, SegmentHeader.read(file));
                checkIdentity(file.path(), header);
                headers.add(header);
                checkOddities(file, name, header);
            } catch (final CorruptionException ex) {
                contents.unreadable.add(name);
                contents.damages.add(new Damage(ex.file(), ex.offset(), Damage.Kind.HEADER, 0, 0, ex.getMessage()));
            }
        }
        return headers;
    }

    private void checkIdentity(final Path file, final SegmentHeader header) {
        final StoreIdentity found = new StoreIdentity(
            header.identity().storeIdHigh(), header.identity().storeIdLow(), header.identity().hashSeed());
        if (contents.identity == null) {
            contents.identity = found;
        } else if (!contents.identity.equals(found)) {
            throw new ForeignFileException(ErrorText.what("a segment belongs to another store").where(file)
                .expected("store " + contents.identity.id()).found("store " + found.id())
                .todo("move the segments of one of the two stores elsewhere"));
        }
    }

    /**
     * If no watermark can be read, since the first one was cut short or is damaged, the first sound record tells what
     * it told. A segment without one keeps nothing from anybody.
     */
    private SegmentHeader withUse(final StoreFile file, final SegmentHeader header) {
        final int offset = !header.isMerged() && header.isUseUnreadable() ?
            scanner.resync(file, header, HeaderDescriptor.PAGE_LENGTH, (int)header.identity().length()) : -1;
        return offset < 0 ? header : header.usedFrom(scanner.sequenceAt(file, offset));
    }

    private void checkOddities(final StoreFile file, final String name, final SegmentHeader header) {
        // A process that ends while it takes a segment into use leaves a sector half written, and no record yet.
        final boolean unused =
            !header.isMerged() && !header.wasUsed() && (header.isUseUnreadable() || !startsWithRecord(file));
        final List<SegmentHeader.Oddity> oddities = header.isMerged() ? List.of() : header.oddities();
        for (final SegmentHeader.Oddity oddity : oddities) {
            // Without a sound sector that tells of use, a damaged one may hide that there are records.
            if (!unused && (strict || !header.wasUsed())) {
                (oddity.cutShort() ? cutShort : contents.damages).add(
                    new Damage(name, oddity.offset(), Damage.Kind.HEADER, 0, 0, oddity.detail()));
            } else {
                contents.notes.add(name + ": " + oddity.detail() + " (not needed)");
            }
        }
        if (!header.hasWholeFile()) {
            contents.damages.add(new Damage(name, Math.min(header.fileLength(), header.identity().length()),
                Damage.Kind.LENGTH, 0, 0,
                "file has " + header.fileLength() + " bytes where it was made with " + header.identity().length()));
        }
    }

    /** A process that was killed leaves such a sector, and the next open mends it: in a clean store there is none. */
    void judgeCutShort() {
        if (contents.isClean()) {
            contents.damages.addAll(cutShort);
        } else {
            cutShort.forEach(sector -> contents.notes.add(sector.file() + ": " + sector.detail() + " (not needed)"));
        }
    }

    private boolean startsWithRecord(final StoreFile file) {
        final int start = HeaderDescriptor.PAGE_LENGTH;
        return scanner.firstByteInUse(file, start + RecordDescriptor.HEADER_LENGTH, start) >= 0;
    }

    /** Holds the positions against each other, of the segments that count; what merges replaced lost its own. */
    void checkPositions(final List<SegmentHeader> headers) {
        final Map<Long, SegmentHeader> byPosition = new TreeMap<>();
        long end = 0;
        SegmentHeader before = null;
        headers.forEach(header -> byPosition.put(header.identity().basePosition(), header));
        for (final SegmentHeader header : byPosition.values()) {
            if (header.identity().basePosition() < end) {
                throw overlap(header, before);
            }
            end = header.identity().basePosition() + header.identity().length();
            before = header;
        }
        if (byPosition.size() < headers.size()) {
            throw overlap(headers.get(0), headers.get(headers.size() - 1));
        }
    }

    private ForeignFileException overlap(final SegmentHeader header, final SegmentHeader other) {
        return new ForeignFileException(ErrorText.what("two segments claim the same positions of the log")
            .where(settings.directory())
            .expected("one segment for each position")
            .found(name(header) + " and " + name(other)).todo("move the one that was copied here by hand elsewhere"));
    }

    private static String name(final SegmentHeader header) {
        return SegmentFileNames.of(header.identity().segmentId());
    }
}
