package org.mapcask.crashstates;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * One file: its bytes as a process sees them, and for each page the versions that may be on the disk: the one of the
 * last sync first, then each that was seen since. A store to a mapped page that may have no block behind it could end
 * the process, so it fails here: pages are without blocks after they were given back, and of a file that was found,
 * every page of zeros may be.
 */
final class CrashFile {
    static final int PAGE_LENGTH = 4096;
    static final int SECTOR_LENGTH = 512;
    static final int SECTORS = PAGE_LENGTH / SECTOR_LENGTH;

    private static final PageVersion ZEROS = PageVersion.of(new byte[PAGE_LENGTH]);

    private final List<List<PageVersion>> pages = new ArrayList<>();
    private final BitSet holes = new BitSet();
    private byte[] bytes = new byte[0];
    private int durableLength;
    private boolean mapped;
    private boolean storedAtOnce;

    CrashFile() {
    }

    /** A file all of which is durable; takes the array as its own. */
    CrashFile(final byte[] bytes) {
        extend(bytes.length);
        this.bytes = bytes;
        sync(0, bytes.length);
        durableLength = bytes.length;
        for (int page = 0; page < pages.size(); page++) {
            holes.set(page, Arrays.equals(versions(page).get(0).bytes(), ZEROS.bytes()));
        }
    }

    /** The pages of a range have blocks. */
    void giveBlocks(final int offset, final int length) {
        holes.clear(offset / PAGE_LENGTH, (offset + length + PAGE_LENGTH - 1) / PAGE_LENGTH);
    }

    /** The whole pages of a range have none. */
    void takeBlocks(final int offset, final int length) {
        holes.set((offset + PAGE_LENGTH - 1) / PAGE_LENGTH, (offset + length) / PAGE_LENGTH);
    }

    byte[] bytes() {
        return bytes;
    }

    /** The array of a mapping must stay the same. */
    byte[] mappedBytes() {
        mapped = true;
        return bytes;
    }

    void extend(final int length) {
        if (length <= bytes.length) {
            return;
        }
        if (mapped) {
            throw new IllegalStateException("a mapped file cannot grow in this model");
        }
        bytes = Arrays.copyOf(bytes, length);
        while (pages.size() * PAGE_LENGTH < length) {
            final List<PageVersion> versions = new ArrayList<>(2);
            versions.add(ZEROS);
            pages.add(versions);
        }
    }

    /** Looks for pages that were stored to since the last look. */
    void observe() {
        for (int page = 0; page < pages.size(); page++) {
            final List<PageVersion> versions = pages.get(page);
            final int from = page * PAGE_LENGTH;
            final int to = Math.min(bytes.length, from + PAGE_LENGTH);
            if (!Arrays.equals(bytes, from, to, versions.get(versions.size() - 1).bytes(), 0, to - from)) {
                if (holes.get(page)) {
                    throw new AssertionError("a store to page " + page + ", which may have no block");
                }
                versions.add(PageVersion.of(Arrays.copyOfRange(bytes, from, from + PAGE_LENGTH)));
            }
        }
    }

    /** Makes the pages of a range durable. */
    void sync(final int offset, final int length) {
        observe();
        for (int page = offset / PAGE_LENGTH; page < pages.size() && page * PAGE_LENGTH < offset + length; page++) {
            final List<PageVersion> versions = pages.get(page);
            versions.subList(0, versions.size() - 1).clear();
        }
    }

    /** Makes everything durable, with the length. */
    void sync() {
        sync(0, bytes.length);
        durableLength = bytes.length;
    }

    /** The file is written by durable writes alone, each of them from memory that nobody changes meanwhile. */
    void storedAtOnce() {
        storedAtOnce = true;
    }

    boolean isStoredAtOnce() {
        return storedAtOnce;
    }

    /** Makes a range durable, and the length as far as this range needs it. */
    void syncWrite(final int offset, final int length) {
        sync(offset, length);
        durableLength = Math.max(durableLength, offset + length);
    }

    /** The last thing that happened to these pages did not happen; the bytes will be changed to show it. */
    void forgetLatest(final int offset, final int length) {
        for (int page = offset / PAGE_LENGTH; page * PAGE_LENGTH < offset + length; page++) {
            final List<PageVersion> versions = pages.get(page);
            if (versions.size() > 1) {
                versions.remove(versions.size() - 1);
            }
        }
    }

    int durableLength() {
        return durableLength;
    }

    int length() {
        return bytes.length;
    }

    int pageCount() {
        return pages.size();
    }

    /** Versions of a page that may be on the disk, oldest first; one when it is durable. */
    List<PageVersion> versions(final int page) {
        return pages.get(page);
    }
}
