package org.mapcask.nativeaccess;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.MappedByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.InvalidOptionsException;
import org.mapcask.errors.StoreIoException;

/**
 * What Mapcask needs from the operating system, by JNA or in pure Java. One instance serves the process, chosen at the
 * first {@link #get()}; see the package text for the choice. Thread-safe. Failures are {@link StoreIoException}, a full
 * file system is {@link org.mapcask.errors.StorageSpaceException}; hints return false instead.
 */
public abstract class NativeAccess {
    /** Name of the system property that chooses: {@code auto}, {@code jna} or {@code java}. */
    public static final String PROPERTY = "mapcask.native";

    /** Length in bytes of a huge page, where there are any and small ones have 4 KiB. */
    public static final int HUGE_PAGE_LENGTH = 2 << 20;

    /** Bit of {@link #attributes}: writes go to the blocks that are there (chattr +C, btrfs). */
    public static final long NO_COPY_ON_WRITE = 0x0080_0000L;

    private static final System.Logger LOGGER = System.getLogger(NativeAccess.class.getName());

    private static volatile NativeAccess instance;

    NativeAccess() {
    }

    /** The instance of this process. */
    public static NativeAccess get() {
        final NativeAccess chosen = instance;
        return chosen == null ? choose() : chosen;
    }

    /**
     * A particular instance, for tests that run in both modes.
     *
     * @param choice {@code auto}, {@code jna} (an error where it cannot load) or {@code java}.
     * @return the instance.
     */
    public static NativeAccess of(final String choice) {
        switch (choice) {
            case "java":
                return new JavaNativeAccess("chosen by " + PROPERTY);
            case "jna":
            case "auto":
                return load(choice.equals("jna"));
            default:
                throw new InvalidOptionsException(List.of(ErrorText.what(PROPERTY + "=" + choice + " is not allowed")
                    .where("system property " + PROPERTY).expected("auto, jna or java").found(choice)
                    .todo("correct it there, or leave it out to get auto")));
        }
    }

    /** Not in an initialiser of a class: a wrong choice has to be told as what it is, each time. */
    private static synchronized NativeAccess choose() {
        if (instance == null) {
            instance = of(System.getProperty(PROPERTY, "auto"));
        }
        return instance;
    }

    private static NativeAccess load(final boolean required) {
        String reason = LinuxConstants.refusal(System.getProperty("os.name"), System.getProperty("os.arch"));
        Throwable cause = null;
        if (reason == null) {
            try {
                Libc.load();
                return new PosixNativeAccess(System.getProperty("os.arch"));
            } catch (final LinkageError | RuntimeException e) {
                cause = e;
                reason = "JNA cannot load: " + rootOf(e);
            }
        }
        if (required) {
            throw new StoreIoException(ErrorText.what("native access cannot be used").where(PROPERTY + "=jna")
                .expected("JNA that binds libc").found(reason).todo(remedy()), cause);
        }
        LOGGER.log(Level.WARNING, "Mapcask works without native access: {0}. Syncs cover whole files, prefault and"
            + " other hints are off. What to do: {1}", reason, remedy());
        return new JavaNativeAccess(reason);
    }

    private static String rootOf(final Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        final String text = root.toString();
        final int lineEnd = text.indexOf('\n');
        return lineEnd < 0 ? text : text.substring(0, lineEnd);
    }

    private static String remedy() {
        return "put jna.jar on the class path, allow native code (--enable-native-access=ALL-UNNAMED), and let"
            + " java.io.tmpdir or jna.tmpdir be a directory that may hold executable files; or set " + PROPERTY
            + "=java to say that this is wanted";
    }

    /** {@code jna}, or {@code java: } and the reason. */
    public abstract String mode();

    /** True where system calls are made, false in pure Java. */
    public abstract boolean isNative();

    /** Size of a memory page of this host in bytes; a power of two. */
    public abstract int pageSize();

    /**
     * Opens a file. The descriptor is not inherited by programs that this process starts.
     *
     * @param path  the file.
     * @param flags how; none means for reading.
     * @return the open file, which the caller closes.
     */
    public abstract FileHandle open(Path path, OpenFlag... flags);

    /**
     * The attributes of a file or directory that {@code chattr} sets and {@code lsattr} lists, as bits.
     *
     * @return the bits, such as {@link #NO_COPY_ON_WRITE}, or -1 where they cannot be told.
     */
    public abstract long attributes(Path path);

    /**
     * Length, time of the last change, and number of a file, which nobody need open for it. Any thread.
     *
     * @return null where they cannot be told, or there is no such file.
     */
    public FileStamp stamp(final Path path) {
        try {
            final BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
            // The key is made of device and inode; its hash tells as much of them as a stamp needs.
            return new FileStamp(found.size(), found.lastModifiedTime().to(TimeUnit.NANOSECONDS),
                Objects.hashCode(found.fileKey()));
        } catch (final IOException e) {
            return null;
        }
    }

    /** Makes the names of a directory durable (fsync of the directory). Never repeated after a failure. */
    public abstract void syncDirectory(Path directory);

    /**
     * Makes the dirty pages of a range of a shared mapping durable; the range is widened to whole pages. Never repeated
     * after a failure.
     *
     * @param buffer      a mapping that starts at a page.
     * @param offset      start of the range in bytes.
     * @param length      bytes; nothing is done for 0.
     * @param description name of the file for the error text.
     */
    public abstract void syncMapping(MappedByteBuffer buffer, int offset, int length, String description);

    /**
     * As {@link #syncMapping}, by what Java itself offers, whatever the mode.
     *
     * @param buffer      a mapping.
     * @param offset      start of the range in bytes.
     * @param length      bytes, at least 1.
     * @param description name of the file for the error text.
     */
    public static void forceMapping(
        final MappedByteBuffer buffer, final int offset, final int length, final String description) {
        try {
            buffer.force(offset, length);
        } catch (final IndexOutOfBoundsException e) {
            throw e;
        } catch (final Exception e) { // UncheckedIOException by its text; the native part throws IOException as well
            throw new StoreIoException(ErrorText.what("sync of a mapping failed")
                .where(description + ", range " + offset + "+" + length).expected("a device that takes it").found(e)
                .todo("look at the kernel log and the device; then reopen the store, do not repeat the call"), e);
        }
    }

    /**
     * Tells the kernel how a range of memory will be used; the range is widened to whole pages. The caller keeps the
     * mapping alive.
     *
     * @return false where it was refused or cannot be told.
     */
    public abstract boolean advise(long address, long length, Advice advice);

    /**
     * Takes the page faults of a range now, in this thread; the range is widened to whole pages. A range of a shared
     * mapping that lacks room for a block gives {@link org.mapcask.errors.StorageSpaceException} instead of a signal.
     *
     * @param forWriting  true for write faults; false for read faults, the only ones that a read-only mapping has.
     * @param description name of the file for the error text.
     * @return false where the kernel is older than 5.14 or the access is pure Java; nothing was done then.
     */
    public abstract boolean populate(long address, long length, boolean forWriting, String description);

    /** Pins a range in memory (mlock); false where the limits of the process do not allow it. */
    public abstract boolean lock(long address, long length);

    /** Undoes {@link #lock}; false where nothing was done. */
    public abstract boolean unlock(long address, long length);

    /**
     * Counts the pages of a range that are in memory now (mincore).
     *
     * @return pages, or -1 where it cannot be told.
     */
    public abstract long residentPages(long address, long length);

    /**
     * Off-heap memory that reads as zero.
     *
     * @param length bytes, 1 to {@link MemoryBlock#LENGTH_MAX}.
     * @return the memory, which the caller frees.
     */
    public abstract MemoryBlock allocate(long length);

    /**
     * Processor time that this thread has used so far, in nanoseconds; 0 where it cannot be told. A system call.
     */
    public abstract long threadCpuNs();
}
