package org.mapcask.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.errors.StoreIoException;
import org.mapcask.errors.StoreLockedException;

/** One open handle a store: against this JVM and against a second, real one. */
@Tag("core")
class StoreLockTest {
    @TempDir
    Path directory;

    /** The second process: takes the lock, says so, and holds it until its input ends or it is killed. */
    public static final class Holder {
        private Holder() {
        }

        /** Entry point; the argument is the directory. */
        public static void main(final String[] args) throws IOException {
            try (StoreLock lock = StoreLock.acquire(Path.of(args[0]))) {
                System.out.println("held " + lock.held());
                while (System.in.read() >= 0) {
                    Thread.onSpinWait();
                }
            } catch (final StoreLockedException e) {
                System.out.println("locked " + e.getMessage());
            }
        }
    }

    @AfterEach
    void clearInterrupt() {
        Thread.interrupted();
    }

    @Test
    void shouldWriteItsHolderDownAndEmptyTheFileAtRelease() throws IOException {
        final StoreLock lock = StoreLock.acquire(directory);
        assertTrue(lock.held());
        assertEquals(directory, lock.directory());
        lock.release();
        lock.release();
        lock.close();
        assertFalse(lock.held());
        assertEquals(0, Files.size(directory.resolve(StoreLock.FILE_NAME)));
        StoreLock.acquire(directory).release();
    }

    @Test
    void shouldRefuseASecondHandleInThisJvmByWhateverName() throws IOException {
        final Path link = Files.createSymbolicLink(directory.resolve("link"), Files.createDirectory(
            directory.resolve("store")));
        final Path store = directory.resolve("store");
        try (StoreLock lock = StoreLock.acquire(store)) {
            assertTrue(lock.held());
            for (final Path name : List.of(store, link, directory.resolve("link/../store/."))) {
                final StoreLockedException e =
                    assertThrows(StoreLockedException.class, () -> StoreLock.acquire(name));
                assertTrue(e.getMessage().contains("PID " + ProcessHandle.current().pid())
                    && e.getMessage().contains(name.toString()) && e.getMessage().contains("close it first"),
                    e.getMessage());
                assertThrows(StoreLockedException.class, () -> StoreLock.acquireReadOnly(name));
            }
        }
        StoreLock.acquire(link).release();
    }

    /** POSIX takes the lock away when any descriptor of the file is closed: a refused second open must not do that. */
    @Test
    void shouldKeepTheLockAgainstOthersAfterARefusedSecondOpenHere() throws Exception {
        try (StoreLock lock = StoreLock.acquire(directory)) {
            assertTrue(lock.held());
            assertThrows(StoreLockedException.class, () -> StoreLock.acquire(directory));
            final Process child = holder();
            final String answer = firstLine(child);
            assertTrue(answer.startsWith("locked store is locked by process " + ProcessHandle.current().pid()
                + ", started "), answer);
            assertTrue(answer.contains("; where: " + directory), answer);
            assertTrue(answer.contains("what to do: close the store there or end that process"), answer);
            end(child);
        }
    }

    @Test
    void shouldNameTheOtherProcessAndTakeOverWhenItIsKilled() throws Exception {
        final Process child = holder();
        assertEquals("held true", firstLine(child));
        final StoreLockedException e = assertThrows(StoreLockedException.class, () -> StoreLock.acquire(directory));
        assertTrue(e.getMessage().contains("process " + child.pid() + ","), e.getMessage());
        child.destroyForcibly();
        assertTrue(child.waitFor(30, TimeUnit.SECONDS));
        final Path file = directory.resolve(StoreLock.FILE_NAME);
        assertTrue(Files.readString(file).contains("pid=" + child.pid()), "the dead process left its text");
        try (StoreLock lock = StoreLock.acquire(directory)) {
            assertTrue(lock.held());
        }
    }

    @Test
    void shouldGiveTheLockToTheNextProcessAfterRelease() throws Exception {
        StoreLock.acquire(directory).release();
        final Process child = holder();
        assertEquals("held true", firstLine(child));
        end(child);
        StoreLock.acquire(directory).release();
    }

    @Test
    void shouldTakeOverAnEmptyAndAGarbledFile() throws IOException {
        final Path file = directory.resolve(StoreLock.FILE_NAME);
        Files.createFile(file);
        StoreLock.acquire(directory).release();
        final byte[] garbage = new byte[100_000];
        new java.util.Random(17).nextBytes(garbage);
        Files.write(file, garbage);
        StoreLock.acquire(directory).release();
        assertEquals(0, Files.size(file));
    }

    @Test
    void shouldNameNoProcessWhenTheHolderLeftGarbage() throws Exception {
        final Process child = holder();
        assertEquals("held true", firstLine(child));
        Files.writeString(directory.resolve(StoreLock.FILE_NAME), "pid=rm -rf\n\0\0");
        final StoreLockedException e = assertThrows(StoreLockedException.class, () -> StoreLock.acquire(directory));
        assertTrue(e.getMessage().contains("another process (its PID is not in the lock file)"), e.getMessage());
        end(child);
    }

    @Test
    void shouldLockAndReleaseInAnInterruptedThread() throws Exception {
        Thread.currentThread().interrupt();
        final StoreLock lock = StoreLock.acquire(directory);
        assertTrue(Thread.interrupted(), "the interrupt stays");
        final Process child = holder();
        assertTrue(firstLine(child).startsWith("locked "));
        end(child);
        Thread.currentThread().interrupt();
        lock.release();
        assertTrue(Thread.interrupted());
        StoreLock.acquire(directory).release();
    }

    @Test
    void shouldKeepAForgottenLockThroughGarbageCollection() throws Exception {
        final Path store = Files.createDirectory(directory.resolve("forgotten"));
        acquireAndForget(store);
        for (int i = 0; i < 5; i++) {
            System.gc();
            Thread.sleep(20);
        }
        final Process child = holder(store);
        final String answer = firstLine(child);
        assertTrue(answer.startsWith("locked "), answer);
        end(child);
    }

    @Test
    void shouldTellThatTheDirectoryIsMissingOrAFile() throws IOException {
        final Path file = Files.createFile(directory.resolve("file"));
        final String missing = assertThrows(StoreIoException.class,
            () -> StoreLock.acquire(directory.resolve("missing"))).getMessage();
        assertTrue(missing.contains("ENOENT"), missing);
        final String notDirectory = assertThrows(StoreIoException.class, () -> StoreLock.acquire(file)).getMessage();
        assertTrue(notDirectory.contains("ENOTDIR"), notDirectory);
    }

    @Test
    void shouldGoOnWithoutALockOnlyForReadingAReadOnlyFileSystem() {
        try (TmpfsMount mount = TmpfsMount.mount(directory, 1 << 20)) {
            mount.makeReadOnly();
            assertTrue(assertThrows(StoreIoException.class, () -> StoreLock.acquire(directory)).getMessage()
                .contains("EROFS"));
            try (StoreLock first = StoreLock.acquireReadOnly(directory);
                StoreLock second = StoreLock.acquireReadOnly(directory)) {
                assertFalse(first.held());
                assertFalse(second.held());
            }
        }
    }

    @Test
    void shouldHoldTheLockForReadingWhereTheDirectoryCanBeWritten() {
        try (StoreLock lock = StoreLock.acquireReadOnly(directory)) {
            assertTrue(lock.held());
            assertThrows(StoreLockedException.class, () -> StoreLock.acquire(directory));
        }
    }

    @Test
    void shouldLockOnAFullFileSystem() throws IOException {
        try (TmpfsMount mount = TmpfsMount.mount(directory, 1 << 16)) {
            Files.createFile(directory.resolve(StoreLock.FILE_NAME));
            try {
                Files.write(directory.resolve("filler"), new byte[1 << 17]);
            } catch (final IOException full) {
                assertTrue(full.getMessage().contains("space"), full.getMessage());
            }
            try (StoreLock lock = StoreLock.acquire(mount.directory())) {
                assertTrue(lock.held());
            }
        }
    }

    private static void acquireAndForget(final Path store) {
        assertTrue(StoreLock.acquire(store).held());
    }

    private Process holder() throws IOException {
        return holder(directory);
    }

    private static Process holder(final Path store) throws IOException {
        return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp", System.getProperty("java.class.path"), Holder.class.getName(), store.toString())
            .redirectErrorStream(true).start();
    }

    private static String firstLine(final Process child) throws IOException {
        final BufferedReader reader = child.inputReader(StandardCharsets.UTF_8);
        return String.valueOf(reader.readLine());
    }

    private static void end(final Process child) throws Exception {
        child.getOutputStream().close();
        assertTrue(child.waitFor(30, TimeUnit.SECONDS), "the child ends when its input does");
    }
}
