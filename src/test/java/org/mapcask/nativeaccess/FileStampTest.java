package org.mapcask.nativeaccess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the file system tells of a file: the same by a system call and by the JDK. */
class FileStampTest {
    @TempDir
    Path directory;

    private static Stream<NativeAccess> accesses() {
        return Stream.of(NativeAccess.of("jna"), NativeAccess.of("java"));
    }

    private Path file(final String name, final int length) throws IOException {
        return Files.write(directory.resolve(name), new byte[length]);
    }

    @Test
    void shouldBeTheSameInBothModes() throws IOException {
        final Path file = file("große Datei", 123_457);
        final Path old = file("old", 0);
        Files.setLastModifiedTime(old, FileTime.from(Instant.parse("1969-12-31T23:59:58.250Z")));
        final Path link = Files.createSymbolicLink(directory.resolve("link"), file);
        for (final Path path : List.of(file, old, link, directory, Path.of("/proc/self/status"))) {
            final FileStamp java = NativeAccess.of("java").stamp(path);
            assertNotNull(java, path.toString());
            // Each look at a file of /proc is another moment.
            assertEquals(path.startsWith("/proc") ? java.length() : java,
                path.startsWith("/proc") ? NativeAccess.of("jna").stamp(path).length() :
                NativeAccess.of("jna").stamp(path), path.toString());
        }
        assertEquals(123_457, NativeAccess.of("jna").stamp(link).length());
    }

    @ParameterizedTest
    @MethodSource("accesses")
    void shouldTellAChange(final NativeAccess access) throws IOException {
        final Path file = file("a", 100);
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000));
        final FileStamp stamp = access.stamp(file);
        assertEquals(1_000_000_000L, stamp.modifiedNs());
        assertEquals(stamp, access.stamp(file));
        Files.write(file, new byte[100]);
        assertNotEquals(stamp, access.stamp(file));
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000));
        assertEquals(stamp, access.stamp(file));
        Files.write(file, new byte[101]);
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000));
        assertNotEquals(stamp, access.stamp(file));
        final Path other = file("b", 100);
        Files.setLastModifiedTime(other, FileTime.fromMillis(1_000));
        assertNotEquals(stamp, access.stamp(other));
    }

    @ParameterizedTest
    @MethodSource("accesses")
    void shouldBeMissingWithTheFile(final NativeAccess access) throws IOException {
        assertNull(access.stamp(directory.resolve("none")));
        assertNull(access.stamp(file("a", 1).resolve("below a file")));
    }
}
