package org.mapcask.lab.host;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the small files of {@code /proc} and {@code /sys}. Stateless. */
public final class ProcFile {
    private static final int BUFFER_LENGTH = 1 << 16;

    private ProcFile() {
    }

    /**
     * Reads a file whole. Not by {@link Files#readString}: that asks for one byte first where the size is given as 0,
     * and the kernel answers with the first digit of a number and then with the end.
     *
     * @param file path of the file.
     * @return its text without white space around it, or null if it cannot be read.
     */
    public static String read(final String file) {
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            final StringBuilder text = new StringBuilder();
            final byte[] buffer = new byte[BUFFER_LENGTH];
            for (int length = in.read(buffer); length > 0; length = in.read(buffer)) {
                text.append(new String(buffer, 0, length, StandardCharsets.ISO_8859_1));
            }
            return text.toString().strip();
        } catch (final IOException e) {
            return null;
        }
    }
}
