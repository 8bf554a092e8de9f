package org.mapcask.keydir;

import java.nio.ByteBuffer;

/**
 * Where pages of a {@link Keydir} go that are not in memory: numbered slots of {@value KeydirPage#LENGTH} bytes. The
 * keydir writes a page to a slot that nobody has, and never changes what stands in one; a slot that it gives back may
 * be dealt out again only when nothing durable leads to it any more, which is the business of whoever implements this.
 *
 * <p>{@link #read} and {@link #write} come from any thread; all else comes from the keydir's writer.
 */
public interface PageStore {
    /** No slot. */
    int NONE = -1;

    /**
     * Reads a page and holds its checksum against the one that was written.
     *
     * @throws org.mapcask.errors.CorruptionException when another page stands there, or a damaged one.
     */
    void read(int slot, PageBuffer into);

    /** Has the pages of slots side by side read into the page cache; a hint. */
    void prefetch(int firstSlot, int count);

    /** Whether pages can be written. */
    boolean isWritable();

    /**
     * A slot that nobody has; the next one on the disk if that can be.
     *
     * @throws org.mapcask.errors.StorageSpaceException when there is no room for more.
     */
    int allocate();

    /** Takes a slot back. */
    void free(int slot);

    /** Remembers that the checkpoint that is being made leads to a slot. */
    void keep(int slot);

    /** Writes pages into slots side by side, and their checksums into the pages. Durable later, by the checkpoint. */
    void write(int firstSlot, ByteBuffer pages);
}
