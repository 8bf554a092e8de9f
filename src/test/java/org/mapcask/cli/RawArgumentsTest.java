package org.mapcask.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Arguments whose characters Java has lost, and the bytes that Linux still has. */
class RawArgumentsTest {
    private static final byte[] LINE = "java\0-jar\0x.jar\0put\0dir\0\0wörd\0".getBytes(StandardCharsets.UTF_8);

    @Test
    void shouldRestoreLostCharacters() {
        assertArrayEquals(new String[] {"put", "dir", "", "wörd"},
            RawArguments.restored(new String[] {"put", "dir", "", "w\ufffd\ufffdrd"}, LINE));
    }

    @Test
    void shouldLeaveArgumentsAloneThatDoNotMatchTheCommandLine() {
        final String[] other = {"put", "elsewhere", "", "w\ufffd\ufffdrd"};
        assertSame(other, RawArguments.restored(other, LINE));
        final String[] more = {"a", "java", "-jar", "x.jar", "put", "dir", "", "w\ufffd\ufffdrd"};
        assertSame(more, RawArguments.restored(more, LINE));
        final String[] noText = {"\ufffd"};
        assertSame(noText, RawArguments.restored(noText, new byte[] {'a', 0, (byte) 0xff, 0}));
        final String[] sound = {"wörd"};
        assertSame(sound, RawArguments.restored(sound));
    }
}
