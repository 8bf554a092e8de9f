package org.mapcask.lab.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostFingerprintTest {
    @TempDir
    Path directory;

    @Test
    void shouldBeTheSameTwiceOnOneHostAlsoForADirectoryThatIsNotThereYet() {
        final HostFingerprint first = HostFingerprint.of(directory);
        final HostFingerprint second = HostFingerprint.of(directory.resolve("not/yet"));

        assertEquals(List.of(), first.differences(second));
        assertEquals(List.of("processor", "cores", "architecture", "kernel", "fileSystem", "mountOptions", "device",
            "java"), List.copyOf(first.facts().keySet()));
        assertFalse(first.facts().get("processor").isEmpty());
        assertFalse(first.facts().toString().contains(directory.toString()));
    }

    @Test
    void shouldTellEachFactThatDiffersOrIsMissing() {
        final Map<String, String> facts = new LinkedHashMap<>(HostFingerprint.of(directory).facts());
        final HostFingerprint here = new HostFingerprint(facts);
        facts.put("kernel", "0.1");
        facts.put("device", "fd0");

        assertEquals(2, new HostFingerprint(facts).differences(here).size());
        assertEquals(List.of("kernel was '0.1' and is 'not readable'"),
            new HostFingerprint(Map.of("kernel", "0.1")).differences(new HostFingerprint(Map.of())));
    }
}
