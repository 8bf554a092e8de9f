package org.mapcask.io;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.MapcaskException;
import org.mapcask.errors.StoreIoException;
import org.mapcask.errors.StoreLockedException;
import org.mapcask.nativeaccess.Errno;
import org.mapcask.nativeaccess.SystemErrors;
import org.mapcask.nativeaccess.Uninterruptible;

/**
 * The right of one open handle to a store directory: a lock of the operating system on {@value #FILE_NAME} against
 * other processes, and an entry in a table of this JVM against a second open in it, by whatever name, symbolic link or
 * class loader. The system lock ends with its process, so what a dead process left in the file does not matter.
 *
 * <p>POSIX drops the lock of a process when it closes <em>any</em> descriptor of the file. So nothing in this JVM may
 * open the lock file while it is held; that is why the table is asked first, and why the file is never deleted or
 * replaced. Thread-safe.
 */
public final class StoreLock implements AutoCloseable {
    /** Name of the lock file in a store directory. */
    public static final String FILE_NAME = "mapcask.lock";

    private static final System.Logger LOGGER = System.getLogger(StoreLock.class.getName());

    /** System properties are the one table that all class loaders of a JVM share. */
    private static final String TABLE_PREFIX = "org.mapcask.held.";
    private static final int TEXT_LENGTH_MAX = 512;
    /**
     * Keeps held locks reachable: a forgotten channel would be closed by the collector, and its lock be lost in
     * silence.
     */
    private static final Set<StoreLock> HELD = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final String tableKey;
    private final FileChannel channel;
    private final AtomicBoolean released = new AtomicBoolean();

    private StoreLock(final Path directory, final String tableKey, final FileChannel channel) {
        this.directory = directory;
        this.tableKey = tableKey;
        this.channel = channel;
    }

    /**
     * Takes the lock.
     *
     * @param directory an existing store directory.
     * @return the held lock.
     * @throws StoreLockedException when another process or another handle of this process has it.
     * @throws StoreIoException     when the lock file cannot be made or locked.
     */
    public static StoreLock acquire(final Path directory) {
        return acquire(directory, false);
    }

    /**
     * Takes the lock for a store that is only read. Where this process must not write the directory, it goes on without
     * a lock, and {@link #held()} tells so: then nothing keeps a process with more rights from writing at the same
     * time.
     *
     * @param directory an existing store directory.
     * @return the lock, held or not.
     * @throws StoreLockedException as {@link #acquire}.
     * @throws StoreIoException     as {@link #acquire}.
     */
    public static StoreLock acquireReadOnly(final Path directory) {
        return acquire(directory, true);
    }

    private static StoreLock acquire(final Path directory, final boolean unlockedAllowed) {
        final String key = TABLE_PREFIX + identityOf(directory);
        final String holder = (String) System.getProperties().putIfAbsent(key, directory.toAbsolutePath().toString());
        if (holder != null) {
            throw lockedHere(directory, holder);
        }
        FileChannel channel = null;
        try {
            channel = Uninterruptible.callRepeatable(() -> openAndLock(directory));
            final StoreLock lock = new StoreLock(directory, key, channel);
            HELD.add(lock);
            return lock;
        } catch (final IOException e) {
            final int errno = SystemErrors.errnoOf(e);
            if (unlockedAllowed && (errno == Errno.EROFS || errno == Errno.EACCES)) {
                return new StoreLock(directory, key, null);
            }
            throw SystemErrors.of("lock", directory.resolve(FILE_NAME), e);
        } finally {
            if (channel == null) {
                System.getProperties().remove(key);
            }
        }
    }

    /** True while this object keeps others out; false without a lock, and after the release. */
    public boolean held() {
        return channel != null && !released.get();
    }

    /** The directory as it was given. */
    public Path directory() {
        return directory;
    }

    /** Gives the lock back; idempotent. The file stays, emptied where that works. */
    public void release() {
        if (channel == null || !released.compareAndSet(false, true)) {
            return;
        }
        try {
            Uninterruptible.callApart(() -> {
                try (channel) {
                    writeText(channel, "");
                }
                return null;
            });
        } catch (final IOException e) {
            throw SystemErrors.of("release of the lock", directory.resolve(FILE_NAME), e);
        } finally {
            HELD.remove(this);
            System.getProperties().remove(tableKey);
        }
    }

    /** The same as {@link #release()}. */
    @Override
    public void close() {
        release();
    }

    /** Device and inode, which a symbolic link or a bind mount does not change; the real path where there are none. */
    private static String identityOf(final Path directory) {
        try {
            final BasicFileAttributes attributes = Files.readAttributes(directory, BasicFileAttributes.class);
            if (!attributes.isDirectory()) {
                throw SystemErrors.of("lock", directory, Errno.ENOTDIR);
            }
            final Object key = attributes.fileKey();
            return key != null ? key.toString() : directory.toRealPath().toString();
        } catch (final IOException e) {
            throw SystemErrors.of("lock", directory, e);
        }
    }

    private static FileChannel openAndLock(final Path directory) throws IOException {
        final FileChannel channel = FileChannel.open(directory.resolve(FILE_NAME),
            StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean locked = false;
        try {
            final FileLock lock = channel.tryLock();
            if (lock == null) {
                throw lockedElsewhere(directory, read(channel));
            }
            writeText(channel, holderText());
            if (!channel.isOpen()) {
                // An interrupt closed it, and the lock is gone; the attempt is repeated in another thread.
                throw new ClosedByInterruptException();
            }
            locked = true;
            return channel;
        } catch (final OverlappingFileLockException e) {
            throw lockedHere(directory, "a lock on the file that Mapcask did not take");
        } finally {
            if (!locked) {
                channel.close();
            }
        }
    }

    private static String holderText() {
        return Holder.TEXT + "\nopened=" + Instant.now() + "\n";
    }

    /** What is the same for all locks of this process. */
    private static final class Holder {
        private static final String TEXT = "pid=" + ProcessHandle.current().pid() + "\nboot=" + bootId() + "\nstarted="
            + ProcessHandle.current().info().startInstant().map(Instant::toString).orElse("unknown");
    }

    /** The text only serves messages: on a full file system the lock holds without it. */
    private static void writeText(final FileChannel channel, final String text) {
        try {
            channel.truncate(0);
            final ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes, bytes.position());
            }
        } catch (final IOException e) {
            LOGGER.log(Level.DEBUG, "holder of the lock is not written down", e);
        }
    }

    private static String bootId() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        } catch (final IOException e) {
            return "unknown";
        }
    }

    private static String read(final FileChannel channel) throws IOException {
        final ByteBuffer bytes = ByteBuffer.allocate(TEXT_LENGTH_MAX);
        int count = 0;
        while (bytes.hasRemaining() && count >= 0) {
            count = channel.read(bytes, bytes.position());
        }
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    }

    private static MapcaskException lockedElsewhere(final Path directory, final String text) {
        final String pid = valueOf(text, "pid");
        final String boot = valueOf(text, "boot");
        final String holder;
        if (!pid.matches("\\d{1,19}")) {
            holder = "another process (its PID is not in the lock file)";
        } else if (!boot.equals(bootId())) {
            holder = "process " + pid + " of another host or container";
        } else {
            holder = "process " + pid + ", started " + valueOf(text, "started");
        }
        return new StoreLockedException(ErrorText.what("store is locked by " + holder).where(directory)
            .expected("one open handle at a time").found(FILE_NAME + " locked")
            .todo("close the store there or end that process, then open again; the lock ends with the process, the"
                + " file need not be deleted"));
    }

    private static MapcaskException lockedHere(final Path directory, final String holder) {
        return new StoreLockedException(ErrorText.what("store is locked by this process, PID "
                + ProcessHandle.current().pid()).where(directory)
            .expected("one open handle at a time").found("opened as " + holder)
            .todo("use that handle, or close it first"));
    }

    private static String valueOf(final String text, final String name) {
        for (final String line : text.split("\n")) {
            if (line.startsWith(name + "=")) {
                return line.substring(name.length() + 1).strip();
            }
        }
        return "";
    }
}
