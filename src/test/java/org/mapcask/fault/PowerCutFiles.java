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
        /** By page: what a failed sync could not write, and the kernel takes for written. */
        private final Map<Integer, byte[]> given = new HashMap<>();
    }

    private final MemoryFileOps files;
    private final Map<String, Content> names = new HashMap<>();
    private Map<String, Content> durableNames = Map.of();
    private boolean broken;
    private boolean headersBroken;

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

    /**
     * While it is broken, each sync of a file fails, and durable writes go on; and as Linux does it, the pages that it
     * could not write count as clean afterwards: a later sync does not write them, and succeeds, unless they were
     * written to again.
     */
    synchronized void breakSyncs(final boolean nowBroken) {
        broken = nowBroken;
    }

    /** The same, for syncs through a mapping of nothing but a header. */
    synchronized void breakSyncsOfHeaders(final boolean nowBroken) {
        headersBroken = nowBroken;
    }

    private synchronized void makeMappingDurable(final Content content, final int offset, final int length) {
        final boolean wasBroken = broken;
        broken |= headersBroken && offset == 0 && length == PAGE_LENGTH;
        try {
            makeDurable(content, offset, length);
        } finally {
            broken = wasBroken;
        }
    }

    private synchronized Content content(final Path path) {
        return names.computeIfAbsent(path.getFileName().toString(), name -> new Content());
    }

    /** Takes pages over from the file as it is seen now; the length comes along. */
    private synchronized void makeDurable(final Content content, final long offset, final long length) {
        for (final Map.Entry<String, Content> entry : names.entrySet()) {
            if (entry.getValue() == content) {
                final byte[] seen = files.bytes(entry.getKey());
                if (content.durable.length < seen.length && !broken) {
                    content.durable = Arrays.copyOf(content.durable, seen.length);
                }
                final long end = Math.min(seen.length, offset + length);
                for (int page = (int)(offset / PAGE_LENGTH); page * PAGE_LENGTH < end; page++) {
                    syncPage(content, page, seen);
                }
            }
        }
        if (broken) {
            throw FaultingFileOps.ioError("sync");
        }
    }

    private void syncPage(final Content content, final int page, final byte[] seen) {
        final int from = page * PAGE_LENGTH;
        final int to = Math.min(seen.length, from + PAGE_LENGTH);
        final byte[] bytes = Arrays.copyOfRange(seen, from, to);
        if (broken) {
            content.given.put(page, bytes);
        } else if (!Arrays.equals(bytes, content.given.get(page))) {
            content.given.remove(page);
            System.arraycopy(bytes, 0, content.durable, from, to - from);
        }
    }

    private synchronized void markDirty(final Content content, final long offset, final long length) {
        for (int page = (int)(offset / PAGE_LENGTH); page * (long)PAGE_LENGTH < offset + length; page++) {
            content.given.remove(page);
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
        public void write(final long fileOffset, final ByteBuffer directBuffer) {
            markDirty(content, fileOffset, directBuffer.remaining());
            super.write(fileOffset, directBuffer);
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
                    makeMappingDurable(content, offset, count);
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
            synchronized (PowerCutFiles.this) {
                final boolean wasBroken = broken;
                broken = false;
                makeDurable(content, fileOffset, length);
                broken = wasBroken;
            }
        }
    }
}
