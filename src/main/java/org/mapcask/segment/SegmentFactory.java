package org.mapcask.segment;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.MapcaskException;
import org.mapcask.errors.StorageSpaceException;
import org.mapcask.format.FormatVersion;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.format.HeaderDescriptor.Identity;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.io.FileOps;
import org.mapcask.io.MappedFile;
import org.mapcask.io.StoreFile;

/**
 * Makes and opens segment files. A new one is written under a temporary name with its real blocks and its header,
 * synced, renamed, and its directory synced: a file with the name of a segment always has a whole header.
 * Thread-safe.
 */
public final class SegmentFactory {
    /** Shortest segment in bytes: a header page and one page of records. */
    public static final int SEGMENT_LENGTH_MIN = 2 * HeaderDescriptor.PAGE_LENGTH;
    /** Longest segment in bytes: one record of the largest kind. */
    public static final int SEGMENT_LENGTH_MAX =
        HeaderDescriptor.PAGE_LENGTH + BitUtil.align(RecordDescriptor.RECORD_LENGTH_MAX, HeaderDescriptor.PAGE_LENGTH);

    private static final SecureRandom RANDOM = new SecureRandom();

    private final FileOps files;
    private final Path directory;
    private final StoreIdentity store;
    private final SegmentTable table;
    private final AtomicLong nextId;
    private final AtomicReference<Kept> kept = new AtomicReference<>();
    private final AtomicLong recycled = new AtomicLong();
    private volatile Consumer<Throwable> failedSync = failure -> {
    };

    /** The open file of a removed segment, under a temporary name. */
    private record Kept(StoreFile file, Path temporary, long id, int length) {
    }

    /**
     * A factory for one store.
     *
     * @param nextId id of the next new segment; above every id in the directory.
     */
    public SegmentFactory(
        final FileOps files, final Path directory, final StoreIdentity store, final SegmentTable table,
        final long nextId) {
        this.files = files;
        this.directory = directory;
        this.store = store;
        this.table = table;
        this.nextId = new AtomicLong(nextId);
    }

    /**
     * Names who is told of a failed sync, before it is thrown. It must not be tried again: that the directory can be
     * synced later proves nothing about the names that it held now. A lack of room is not told.
     */
    public void onFailedSync(final Consumer<Throwable> listener) {
        failedSync = listener;
    }

    /** Length of a segment that holds one record of this length and nothing else. */
    public static int lengthFor(final int recordLength) {
        return HeaderDescriptor.PAGE_LENGTH +
            BitUtil.align(RecordDescriptor.alignedLength(recordLength), HeaderDescriptor.PAGE_LENGTH);
    }

    /**
     * Makes a new, mapped, empty segment whose name and header are durable.
     *
     * @throws StorageSpaceException when the file system is full; nothing is left behind.
     */
    public Segment create(final int length) {
        return create(length, HeaderDescriptor.KIND_LOG, false);
    }

    /**
     * As {@link #create}, for the output of a merge: no segment of the log. Until a merge commits it, the next open
     * removes it. Its positions are reserved; the caller adds it to the table, or discards it.
     */
    public Segment createMerged(final int length) {
        return create(length, HeaderDescriptor.KIND_MERGED, false);
    }

    /** As {@link #create}, with zeros written into every page; see {@link StoreFile#allocateZeroed}. */
    public Segment createZeroed(final int length) {
        return create(length, HeaderDescriptor.KIND_LOG, true);
    }

    private Segment create(final int length, final int kind, final boolean zeroed) {
        final Kept old = kind == HeaderDescriptor.KIND_LOG ? takeKept(length) : null;
        if (old != null) {
            return recycle(old, zeroed);
        }
        final long id = nextId.getAndIncrement();
        final Path temporary = directory.resolve(SegmentFileNames.temporary(id));
        return finish(files.create(temporary), temporary, id, length, kind, file -> {
            if (zeroed) {
                file.allocateZeroed(length);
            } else {
                file.allocate(length);
            }
        });
    }

    /** As {@link #create}, in the file of a segment that was removed: what is saved is the allocation. */
    private Segment recycle(final Kept old, final boolean zeroed) {
        final Segment segment = finish(old.file(), old.temporary(), old.id(), old.length(), HeaderDescriptor.KIND_LOG,
            file -> {
                if (zeroed) {
                    file.writeZeros(old.length());
                } else {
                    file.clear(old.length());
                }
            });
        recycled.incrementAndGet();
        return segment;
    }

    /** Takes the file that was kept, if it is of this length, and has no other name by now. */
    private Kept takeKept(final int length) {
        final Kept old = kept.get();
        if (old == null || old.length() != length || !kept.compareAndSet(old, null)) {
            return null;
        }
        if (files.links(old.temporary()) > 1) {
            drop(old);
            return null;
        }
        return old;
    }

    /** How many segments were made out of removed ones. */
    public long recycled() {
        return recycled.get();
    }

    /** Gives a file with a temporary name its room, its header and its name. */
    private Segment finish(
        final StoreFile file, final Path temporary, final long id, final int length, final int kind,
        final Consumer<StoreFile> filling) {
        final Path path = directory.resolve(SegmentFileNames.of(id));
        Path present = temporary;
        Identity identity = null;
        boolean done = false;
        try {
            filling.accept(file);
            identity = identity(id, length, kind);
            file.write(0, headerPage(identity));
            guarded(file::sync);
            final MappedFile mapping = file.map(length, true);
            try {
                files.rename(temporary, path);
                present = path;
                file.renamed(path);
                guarded(() -> files.syncDirectory(directory));
                done = true;
                return new Segment(identity, file, mapping);
            } finally {
                if (!done) {
                    mapping.unmap();
                }
            }
        } finally {
            if (!done) {
                file.close();
                deleteQuietly(present);
                if (identity != null) {
                    table.giveBackPositions(identity.basePosition(), length);
                }
            }
        }
    }

    /** Positions are taken after the room on disk, so that writers who wait for room do not use them up. */
    private Identity identity(final long id, final int length, final int kind) {
        final long base = table.reservePositions(length);
        if (base < 0) {
            throw new StorageSpaceException(ErrorText.what("the log has used all of its positions").where(directory)
                .expected("positions below " + SegmentTable.POSITION_LIMIT)
                .found("a segment of " + length + " bytes more").todo("copy the live records into a new store"));
        }
        return new Identity(FormatVersion.CURRENT, kind, store.idHigh(), store.idLow(), id, base, length,
            RANDOM.nextLong(), store.hashSeed());
    }

    /** Opens an existing segment whose header was read before. */
    public Segment open(final SegmentHeader header, final boolean writable, final boolean mapped) {
        final StoreFile file = files.open(directory.resolve(SegmentFileNames.of(header.identity().segmentId())),
            writable);
        final MappedFile mapping;
        try {
            mapping = mapped ? file.map((int)header.identity().length(), writable) : null;
        } catch (final MapcaskException ex) {
            file.close();
            throw ex;
        }
        final Segment segment = new Segment(header.identity(), file, mapping);
        segment.restore(header);
        return segment;
    }

    /**
     * An existing segment whose header is known: its file is opened when it is needed.
     *
     * @param mapped whether it is to be mapped, by {@link Segment#mapLater()}.
     */
    public Segment openLater(final KnownHeader known, final boolean writable, final boolean mapped) {
        final SegmentHeader header = known.header();
        final Segment segment = new Segment(header.identity(), new LaterFile(files,
            directory.resolve(SegmentFileNames.of(header.identity().segmentId())), header, writable), null);
        segment.restore(header);
        segment.known(known);
        if (mapped) {
            segment.mappedLater();
        }
        return segment;
    }

    /**
     * What a checkpoint may keep of the header of a segment, which is sealed, and that durably.
     *
     * @param nowMs milliseconds since 1970, by the clock of the host.
     * @return null if the next open has to read it, which also tells what is wrong with it.
     */
    public KnownHeader known(final Segment segment, final long nowMs) {
        if (segment.known() == null) {
            try {
                segment.known(KnownHeader.read(files, segment, nowMs));
            } catch (final MapcaskException ex) {
                return null;
            }
        }
        return segment.known();
    }

    /** Closes and removes segments that no reader knows. */
    public void discard(final List<Segment> segments) {
        segments.forEach(Segment::close);
        segments.forEach(segment -> files.delete(segment.file().path()));
        guarded(() -> files.syncDirectory(directory));
        segments.forEach(segment -> table.giveBackPositions(segment.basePosition(), segment.length()));
    }

    /**
     * Closes and removes segments that a merge replaced and nobody reads any more, and then takes them out of the
     * table. One that cannot be removed stays in the table, closed, and so do those behind it.
     * <p>
     * The directory is not synced. A segment that a power cut brings back does not count, whatever is in it by then,
     * as long as the commit is there that names it as replaced. That one may go with a later merge only, which makes an
     * output first; and {@link #createMerged} syncs the directory for the name of it.
     * <p>
     * The file of one of them may be kept for {@link #create}: it loses its name for a temporary one instead. A crash
     * finds it under the old name, where it does not count, or as a temporary file, or as the new segment. One with a
     * second name is not kept: somebody made a backup of it. Nothing of the old records is left when it is used again,
     * and its salt is another.
     *
     * @param keepLength of a segment that is worth keeping; 0 keeps none.
     */
    public void remove(final List<Segment> segments, final int keepLength) {
        final List<String> present = files.list(directory);
        Kept keep = null;
        boolean done = false;
        try {
            for (final Segment segment : segments) {
                if (!present.contains(segment.name())) {
                    segment.close();
                } else if (keep == null && segment.length() == keepLength && files.links(segment.file().path()) == 1) {
                    keep = unname(segment);
                } else {
                    segment.close();
                    files.delete(segment.file().path());
                }
            }
            done = true;
        } finally {
            if (!done && keep != null) {
                keep.file().close();
            }
        }
        segments.forEach(table::remove);
        final Kept before = keep == null ? null : kept.getAndSet(keep);
        if (before != null) {
            drop(before);
        }
    }

    private Kept unname(final Segment segment) {
        boolean done = false;
        try {
            final MappedFile detached = segment.detachMapping();
            if (detached != null) {
                detached.unmap();
            }
            final long id = nextId.getAndIncrement();
            final Path temporary = directory.resolve(SegmentFileNames.temporary(id));
            files.rename(segment.file().path(), temporary);
            segment.file().renamed(temporary);
            done = true;
            return new Kept(segment.file(), temporary, id, segment.length());
        } finally {
            if (!done) {
                segment.close();
            }
        }
    }

    /** Lets go of the file that was kept; what is not removed here, the next open removes. */
    public void dropKept(final boolean removing) {
        final Kept old = kept.getAndSet(null);
        if (old != null && removing) {
            drop(old);
        } else if (old != null) {
            old.file().close();
        }
    }

    private void drop(final Kept old) {
        old.file().close();
        deleteQuietly(old.temporary());
    }

    private void guarded(final Runnable sync) {
        try {
            sync.run();
        } catch (final StorageSpaceException ex) {
            throw ex;
        } catch (final RuntimeException | Error ex) {
            failedSync.accept(ex);
            throw ex;
        }
    }

    private static ByteBuffer headerPage(final Identity identity) {
        final ByteBuffer page = ByteBuffer.allocateDirect(HeaderDescriptor.PAGE_LENGTH);
        HeaderDescriptor.putIdentity(new UnsafeBuffer(page), identity);
        return page;
    }

    private void deleteQuietly(final Path path) {
        try {
            files.delete(path);
        } catch (final MapcaskException ignored) {
            // the next open removes it; the first failure is the one to tell
        }
    }
}
