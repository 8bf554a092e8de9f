package org.mapcask.wal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.agrona.DirectBuffer;
import org.mapcask.format.HeaderDescriptor.Identity;
import org.mapcask.io.FileOps;
import org.mapcask.io.StoreFile;

/**
 * What the files of a write-ahead log hold, read through the files and checked; changes nothing. Used by one thread.
 * The frames stay in the files and are read again when their records are asked for.
 */
public final class WalContents {
    /**
     * A sound frame.
     *
     * @param file            name of the file.
     * @param offset          of the frame in it.
     * @param firstSequence   of its first record.
     * @param lastSequence    of its last record.
     * @param segmentsDurable every record up to here was durable in the segments when it was written.
     */
    public record Frame(String file, long offset, long firstSequence, long lastSequence, long segmentsDurable) {
    }

    /** What is wrong with a file. */
    public enum FlawKind {
        /** The header page is damaged. */
        HEADER,
        /** The file is shorter or longer than its header says. */
        LENGTH,
        /** A file of the ring is missing, or was never finished; the file is named as it would be. */
        MISSING
    }

    /** One of those; whether it matters is for recovery to say. */
    public record Flaw(String file, long offset, FlawKind kind, String detail) {
    }

    /** Takes records. */
    public interface RecordVisitor {
        /** A record: an image as in the log, with its header; its checksum is that of the frame, not its own. */
        void onRecord(DirectBuffer buffer, int offset, int length, long shape, long sequence, Frame frame);
    }

    private final FileOps files;
    private final Path directory;
    private final Map<String, Identity> identities = new TreeMap<>();
    private final List<Frame> frames = new ArrayList<>();
    private final List<Flaw> flaws = new ArrayList<>();
    private boolean complete;

    private WalContents(final FileOps files, final Path directory) {
        this.files = files;
        this.directory = directory;
    }

    /**
     * Reads the files of these names.
     *
     * @param storeIdHigh with the lower half, the id of the store when a segment told it; ignored if {@code known} is
     *                    false.
     * @throws org.mapcask.errors.ForeignFileException   when a file belongs to another store.
     * @throws org.mapcask.errors.FormatVersionException when a later version of the format wrote it.
     */
    public static WalContents read(
        final FileOps files, final Path directory, final List<String> names, final boolean known,
        final long storeIdHigh, final long storeIdLow) {
        final WalContents contents = new WalContents(files, directory);
        final Map<String, WalFileHeader> headers = new TreeMap<>();
        final FrameReader reader = new FrameReader();
        for (final String name : new TreeSet<>(names)) {
            try (StoreFile file = files.open(directory.resolve(name), false)) {
                final WalFileHeader header = WalFileHeader.read(file, name);
                if (known) {
                    header.checkStore(file, storeIdHigh, storeIdLow);
                }
                headers.put(name, header);
                if (header.state() == WalFileHeader.State.SOUND) {
                    contents.identities.put(name, header.identity());
                    reader.findFrames(file, name, header, contents.frames);
                }
            }
        }
        contents.frames.sort(Comparator.comparingLong(Frame::firstSequence).thenComparingLong(Frame::lastSequence));
        contents.judge(headers);
        return contents;
    }

    /**
     * Reads the headers alone, for a store that needs none of the frames: a file of somebody else is found all the
     * same. Takes microseconds, whatever the length of the files.
     *
     * @return contents without a frame, which know of flaws and whether a ring is whole.
     * @throws org.mapcask.errors.ForeignFileException   when a file belongs to another store.
     * @throws org.mapcask.errors.FormatVersionException when a later version of the format wrote it.
     */
    public static WalContents readHeaders(
        final FileOps files, final Path directory, final List<String> names, final long storeIdHigh,
        final long storeIdLow) {
        final WalContents contents = new WalContents(files, directory);
        final Map<String, WalFileHeader> headers = new TreeMap<>();
        for (final String name : names) {
            try (StoreFile file = files.open(directory.resolve(name), false)) {
                final WalFileHeader header = WalFileHeader.read(file, name);
                header.checkStore(file, storeIdHigh, storeIdLow);
                headers.put(name, header);
            }
        }
        contents.judge(headers);
        return contents;
    }

    private void judge(final Map<String, WalFileHeader> headers) {
        final TreeSet<Long> rings = new TreeSet<>();
        headers.forEach((name, header) -> {
            rings.add(WalFileNames.ring(name));
            if (header.state() == WalFileHeader.State.DAMAGED) {
                flaws.add(new Flaw(name, 0, FlawKind.HEADER, header.detail()));
            } else if (header.state() == WalFileHeader.State.SOUND && !header.isWhole()) {
                flaws.add(new Flaw(name, Math.min(header.fileLength(), header.identity().length()), FlawKind.LENGTH,
                    "the file has " + header.fileLength() + " bytes, its header says " + header.identity().length()));
            }
        });
        for (final long ring : rings) {
            boolean whole = true;
            long length = -1;
            for (int i = 0; i < Wal.FILE_COUNT; i++) {
                final String name = WalFileNames.of(ring, i);
                final WalFileHeader header = headers.get(name);
                if (header == null || header.state() == WalFileHeader.State.UNFINISHED) {
                    flaws.add(new Flaw(name, 0, FlawKind.MISSING,
                        header == null ? "the file is not there" : header.detail()));
                }
                whole &= header != null && header.isWhole() && (length < 0 || header.fileLength() == length);
                length = header == null ? length : header.fileLength();
            }
            complete |= whole;
        }
        flaws.sort(Comparator.comparing(Flaw::file));
    }

    /** Whether at least one whole ring is there; false when no file is. */
    public boolean isComplete() {
        return complete;
    }

    /** The sound frames, by their sequences. */
    public List<Frame> frames() {
        return List.copyOf(frames);
    }

    /** The highest sequence that some frame knows to be durable in the segments; 0 without frames. */
    public long segmentsDurable() {
        return frames.stream().mapToLong(Frame::segmentsDurable).max().orElse(0);
    }

    /** The last sequence of all frames; 0 without frames. */
    public long lastSequence() {
        return frames.stream().mapToLong(Frame::lastSequence).max().orElse(0);
    }

    /** What is wrong with the files, sorted by their names. */
    public List<Flaw> flaws() {
        return List.copyOf(flaws);
    }

    /**
     * Reads the records behind a sequence, in their order; there may be gaps.
     *
     * @throws org.mapcask.errors.CorruptionException when the records of a sound frame make no sense, two frames hold
     *                                                the same sequence, or a frame is not what it was before.
     */
    public void forEachRecord(final long afterSequence, final RecordVisitor visitor) {
        final FrameReader reader = new FrameReader();
        StoreFile file = null;
        try {
            long last = afterSequence;
            for (final Frame frame : frames) {
                if (frame.lastSequence() <= afterSequence) {
                    continue;
                }
                if (file == null || !file.path().getFileName().toString().equals(frame.file())) {
                    if (file != null) {
                        file.close();
                    }
                    file = files.open(directory.resolve(frame.file()), false);
                    reader.nextFile();
                }
                reader.readRecords(file, identities.get(frame.file()).salt(), frame, afterSequence, last, visitor);
                last = frame.lastSequence();
            }
        } finally {
            if (file != null) {
                file.close();
            }
        }
    }
}
