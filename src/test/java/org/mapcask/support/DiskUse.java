package org.mapcask.support;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** What a directory takes on its disk, which is not what its files are long. Static. */
public final class DiskUse {
    private DiskUse() {
    }

    /** Bytes of the blocks of a directory and of all that is in it, by {@code du}. */
    public static long of(final Path directory) throws IOException, InterruptedException {
        final Process process = new ProcessBuilder("du", "-s", "--block-size=1", directory.toString())
            .redirectErrorStream(true).start();
        final String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError("du failed: " + text);
        }
        return Long.parseLong(text.split("\\s+")[0]);
    }
}
