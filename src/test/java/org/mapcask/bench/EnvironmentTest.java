package org.mapcask.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvironmentTest {
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
        Files.write(directory.resolve("data"), new byte[8 << 20]);
        assertEquals(1.0, PageCache.residentShare(directory), 0.01);

        PageCache.drop(directory);

        assertEquals(0.0, PageCache.residentShare(directory), 0.05);
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
