package org.mapcask.bench;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
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
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;

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
final class PageCache {
    private static final int PAGE_LENGTH = 4096;
    private static final int O_RDONLY = 0;
    private static final int POSIX_FADV_DONTNEED = 4;
    private static final int MADV_DONTNEED = 4;
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
    static void drop(final Path directory) {
        for (int attempt = 0; attempt < DROP_ATTEMPTS; attempt++) {
            releaseMappings(directory);
            files(directory).forEach(PageCache::dropFile);
        }
    }

    private static void releaseMappings(final Path directory) {
        final Path real;
        try {
            real = directory.toRealPath();
        } catch (final IOException e) {
            throw new UncheckedIOException("cannot resolve " + directory.getFileName(), e);
        }
        final String maps = ProcFile.read("/proc/self/maps");
        for (final String line : maps == null ? new String[0] : maps.split("\n")) {
            final Matcher parts = MAPPING.matcher(line);
            if (parts.matches() && Path.of(parts.group(3)).startsWith(real)) {
                final long begin = Long.parseUnsignedLong(parts.group(1), HEXADECIMAL);
                final long end = Long.parseUnsignedLong(parts.group(2), HEXADECIMAL);
                if (calls().madvise(new Pointer(begin), end - begin, MADV_DONTNEED) != 0) {
                    throw new IllegalStateException(
                        "madvise of a mapping of " + Path.of(parts.group(3)).getFileName() + " failed, errno "
                            + Native.getLastError());
                }
            }
        }
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
        final int descriptor = calls().open(file.toString(), O_RDONLY);
        if (descriptor < 0) {
            throw new IllegalStateException(
                "open of " + file.getFileName() + " failed, errno " + Native.getLastError());
        }
        final int error = calls().posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED);
        calls().close(descriptor);
        if (error != 0) {
            throw new IllegalStateException("posix_fadvise of " + file.getFileName() + " failed, errno " + error);
        }
    }

    /**
     * The share of the files' pages that the page cache holds.
     *
     * @param directory holds the files.
     * @return between 0 and 1; 0 if there is nothing to hold.
     * @throws IllegalStateException if native calls are not possible, or one of them fails.
     */
    static double residentShare(final Path directory) {
        long pages = 0;
        long resident = 0;
        for (final Path file : files(directory)) {
            final byte[] vector = residency(file);
            pages += vector.length;
            for (final byte page : vector) {
                resident += page & 1;
            }
        }
        return pages == 0 ? 0 : (double) resident / pages;
    }

    private static byte[] residency(final Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            final long length = Math.min(channel.size(), Integer.MAX_VALUE);
            final byte[] vector = new byte[(int) ((length + PAGE_LENGTH - 1) / PAGE_LENGTH)];
            if (length == 0) {
                return vector;
            }
            final MappedByteBuffer mapping = channel.map(FileChannel.MapMode.READ_ONLY, 0, length);
            try {
                final long address = new UnsafeBuffer(mapping).addressOffset();
                if (calls().mincore(new Pointer(address), length, vector) != 0) {
                    throw new IllegalStateException(
                        "mincore of " + file.getFileName() + " failed, errno " + Native.getLastError());
                }
            } finally {
                IoUtil.unmap(mapping);
            }
            return vector;
        } catch (final NoSuchFileException e) {
            return new byte[0];
        } catch (final IOException e) {
            throw new UncheckedIOException("cannot map " + file.getFileName(), e);
        }
    }

    private static List<Path> files(final Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(Files::isRegularFile).toList();
        } catch (final IOException e) {
            throw new UncheckedIOException("cannot list " + directory.getFileName(), e);
        }
    }

    private static Calls calls() {
        try {
            return Holder.CALLS;
        } catch (final LinkageError e) {
            throw new IllegalStateException("JNA cannot load here: the page cache cannot be dropped or looked at", e);
        }
    }

    /** Loads JNA at the first use only, so that a run without it still measures everything else. */
    private static final class Holder {
        private static final Calls CALLS = new Calls();

        static {
            Native.register(Calls.class, "c");
        }
    }

    /** The calls, by their names in libc. */
    private static final class Calls {
        native int open(String path, int flags);

        native int close(int descriptor);

        native int posix_fadvise(int descriptor, long offset, long length, int advice);

        native int madvise(Pointer address, long length, int advice);

        native int mincore(Pointer address, long length, byte[] vector);
    }
}
