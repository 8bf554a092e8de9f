package org.mapcask.lab.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.agrona.BufferUtil;
import org.agrona.IoUtil;
import org.mapcask.nativeaccess.Advice;
import org.mapcask.nativeaccess.FileHandle;
import org.mapcask.nativeaccess.NativeAccess;

/**
 * Drops the page cache of files, and counts how much of them it holds. Needs no root:
 * {@code posix_fadvise(POSIX_FADV_DONTNEED)} on files of one's own.
 *
 * <p>The kernel drops clean pages only, and only those that no page table refers to; one mapped page keeps the whole
 * large folio that it belongs to. So this process first lets go of the pages that it has mapped, by
 * {@code madvise(MADV_DONTNEED)}, which loses nothing of a shared file mapping; then the files are synced, then
 * dropped. Other processes that map them must be gone. {@link #residentShare} tells what really happened, by
 * {@code mincore}.
 */
public final class PageCache {
    private static final NativeAccess NATIVE = NativeAccess.get();
    private static final int DROP_ATTEMPTS = 3;
    private static final int HEXADECIMAL = 16;
    /** A line of {@code /proc/self/maps}: begin, end, rights, offset, device, inode, path. */
    private static final Pattern MAPPING =
        Pattern.compile("([0-9a-f]+)-([0-9a-f]+) \\S+ \\S+ \\S+ \\S+ +(/.*)");

    private PageCache() {
    }

    /**
     * Syncs each regular file in a directory, then asks the kernel to drop its pages. Nobody may use the files
     * meanwhile; a store may have them open.
     *
     * @param directory holds the files.
     * @throws IllegalStateException if native calls are not possible, or one of them fails.
     */
    public static void drop(final Path directory) {
        for (int attempt = 0; attempt < DROP_ATTEMPTS; attempt++) {
            releaseMappings(directory);
            files(directory).forEach(PageCache::dropFile);
        }
    }

    private static void releaseMappings(final Path directory) {
        advise(directory, Advice.DONT_NEED);
    }

    /**
     * Gives advice on all that this process has mapped of the files in a directory.
     *
     * @param directory holds the files.
     * @param advice    how the mappings will be used.
     * @return mappings that the kernel took the advice for.
     * @throws IllegalStateException if native calls are not possible, or {@code DONT_NEED} is refused.
     */
    public static int advise(final Path directory, final Advice advice) {
        requireNative();
        final Path real;
        try {
            real = directory.toRealPath();
        } catch (final IOException e) {
            throw new UncheckedIOException("cannot resolve " + directory.getFileName(), e);
        }
        final String maps = ProcFile.read("/proc/self/maps");
        int taken = 0;
        for (final String line : maps == null ? new String[0] : maps.split("\n")) {
            final Matcher parts = MAPPING.matcher(line);
            if (parts.matches() && Path.of(parts.group(3)).startsWith(real)) {
                final long begin = Long.parseUnsignedLong(parts.group(1), HEXADECIMAL);
                final long end = Long.parseUnsignedLong(parts.group(2), HEXADECIMAL);
                if (NATIVE.advise(begin, end - begin, advice)) {
                    taken++;
                } else if (advice == Advice.DONT_NEED) {
                    throw new IllegalStateException(
                        "madvise of a mapping of " + Path.of(parts.group(3)).getFileName() + " failed");
                }
            }
        }
        return taken;
    }

    private static void dropFile(final Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(false);
        } catch (final NoSuchFileException e) {
            // The store makes its next segment in the background, under a name that soon changes.
            return;
        } catch (final IOException e) {
            throw new UncheckedIOException("cannot sync " + file.getFileName(), e);
        }
        try (FileHandle handle = NATIVE.open(file)) {
            if (!handle.dropCached(0, 0)) {
                throw new IllegalStateException("posix_fadvise of " + file.getFileName() + " failed");
            }
        }
    }

    /**
     * The share of the files' pages that the page cache holds.
     *
     * @param directory holds the files.
     * @return between 0 and 1; 0 if there is nothing to hold.
     * @throws IllegalStateException if native calls are not possible, or one of them fails.
     */
    public static double residentShare(final Path directory) {
        requireNative();
        long pages = 0;
        long resident = 0;
        for (final Path file : files(directory)) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                final long length = Math.min(channel.size(), Integer.MAX_VALUE);
                pages += (length + NATIVE.pageSize() - 1) / NATIVE.pageSize();
                resident += length == 0 ? 0 : residentPages(channel, length, file);
            } catch (final NoSuchFileException e) {
                // Renamed or removed by the store meanwhile.
                continue;
            } catch (final IOException e) {
                throw new UncheckedIOException("cannot map " + file.getFileName(), e);
            }
        }
        return pages == 0 ? 0 : (double) resident / pages;
    }

    private static long residentPages(final FileChannel channel, final long length, final Path file)
        throws IOException {
        final MappedByteBuffer mapping = channel.map(FileChannel.MapMode.READ_ONLY, 0, length);
        try {
            final long pages = NATIVE.residentPages(BufferUtil.address(mapping), length);
            if (pages < 0) {
                throw new IllegalStateException("mincore of " + file.getFileName() + " failed");
            }
            return pages;
        } finally {
            IoUtil.unmap(mapping);
        }
    }

    private static List<Path> files(final Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(Files::isRegularFile).toList();
        } catch (final IOException e) {
            throw new UncheckedIOException("cannot list " + directory.getFileName(), e);
        }
    }

    private static void requireNative() {
        if (!NATIVE.isNative()) {
            throw new IllegalStateException(
                "no native access (" + NATIVE.mode() + "): the page cache cannot be dropped or looked at");
        }
    }
}
