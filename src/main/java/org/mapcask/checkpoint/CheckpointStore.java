package org.mapcask.checkpoint;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.errors.CorruptionException;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.FormatVersionException;
import org.mapcask.errors.MapcaskException;
import org.mapcask.format.CheckpointDescriptor;
import org.mapcask.format.CheckpointDescriptor.Fixed;
import org.mapcask.format.CheckpointDescriptor.SegmentFigures;
import org.mapcask.format.FormatVersion;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.format.HeaderDescriptor.SectorState;
import org.mapcask.io.FileOps;
import org.mapcask.io.StoreFile;
import org.mapcask.segment.StoreIdentity;

/**
 * The checkpoints of a directory. A checkpoint is written under a temporary name, made durable, and then gets its name,
 * which is made durable; only then the one before goes. So at any moment the newest that has its name is whole, and a
 * damaged one stands for itself. One thread at a time.
 */
public final class CheckpointStore {
    private static final long LENGTH_MAX = Integer.MAX_VALUE - HeaderDescriptor.PAGE_LENGTH;

    private final FileOps files;
    private final Path directory;
    private long lastNumber;

    /** The checkpoints of a directory. */
    public CheckpointStore(final FileOps files, final Path directory) {
        this.files = files;
        this.directory = directory;
    }

    /** The newest checkpoint of this store; throws also if it is another one's. */
    public Checkpoint newest(final StoreIdentity identity) {
        final Checkpoint newest = newest(files.list(directory));
        if (newest != null) {
            newest.requireOf(identity);
        }
        return newest;
    }

    /**
     * The newest checkpoint, of whatever store.
     *
     * @param all names of the files in the directory.
     * @return null if there is none.
     * @throws MapcaskException if it cannot be read, or is not whole; an older one is no help, since segments to which
     *                          it leads may be gone.
     */
    public Checkpoint newest(final List<String> all) {
        String newest = null;
        for (final String name : all) {
            if (CheckpointFileNames.isNumbered(name)) {
                lastNumber = Math.max(lastNumber, CheckpointFileNames.number(name));
            }
            if (CheckpointFileNames.isCheckpoint(name) && (newest == null || name.compareTo(newest) > 0)) {
                newest = name;
            }
        }
        return newest == null ? null : read(newest);
    }

    private Checkpoint read(final String name) {
        try (StoreFile file = files.open(directory.resolve(name), false)) {
            final HeaderDescriptor.Identity header = readIdentity(
                file, HeaderDescriptor.KIND_CHECKPOINT, null, CheckpointFileNames.number(name));
            final long length = file.length() - HeaderDescriptor.PAGE_LENGTH;
            if (length < CheckpointDescriptor.FIXED_LENGTH || length > LENGTH_MAX) {
                throw damaged(file, file.length() + " bytes");
            }
            final BodyReader reader = new BodyReader(file);
            final Fixed fixed = CheckpointDescriptor.fixed(
                new UnsafeBuffer(reader.look(CheckpointDescriptor.FIXED_LENGTH)));
            if (!fixed.fits(file.length())) {
                throw damaged(file, "numbers that do not add up to its length");
            }
            final UnsafeBuffer head = new UnsafeBuffer(reader.next(fixed.headLength()));
            final int[] slots = new int[fixed.pages()];
            final int[] checksums = new int[fixed.pages()];
            final byte[] depths = new byte[fixed.pages()];
            reader.next(slots);
            reader.next(checksums);
            reader.next(depths);
            reader.next(new byte[fixed.paddingLength()]);
            if (!reader.endsWithChecksum(header.salt())) {
                throw damaged(file, "another checksum");
            }
            if (CheckpointDescriptor.layout(head) != CheckpointDescriptor.LAYOUT) {
                throw new FormatVersionException(ErrorText
                    .what("a checkpoint has a layout that this release does not read").where(file.path())
                    .expected("layout " + CheckpointDescriptor.LAYOUT)
                    .found("layout " + CheckpointDescriptor.layout(head))
                    .todo("nothing: the store is opened from its log"));
            }
            return parse(header, head, fixed, slots, checksums, depths);
        }
    }

    private static CorruptionException damaged(final StoreFile file, final String found) {
        return new CorruptionException(file.path().getFileName().toString(), HeaderDescriptor.PAGE_LENGTH, ErrorText
            .what("a checkpoint of the keydir is damaged").where(file.path())
            .expected("the length and the checksum that it was written with").found(found)
            .todo("nothing: the store is opened from its log"));
    }

    private static Checkpoint parse(final HeaderDescriptor.Identity header, final UnsafeBuffer body,
        final Fixed fixed, final int[] slots, final int[] checksums, final byte[] depths) {
        final List<SegmentFigures> segments = new ArrayList<>(fixed.segments());
        int expiring = 0;
        for (int i = 0; i < fixed.segments(); i++) {
            segments.add(CheckpointDescriptor.segment(body, fixed, i, expiring));
            expiring += segments.get(i).expiring().length;
        }
        final long[] waiting = new long[fixed.waiting()];
        for (int i = 0; i < waiting.length; i++) {
            waiting[i] = CheckpointDescriptor.waiting(body, fixed, i);
        }
        final StoreIdentity store = new StoreIdentity(header.storeIdHigh(), header.storeIdLow(), header.hashSeed());
        return new Checkpoint(store, header.segmentId(), header.basePosition(), fixed.coveredSequence(),
            fixed.countedSequence(), fixed.replaySegment(), fixed.replayOffset(), fixed.keys(), segments, waiting,
            slots, depths, checksums, fixed.pages());
    }

    /** The pages of a checkpoint. */
    public PageFile open(final StoreIdentity identity, final Checkpoint checkpoint, final boolean writable) {
        return PageFile.open(files, directory, identity, checkpoint, writable);
    }

    /** A new file of pages, under a number that none had. */
    public PageFile createPages(final StoreIdentity identity) {
        return PageFile.create(files, directory, identity, ++lastNumber);
    }

    /** The hint files beside the checkpoints. */
    public HintFiles hints() {
        return new HintFiles(files, directory);
    }

    /** The number for the next checkpoint. */
    public long nextNumber() {
        return ++lastNumber;
    }

    /** Checksums of pages, for a checkpoint that is going to be written. */
    public static int[] checksums(final PageFile pages, final int[] slots, final int count) {
        final int[] checksums = new int[count];
        for (int i = 0; i < count; i++) {
            checksums[i] = pages.checksum(slots[i]);
        }
        return checksums;
    }

    /**
     * Writes a checkpoint, whose pages and log are durable. It counts when this returns, and may if this throws.
     *
     * @param syncing runs what makes something durable: a failure of that, and of nothing else here, is never tried
     *                again.
     */
    public void write(final Checkpoint checkpoint, final Consumer<Runnable> syncing) {
        final StoreIdentity identity = checkpoint.store();
        final Fixed fixed = new Fixed(checkpoint.coveredSequence(), checkpoint.countedSequence(),
            checkpoint.replaySegment(), checkpoint.replayOffset(), checkpoint.keys(), checkpoint.segments().size(),
            checkpoint.waiting().length, checkpoint.pages(),
            checkpoint.segments().stream().mapToInt(segment -> segment.expiring().length).sum());
        final long salt = ThreadLocalRandom.current().nextLong();
        final ByteBuffer bytes = body(checkpoint, fixed, salt);
        final Path temporary = directory.resolve(CheckpointFileNames.temporary(checkpoint.number()));
        boolean named = false;
        try (StoreFile file = files.create(temporary)) {
            file.allocate(fixed.fileLength());
            writeIdentity(file, new HeaderDescriptor.Identity(FormatVersion.CURRENT, HeaderDescriptor.KIND_CHECKPOINT,
                identity.idHigh(), identity.idLow(), checkpoint.number(), checkpoint.pagesNumber(), fixed.fileLength(),
                salt, identity.hashSeed()));
            file.write(HeaderDescriptor.PAGE_LENGTH, bytes);
            syncing.accept(file::sync);
            files.rename(temporary, directory.resolve(CheckpointFileNames.checkpoint(checkpoint.number())));
            named = true;
            syncing.accept(() -> files.syncDirectory(directory));
        } finally {
            if (!named) {
                deleteQuietly(temporary);
            }
        }
    }

    private static ByteBuffer body(final Checkpoint checkpoint, final Fixed fixed, final long salt) {
        final int length = Math.toIntExact(fixed.bodyLength());
        final ByteBuffer bytes = ByteBuffer.allocateDirect(length + Integer.BYTES);
        final UnsafeBuffer body = new UnsafeBuffer(bytes);
        CheckpointDescriptor.putFixed(body, fixed);
        int expiring = 0;
        for (int i = 0; i < fixed.segments(); i++) {
            CheckpointDescriptor.putSegment(body, fixed, i, checkpoint.segments().get(i), expiring);
            expiring += checkpoint.segments().get(i).expiring().length;
        }
        for (int i = 0; i < fixed.waiting(); i++) {
            CheckpointDescriptor.putWaiting(body, fixed, i, checkpoint.waiting()[i]);
        }
        CheckpointDescriptor.putPages(bytes, fixed, checkpoint.slots(), checkpoint.checksums(), checkpoint.depths());
        body.putInt(length, checksum(bytes, length, salt), java.nio.ByteOrder.LITTLE_ENDIAN);
        return bytes.clear();
    }

    private static int checksum(final ByteBuffer bytes, final int length, final long salt) {
        final CRC32C crc = new CRC32C();
        final ByteBuffer view = bytes.duplicate();
        view.limit(length).position(0);
        crc.update(view);
        CheckpointDescriptor.update(crc, salt);
        return (int)crc.getValue();
    }

    /** Removes all checkpoints, durably; a file of pages stays. */
    public void removeAll(final long pages, final Consumer<Runnable> syncing) {
        removeOthers(-1, pages);
        syncing.accept(() -> files.syncDirectory(directory));
    }

    /**
     * Removes all checkpoints but one, and all files of pages but one; without a sync: what comes back after a power
     * cut is older than what stays, and is removed the next time.
     *
     * @param checkpoint number of the one that stays, or -1.
     * @param pages      number of the file of pages that stays, or -1.
     * @return names of what was removed.
     */
    public List<String> removeOthers(final long checkpoint, final long pages) {
        return removeOthers(files.list(directory), checkpoint, pages);
    }

    /** As {@link #removeOthers(long, long)}, where the names of the files in the directory are known. */
    public List<String> removeOthers(final List<String> names, final long checkpoint, final long pages) {
        final List<String> removed = new ArrayList<>();
        for (final String name : names) {
            if (CheckpointFileNames.isTemporary(name) ||
                CheckpointFileNames.isCheckpoint(name) && CheckpointFileNames.number(name) != checkpoint ||
                CheckpointFileNames.isPages(name) && CheckpointFileNames.number(name) != pages) {
                files.unlink(directory.resolve(name));
                removed.add(name);
            }
        }
        return removed;
    }

    /** Removes all checkpoints, files of pages and hint files; returns their names. */
    public List<String> removeAllFiles(final List<String> names) {
        final List<String> removed = removeOthers(names, -1, -1);
        removed.addAll(hints().removeOthers(names, Set.of()));
        return removed;
    }

    private void deleteQuietly(final Path path) {
        try {
            files.delete(path);
        } catch (final MapcaskException ignored) {
            // the next open removes it; the first failure is the one to tell
        }
    }

    static void writeIdentity(final StoreFile file, final HeaderDescriptor.Identity identity) {
        final ByteBuffer page = ByteBuffer.allocateDirect(HeaderDescriptor.PAGE_LENGTH);
        HeaderDescriptor.putIdentity(new UnsafeBuffer(page), identity);
        file.write(0, page);
    }

    /** Reads the header of a file, of a given store, or, for null, of any. */
    static HeaderDescriptor.Identity readIdentity(
        final StoreFile file, final int kind, final StoreIdentity store, final long number) {
        final String name = file.path().getFileName().toString();
        final ByteBuffer bytes = ByteBuffer.allocateDirect(HeaderDescriptor.PAGE_LENGTH);
        final UnsafeBuffer page = new UnsafeBuffer(bytes);
        if (file.read(0, bytes) < HeaderDescriptor.PAGE_LENGTH ||
            HeaderDescriptor.identityState(page) != SectorState.VALID) {
            throw new CorruptionException(name, 0, ErrorText.what("header of a checkpoint file is damaged")
                .where(file.path()).expected("a Mapcask header with a matching checksum").found("another")
                .todo("nothing: the store is opened from its log"));
        }
        final HeaderDescriptor.Identity found = HeaderDescriptor.identity(page);
        final StoreIdentity owner = new StoreIdentity(found.storeIdHigh(), found.storeIdLow(), found.hashSeed());
        final boolean same = found.version() == FormatVersion.CURRENT && found.kind() == kind &&
            (store == null || store.equals(owner)) && found.segmentId() == number;
        if (!same) {
            throw new CorruptionException(name, 0, ErrorText.what("a checkpoint file is not this store's")
                .where(file.path()).expected("kind " + kind + ", number " + number +
                    (store == null ? "" : ", store " + store.id()))
                .found("kind " + found.kind() + ", number " + found.segmentId() + ", version " + found.version() +
                    ", store " + owner.id())
                .todo("nothing: the store is opened from its log"));
        }
        return found;
    }
}
