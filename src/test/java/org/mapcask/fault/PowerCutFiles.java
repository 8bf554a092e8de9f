package org.mapcask.fault;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.mapcask.io.DurableFile;
import org.mapcask.io.MappedFile;
import org.mapcask.io.StoreFile;
import org.mapcask.support.ForwardingFiles;
import org.mapcask.support.MemoryFileOps;

/**
 * A directory in memory that knows the least that a power cut leaves of it: names as of the last sync of the directory,
 * bytes as of the last syncs of each file. The most it may leave is what the processes see. Thread-safe as far as the
 * files are.
 */
final class PowerCutFiles extends ForwardingFiles {
    private static final int PAGE_LENGTH = 4096;

    /** A file under whatever name. */
    private static final class Content {
        private byte[] durable = new byte[0];
    }

    private final MemoryFileOps files;
    private final Map<String, Content> names = new HashMap<>();
    private Map<String, Content> durableNames = Map.of();

    /** A new directory over these files, which must be none. */
    PowerCutFiles(final MemoryFileOps files) {
        super(files);
        this.files = files;
    }

    /** What is on the disk at least. */
    synchronized Map<String, byte[]> image() {
        final Map<String, byte[]> image = new TreeMap<>();
        durableNames.forEach((name, content) -> image.put(name, content.durable.clone()));
        return image;
    }

    private synchronized Content content(final Path path) {
        return names.computeIfAbsent(path.getFileName().toString(), name -> new Content());
    }

    /** Takes bytes over from the file as it is seen now; the length comes along. */
    private synchronized void makeDurable(final Content content, final long offset, final long length) {
        for (final Map.Entry<String, Content> entry : names.entrySet()) {
            if (entry.getValue() == content) {
                final byte[] seen = files.bytes(entry.getKey());
                if (content.durable.length < seen.length) {
                    content.durable = Arrays.copyOf(content.durable, seen.length);
                }
                final int from = (int)(offset / PAGE_LENGTH * PAGE_LENGTH);
                final int to = (int)Math.min(seen.length, (offset + length + PAGE_LENGTH - 1) / PAGE_LENGTH * PAGE_LENGTH);
                System.arraycopy(seen, from, content.durable, from, to - from);
            }
        }
    }

    @Override
    public StoreFile create(final Path path) {
        return new TrackedFile(super.create(path), content(path));
    }

    @Override
    public StoreFile open(final Path path, final boolean writable) {
        return new TrackedFile(super.open(path, writable), content(path));
    }

    @Override
    public DurableFile createDurable(final Path path) {
        return new TrackedDurable(super.createDurable(path), content(path));
    }

    @Override
    public DurableFile openDurable(final Path path) {
        return new TrackedDurable(super.openDurable(path), content(path));
    }

    @Override
    public synchronized void rename(final Path from, final Path to) {
        super.rename(from, to);
        names.put(to.getFileName().toString(), names.remove(from.getFileName().toString()));
    }

    @Override
    public synchronized void delete(final Path path) {
        super.delete(path);
        names.remove(path.getFileName().toString());
    }

    @Override
    public synchronized void syncDirectory(final Path directory) {
        super.syncDirectory(directory);
        durableNames = Map.copyOf(names);
    }

    private final class TrackedFile extends ForwardingFiles.File {
        private final Content content;

        TrackedFile(final StoreFile file, final Content content) {
            super(file);
            this.content = content;
        }

        @Override
        public void sync() {
            super.sync();
            makeDurable(content, 0, length());
        }

        @Override
        public MappedFile map(final int length, final boolean writable) {
            return new ForwardingFiles.Mapping(super.map(length, writable)) {
                @Override
                public void sync(final int offset, final int count) {
                    super.sync(offset, count);
                    makeDurable(content, offset, count);
                }
            };
        }
    }

    private final class TrackedDurable extends ForwardingFiles.Durable {
        private final Content content;

        TrackedDurable(final DurableFile file, final Content content) {
            super(file);
            this.content = content;
        }

        @Override
        public void write(final long fileOffset, final ByteBuffer alignedBuffer) {
            final int length = alignedBuffer.remaining();
            super.write(fileOffset, alignedBuffer);
            makeDurable(content, fileOffset, length);
        }
    }
}
