package org.mapcask.checkpoint;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.errors.CorruptionException;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.StorageSpaceException;
import org.mapcask.format.CheckpointDescriptor;
import org.mapcask.format.FormatVersion;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.io.FileOps;
import org.mapcask.io.StoreFile;
import org.mapcask.keydir.PageBuffer;
import org.mapcask.keydir.PageStore;
import org.mapcask.segment.StoreIdentity;

/**
 * A file of pages of the keydir. A slot to which the last durable checkpoint, the one that is being made, or the keydir
 * leads is never written over. The checksum of what was written last to each slot is kept in memory, and in the
 * checkpoint: so a slot that still holds an older page, since its write got lost, is told from a sound one. The file is
 * made when the first page is written. Threads as {@link PageStore} says; {@link #sync()}, {@link #begin()} and {@link
 * #end} come from whoever makes the checkpoint, the last two under the lock of the keydir's writer.
 */
public final class PageFile implements PageStore, AutoCloseable {
    private static final int CHUNK_SHIFT = 12;
    private static final int CHUNK_SLOTS = 1 << CHUNK_SHIFT;
    private static final int WORD_SHIFT = 6;
    private static final int GROWTH_MIN = 16;
    private static final int GROWTH_DIVISOR = 8;
    /** As many as a step of a checkpoint may need, and some more for the pages that writers write meanwhile. */
    private static final int AHEAD_SLOTS = 256;
    private static final int RESTORE_BLOCK = 64;
    private static final int PREFETCH_MAX = 64;
    private static final long WRITEBACK_STEP = 8 << 20;

    private final FileOps files;
    private final Path path;
    private final StoreIdentity identity;
    private final long number;
    private final boolean writable;
    private final ThreadLocal<CRC32C> crc = ThreadLocal.withInitial(CRC32C::new);
    private final BitSet used = new BitSet();
    private BitSet durable = new BitSet();
    private BitSet building;
    private BitSet busy = new BitSet();
    private volatile int[][] checksums = new int[0][];
    private volatile StoreFile file;
    private long salt;
    private Runnable gate;
    private int fileSlots;
    private int cursor;
    private PageBuffer scratch;
    private long unhinted;
    private long hintFrom;

    private PageFile(
        final FileOps files, final Path directory, final StoreIdentity identity, final long number,
        final boolean writable) {
        this.files = files;
        this.path = directory.resolve(CheckpointFileNames.pages(number));
        this.identity = identity;
        this.number = number;
        this.writable = writable;
    }

    /** A new one; there is no file yet. */
    static PageFile create(
        final FileOps files, final Path directory, final StoreIdentity identity, final long number) {
        return new PageFile(files, directory, identity, number, true);
    }

    /** The one to which a checkpoint leads. Throws if it is not that. */
    static PageFile open(
        final FileOps files, final Path directory, final StoreIdentity identity, final Checkpoint checkpoint,
        final boolean writable) {
        final PageFile pages = new PageFile(files, directory, identity, checkpoint.pagesNumber(), writable);
        boolean done = false;
        try {
            pages.file = files.open(pages.path, writable);
            pages.restore(checkpoint);
            done = true;
            return pages;
        } finally {
            if (!done) {
                pages.close();
            }
        }
    }

    private void restore(final Checkpoint checkpoint) {
        final HeaderDescriptor.Identity header =
            CheckpointStore.readIdentity(file, HeaderDescriptor.KIND_PAGES, identity, number);
        salt = header.salt();
        fileSlots = (int)Math.min(Integer.MAX_VALUE,
            (file.length() - HeaderDescriptor.PAGE_LENGTH) / CheckpointDescriptor.PAGE_LENGTH);
        final long[] slots = new long[(fileSlots >>> WORD_SHIFT) + 1];
        final int[][] sums = new int[(fileSlots >>> CHUNK_SHIFT) + 1][];
        for (int i = 0; i < checkpoint.pages(); i += RESTORE_BLOCK) {
            restore(checkpoint, i, Math.min(checkpoint.pages(), i + RESTORE_BLOCK), slots, sums);
        }
        checksums = sums;
        durable = BitSet.valueOf(slots);
        used.or(durable);
        busy.or(durable);
        cursor = durable.length();
    }

    /** Some pages: a method of its own, so that it is compiled soon, in whatever part of a first open. */
    private void restore(
        final Checkpoint checkpoint, final int from, final int to, final long[] slots, final int[][] sums) {
        for (int i = from; i < to; i++) {
            final int slot = checkpoint.slots()[i];
            if (slot < 0 || slot >= fileSlots) {
                throw new CorruptionException(name(), file.length(), ErrorText.what("pages of the keydir are missing")
                    .where(path).expected("slot " + slot).found(fileSlots + " slots")
                    .todo("nothing: the store is opened from its log"));
            }
            slots[slot >>> WORD_SHIFT] |= 1L << slot;
            int[] chunk = sums[slot >>> CHUNK_SHIFT];
            if (chunk == null) {
                chunk = new int[CHUNK_SLOTS];
                sums[slot >>> CHUNK_SHIFT] = chunk;
            }
            chunk[slot & CHUNK_SLOTS - 1] = checkpoint.checksums()[i];
        }
    }

    /** Number of the file. */
    public long number() {
        return number;
    }

    private String name() {
        return path.getFileName().toString();
    }

    @Override
    public boolean isWritable() {
        return writable;
    }

    @Override
    public void read(final int slot, final PageBuffer into) {
        final ByteBuffer bytes = into.bytes();
        final long offset = CheckpointDescriptor.slotFileOffset(slot);
        final int read = file.read(offset, bytes);
        final int expected = checksum(slot);
        final int stored = into.words().getInt(CheckpointDescriptor.PAGE_CRC_OFFSET);
        if (read < CheckpointDescriptor.PAGE_LENGTH || stored != expected ||
            pageChecksum(bytes, 0, slot) != expected) {
            throw new CorruptionException(name(), offset, ErrorText.what("a page of the keydir is damaged")
                .where(path, offset).expected("checksum 0x" + Integer.toHexString(expected))
                .found(read < CheckpointDescriptor.PAGE_LENGTH ? read + " bytes" :
                    "0x" + Integer.toHexString(stored) + " in a page that sums up to 0x" +
                        Integer.toHexString(pageChecksum(bytes, 0, slot)))
                .todo("close the store and remove its files *" + CheckpointFileNames.CHECKPOINT_SUFFIX +
                    ": the next open reads the log instead"));
        }
    }

    private int pageChecksum(final ByteBuffer pages, final int offset, final int slot) {
        final CRC32C sum = crc.get();
        sum.reset();
        final ByteBuffer body = pages.duplicate();
        body.limit(offset + CheckpointDescriptor.PAGE_LENGTH).position(offset + CheckpointDescriptor.PAGE_BODY_OFFSET);
        sum.update(body);
        CheckpointDescriptor.update(sum, salt);
        CheckpointDescriptor.update(sum, slot);
        return (int)sum.getValue();
    }

    @Override
    public void prefetch(final int firstSlot, final int count) {
        if (scratch == null) {
            scratch = new PageBuffer(PREFETCH_MAX);
        }
        for (int done = 0; done < count; done += PREFETCH_MAX) {
            final ByteBuffer bytes = scratch.bytes();
            bytes.limit(Math.min(PREFETCH_MAX, count - done) * CheckpointDescriptor.PAGE_LENGTH);
            file.read(CheckpointDescriptor.slotFileOffset(firstSlot + done), bytes);
        }
    }

    /**
     * Has something waited for before the first slot is dealt out, and so before any page is written: what makes it
     * durable that the slots which are free are that. The keydir's writer.
     *
     * @param wait returns when that has been done, and throws, each time, if it failed.
     */
    public void awaitBeforeWriting(final Runnable wait) {
        gate = wait;
    }

    @Override
    public int allocate() {
        if (gate != null) {
            gate.run();
            gate = null;
        }
        if (file == null) {
            make();
        }
        int slot = busy.nextClearBit(cursor);
        if (slot >= fileSlots && isMuchFree()) {
            slot = busy.nextClearBit(0);
        }
        if (slot >= fileSlots) {
            slot = growOrReuse(slot);
        }
        used.set(slot);
        busy.set(slot);
        cursor = slot + 1;
        return slot;
    }

    private void make() {
        final StoreFile made = files.create(path);
        boolean done = false;
        try {
            made.allocate(CheckpointDescriptor.slotFileOffset(GROWTH_MIN));
            salt = ThreadLocalRandom.current().nextLong();
            CheckpointStore.writeIdentity(made, new HeaderDescriptor.Identity(FormatVersion.CURRENT,
                HeaderDescriptor.KIND_PAGES, identity.idHigh(), identity.idLow(), number, 0, 0, salt,
                identity.hashSeed()));
            fileSlots = GROWTH_MIN;
            file = made;
            done = true;
        } finally {
            if (!done) {
                made.close();
                files.delete(path);
            }
        }
    }

    /** Where the disk is full, slots that lie apart have to do. */
    private int growOrReuse(final int slot) {
        try {
            grow(slot);
            return slot;
        } catch (final StorageSpaceException ex) {
            final int free = busy.nextClearBit(0);
            if (free < fileSlots) {
                return free;
            }
            throw ex;
        }
    }

    private void grow(final int slot) {
        final int wanted = Math.max(slot + 1, fileSlots + Math.max(GROWTH_MIN, fileSlots / GROWTH_DIVISOR));
        file.allocate(CheckpointDescriptor.slotFileOffset(wanted));
        fileSlots = wanted;
    }

    /**
     * How many slots the file should have soon, since few are left behind the last that was dealt out, so that {@link
     * #allocate()} need not make it longer; 0 if there are enough. The keydir's writer.
     */
    public int growthWanted() {
        return file == null || fileSlots - cursor > AHEAD_SLOTS || isMuchFree() ? 0 :
            fileSlots + Math.max(GROWTH_MIN + AHEAD_SLOTS, fileSlots / GROWTH_DIVISOR);
    }

    /** Makes the file longer, beside the keydir's writer; a lack of room is left to {@link #allocate()}. */
    public boolean growAhead(final int slots) {
        try {
            file.allocate(CheckpointDescriptor.slotFileOffset(slots));
            return true;
        } catch (final StorageSpaceException ex) {
            return false;
        }
    }

    /** Takes note that {@link #growAhead} did. The keydir's writer. */
    public void grown(final int slots) {
        fileSlots = Math.max(fileSlots, slots);
    }

    private boolean isMuchFree() {
        return fileSlots - busy.cardinality() > fileSlots / 4;
    }

    @Override
    public void free(final int slot) {
        used.clear(slot);
        if (!durable.get(slot) && (building == null || !building.get(slot))) {
            busy.clear(slot);
        }
    }

    @Override
    public void keep(final int slot) {
        building.set(slot);
        busy.set(slot);
    }

    /** A checkpoint begins. */
    public void begin() {
        building = new BitSet(fileSlots);
    }

    /**
     * A checkpoint ended.
     *
     * @param isDurable    whether it is durable.
     * @param mayBeDurable whether it may be, although it failed: then the slots of both are kept.
     */
    public void end(final boolean isDurable, final boolean mayBeDurable) {
        if (isDurable) {
            durable = building;
        } else if (mayBeDurable) {
            durable.or(building);
        }
        building = null;
        busy = (BitSet)used.clone();
        busy.or(durable);
    }

    @Override
    public void write(final int firstSlot, final ByteBuffer pages) {
        final UnsafeBuffer words = new UnsafeBuffer(pages);
        final int count = pages.remaining() / CheckpointDescriptor.PAGE_LENGTH;
        for (int i = 0; i < count; i++) {
            final int at = i * CheckpointDescriptor.PAGE_LENGTH;
            final int sum = pageChecksum(pages, pages.position() + at, firstSlot + i);
            words.putInt(pages.position() + at + CheckpointDescriptor.PAGE_CRC_OFFSET, sum);
            checksum(firstSlot + i, sum);
        }
        final long offset = CheckpointDescriptor.slotFileOffset(firstSlot);
        final int length = pages.remaining();
        file.write(offset, pages);
        hint(offset, length);
    }

    /** Has the kernel begin to write what lies behind, so that the sync has less to do. */
    private synchronized void hint(final long offset, final int length) {
        if (offset != hintFrom + unhinted) {
            hintFrom = offset;
            unhinted = 0;
        }
        unhinted += length;
        if (unhinted >= WRITEBACK_STEP) {
            file.startWriteback(hintFrom, unhinted);
            hintFrom += unhinted;
            unhinted = 0;
        }
    }

    /** Gives the blocks of slots to which nothing leads back to the file system. The keydir's writer. */
    public void giveBack() {
        for (int from = busy.nextClearBit(0); file != null && from < fileSlots;) {
            final int next = busy.nextSetBit(from);
            final int to = next < 0 ? fileSlots : Math.min(next, fileSlots);
            file.punchHole(CheckpointDescriptor.slotFileOffset(from),
                (long)(to - from) * CheckpointDescriptor.PAGE_LENGTH);
            from = busy.nextClearBit(to);
        }
    }

    /** Checksum of the page that was written last to a slot. */
    int checksum(final int slot) {
        return checksums[slot >>> CHUNK_SHIFT][slot & CHUNK_SLOTS - 1];
    }

    private void checksum(final int slot, final int sum) {
        final int chunk = slot >>> CHUNK_SHIFT;
        if (chunk >= checksums.length || checksums[chunk] == null) {
            addChunk(chunk);
        }
        checksums[chunk][slot & CHUNK_SLOTS - 1] = sum;
    }

    private synchronized void addChunk(final int chunk) {
        final int[][] more = Arrays.copyOf(checksums, Math.max(checksums.length, chunk + 1));
        if (more[chunk] == null) {
            more[chunk] = new int[CHUNK_SLOTS];
        }
        checksums = more;
    }

    /** Makes what was written durable. */
    public void sync() {
        if (file != null) {
            file.sync();
        }
    }

    /** Whether there is a file. */
    boolean isMade() {
        return file != null;
    }

    /** Bytes of the file. */
    public long length() {
        return file == null ? 0 : CheckpointDescriptor.slotFileOffset(fileSlots);
    }

    @Override
    public void close() {
        if (file != null) {
            file.close();
        }
    }
}
