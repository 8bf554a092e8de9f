package org.mapcask.crashstates;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.errors.StoreIoException;
import org.mapcask.io.DurableFile;
import org.mapcask.io.FileOps;
import org.mapcask.nativeaccess.FileStamp;
import org.mapcask.io.MappedFile;
import org.mapcask.io.StoreFile;
import org.mapcask.nativeaccess.Advice;
import org.mapcask.support.MemoryFileOps;

/**
 * A file system of one directory in memory that tells before and after each operation that changes something or makes
 * it durable. Chosen sync sites can be switched off: what they sync is not durable then. One thread.
 */
final class CrashFileOps implements FileOps {
    /** Told about the moments at which the power may be cut. */
    interface Observer {
        /** A moment; the state of the directory is observed up to it. */
        void onMoment(boolean before, String operation);
    }

    /** What another thread does between two operations of this one. */
    interface Interruption {
        /** Does it, unless this is no moment for it; whether it was done. */
        boolean tryAt(String operation);
    }

    /** The process has ended. */
    @SuppressWarnings("serial")
    static final class ProcessKilled extends Error {
        ProcessKilled() {
            super("killed", null, false, false);
        }
    }

    private final CrashDirectory directory;
    private final Set<SyncSite> dropped;
    private final Random kills = new Random(0x5eed_0000_1234_5678L);
    private int operationsLeft = Integer.MAX_VALUE;
    private Observer observer = (before, operation) -> {
    };
    private Interruption interruption;

    /** Starts with these files, all durable; takes the arrays as its own. */
    CrashFileOps(final Map<String, byte[]> image, final Set<SyncSite> dropped) {
        this.directory = new CrashDirectory(image);
        this.dropped = dropped;
    }

    /** Ends the process when so many more operations were done: none of the later ones does anything. */
    void killAfter(final int operations) {
        operationsLeft = operations;
    }

    /** A new process. */
    void revive() {
        operationsLeft = Integer.MAX_VALUE;
    }

    void observer(final Observer newObserver) {
        observer = newObserver;
    }

    /** Asked before each operation until it did what it wants. */
    void interruption(final Interruption newInterruption) {
        interruption = newInterruption;
    }

    CrashDirectory directory() {
        return directory;
    }

    private void perform(final String operation, final Runnable change) {
        final Interruption asked = interruption;
        if (asked != null && operationsLeft > 0) {
            interruption = null;
            if (!asked.tryAt(operation)) {
                interruption = asked;
            }
        }
        if (operationsLeft == 0) {
            throw new ProcessKilled();
        }
        operationsLeft--;
        directory.observe();
        observer.onMoment(true, operation);
        change.run();
        directory.observe();
        observer.onMoment(false, operation);
    }

    private void sync(final SyncSite.Kind kind, final String name, final Runnable sync) {
        final SyncSite site = SyncSite.here(kind);
        perform(site + " " + name, () -> {
            if (!dropped.contains(site)) {
                sync.run();
            }
        });
    }

    @Override
    public StoreFile create(final Path path) {
        final CrashFile file = new CrashFile();
        perform("create " + name(path), () -> {
            if (directory.find(name(path)) != null) {
                throw new AssertionError("file exists: " + path);
            }
            directory.create(name(path), file);
        });
        return new OpenFile(path, file);
    }

    @Override
    public StoreFile open(final Path path, final boolean writable) {
        return new OpenFile(path, existing(path));
    }

    @Override
    public DurableFile createDurable(final Path path) {
        create(path);
        return openDurable(path);
    }

    @Override
    public DurableFile openDurable(final Path path) {
        return new OpenDurableFile(path, existing(path));
    }

    @Override
    public void rename(final Path from, final Path to) {
        existing(from);
        perform("rename " + name(from), () -> directory.rename(name(from), name(to)));
    }

    @Override
    public FileStamp stamp(final Path path) {
        final CrashFile file = directory.find(name(path));
        return file == null ? null : MemoryFileOps.stampOf(file.bytes());
    }

    @Override
    public void delete(final Path path) {
        if (operationsLeft > 0) {
            existing(path);
        }
        perform("delete " + name(path), () -> directory.delete(name(path)));
    }

    @Override
    public void syncDirectory(final Path path) {
        sync(SyncSite.Kind.DIRECTORY, "", directory::sync);
    }

    @Override
    public void createDirectories(final Path path) {
    }

    @Override
    public List<String> list(final Path path) {
        return directory.names();
    }

    private static String name(final Path path) {
        return path.getFileName().toString();
    }

    private CrashFile existing(final Path path) {
        final CrashFile file = directory.find(name(path));
        if (file == null) {
            throw new StoreIoException("no such file: " + path);
        }
        return file;
    }

    private final class OpenFile implements StoreFile {
        private Path path;
        private final CrashFile file;

        OpenFile(final Path path, final CrashFile file) {
            this.path = path;
            this.file = file;
        }

        @Override
        public Path path() {
            return path;
        }

        @Override
        public void renamed(final Path newPath) {
            path = newPath;
        }

        @Override
        public long length() {
            return file.length();
        }

        @Override
        public int read(final long fileOffset, final ByteBuffer directBuffer) {
            final int count = (int)Math.max(0, Math.min(directBuffer.remaining(), file.length() - fileOffset));
            directBuffer.put(file.bytes(), (int)fileOffset, count);
            return count;
        }

        @Override
        public void write(final long fileOffset, final ByteBuffer directBuffer) {
            final int count = directBuffer.remaining();
            perform("write " + name(path) + " " + fileOffset + "+" + count, () -> {
                file.extend((int)fileOffset + count);
                directBuffer.get(file.bytes(), (int)fileOffset, count);
                file.giveBlocks((int)fileOffset, count);
            });
        }

        @Override
        public void allocate(final long length) {
            perform("allocate " + name(path), () -> file.extend((int)length));
        }

        @Override
        public void allocateAgain(final long fileOffset, final long length) {
            perform("allocate again " + name(path), () -> file.giveBlocks((int)fileOffset, (int)length));
        }

        @Override
        public boolean punchHole(final long fileOffset, final long length) {
            perform("punch " + name(path), () -> {
                Arrays.fill(file.bytes(), (int)fileOffset, (int)(fileOffset + length), (byte)0);
                file.observe();
                file.takeBlocks((int)fileOffset, (int)length);
            });
            return true;
        }

        @Override
        public void startWriteback(final long fileOffset, final long length) {
        }

        @Override
        public void dropCached(final long fileOffset, final long length) {
        }

        @Override
        public void sync() {
            CrashFileOps.this.sync(SyncSite.Kind.FILE, name(path), file::sync);
        }

        @Override
        public MappedFile map(final int length, final boolean writable) {
            return new Mapping(path, file, length);
        }

        @Override
        public void close() {
        }
    }

    /**
     * A write to it is stored first, and then, before it returns, made durable: a power cut between the two leaves any
     * of its sectors, and a process that is killed there leaves any of them to the next one, in the cache alone.
     */
    private final class OpenDurableFile implements DurableFile {
        private final Path path;
        private final CrashFile file;

        OpenDurableFile(final Path path, final CrashFile file) {
            this.path = path;
            this.file = file;
            file.storedAtOnce();
        }

        @Override
        public Path path() {
            return path;
        }

        @Override
        public long length() {
            return file.length();
        }

        @Override
        public void write(final long fileOffset, final ByteBuffer alignedBuffer) {
            final int offset = (int)fileOffset;
            final int length = alignedBuffer.remaining();
            if (offset % ALIGNMENT != 0 || length % ALIGNMENT != 0) {
                throw new AssertionError("not aligned: " + path + " " + offset + "+" + length);
            }
            final byte[] bytes = new byte[length];
            alignedBuffer.get(bytes);
            final String place = name(path) + " " + offset + "+" + length;
            final byte[][] before = new byte[1][];
            perform("store " + place, () -> {
                file.extend(offset + length);
                before[0] = Arrays.copyOfRange(file.bytes(), offset, offset + length);
                System.arraycopy(bytes, 0, file.bytes(), offset, length);
                file.giveBlocks(offset, length);
            });
            try {
                CrashFileOps.this.sync(SyncSite.Kind.DURABLE_WRITE, place, () -> file.syncWrite(offset, length));
            } catch (final ProcessKilled ex) {
                leavePart(offset, before[0]);
                throw ex;
            }
        }

        /** Only a part was ever written: what was whole for a moment of this model was never there. */
        private void leavePart(final int offset, final byte[] before) {
            file.forgetLatest(offset, before.length);
            for (int at = 0; at < before.length; at += CrashFile.SECTOR_LENGTH) {
                if (kills.nextBoolean()) {
                    System.arraycopy(before, at, file.bytes(), offset + at, CrashFile.SECTOR_LENGTH);
                }
            }
        }

        @Override
        public String method() {
            return "model";
        }

        @Override
        public void close() {
        }
    }

    private final class Mapping implements MappedFile {
        private final Path path;
        private final CrashFile file;
        private final UnsafeBuffer buffer;

        Mapping(final Path path, final CrashFile file, final int length) {
            this.path = path;
            this.file = file;
            this.buffer = new UnsafeBuffer(file.mappedBytes(), 0, length);
        }

        @Override
        public UnsafeBuffer buffer() {
            return buffer;
        }

        @Override
        public int length() {
            return file.length();
        }

        @Override
        public String description() {
            return path.toString();
        }

        @Override
        public void advise(final int offset, final int length, final Advice advice) {
        }

        @Override
        public boolean prefault(final int offset, final int length) {
            return true;
        }

        @Override
        public void sync(final int offset, final int length) {
            CrashFileOps.this.sync(SyncSite.Kind.MAPPING, name(path) + " " + offset + "+" + length,
                () -> file.sync(offset, length));
        }

        @Override
        public void unmap() {
            buffer.wrap(new byte[0]);
        }
    }
}
