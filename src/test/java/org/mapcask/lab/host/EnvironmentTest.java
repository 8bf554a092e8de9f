package org.mapcask.lab.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.IoUtil;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.lab.results.Json;

class EnvironmentTest {
    private static final int FILE_LENGTH = 8 << 20;

    @TempDir
    Path directory;

    @Test
    void shouldNameNoDirectoryOfTheMachine() {
        final Environment environment = Environment.capture(directory.resolve("not-yet-there"));
        environment.complete();

        final String text = environment.toText() + Json.render(environment.toMap());

        assertFalse(text.contains(directory.toString()), text);
        assertFalse(text.contains(System.getProperty("user.dir")), text);
        assertTrue(text.contains(Runtime.version().toString()), text);
        assertEquals("run --dir DATA_DIR/x", Environment.anonymous("run --dir " + directory + "/x", directory));
    }

    @Test
    void shouldReadANumberOfTheKernelWhole() {
        // Read byte by byte, the kernel gives the first digit only.
        final String count = ProcFile.read("/proc/sys/vm/max_map_count");
        Assumptions.assumeTrue(count != null, "no /proc/sys here");
        assertTrue(count.matches("\\d{4,}"), count);
    }

    @Test
    void shouldDropThePageCacheOfAFileAndSeeThatItIsGone() throws IOException {
        Assumptions.assumeTrue(
            List.of("ext4", "xfs", "btrfs").contains(Files.getFileStore(directory).type()),
            "pages of tmpfs cannot be dropped");
        final Path file = Files.write(directory.resolve("data"), new byte[FILE_LENGTH]);
        assertEquals(1.0, PageCache.residentShare(directory), 0.01);
        PageCache.drop(directory);
        assertEquals(0.0, PageCache.residentShare(directory), 0.05);

        // A page that is mapped and has been touched keeps its whole folio in the page cache.
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            final MappedByteBuffer mapping = channel.map(FileChannel.MapMode.READ_WRITE, 0, FILE_LENGTH);
            for (int offset = 0; offset < FILE_LENGTH; offset += 4096) {
                mapping.put(offset, (byte) 7);
            }
            PageCache.drop(directory);
            assertEquals(0.0, PageCache.residentShare(directory), 0.05);
            assertEquals(7, mapping.get(FILE_LENGTH - 4096), "what was stored must survive");
            IoUtil.unmap(mapping);
        }
    }

    @Test
    void shouldWriteJsonThatKeepsOrderAndEscapes() {
        final Map<String, Object> map = new TreeMap<>();
        map.put("a", List.of(1, 2.5, "x\"y\\z\n"));
        map.put("b", Map.of());
        map.put("c", Double.NaN);
        assertEquals(
            "{\n  \"a\": [\n    1,\n    2.5,\n    \"x\\\"y\\\\z\\u000a\"\n  ],\n  \"b\": {},\n  \"c\": null\n}\n",
            Json.render(map));
    }
}
