package org.mapcask.lab.run;

import java.io.IOException;
import java.io.StringReader;
import java.util.Properties;
import java.util.regex.Pattern;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.InvalidArgumentException;

/** Reads the text of a properties file, and tells the line that is none. Stateless. */
public final class PropertyText {
    private static final Pattern BROKEN_ESCAPE = Pattern.compile("(?<!\\\\)(?:\\\\\\\\)*\\\\u(?![0-9A-Fa-f]{4})");
    private static final Pattern COMMENT = Pattern.compile("\\s*[#!].*");

    private PropertyText() {
    }

    /**
     * Reads a text.
     *
     * @param text  of the file.
     * @param what  it is, for errors, such as {@code job file}.
     * @param where it came from, for errors.
     * @throws InvalidArgumentException that names the line with a broken escape.
     */
    public static Properties parse(final String text, final String what, final String where) {
        final Properties properties = new Properties();
        try {
            properties.load(new StringReader(text));
        } catch (final IOException | IllegalArgumentException e) {
            throw new InvalidArgumentException(ErrorText.what("the " + what + " cannot be read")
                .where(where + line(text)).expected("\\u with four hexadecimal digits after it").found(e.getMessage())
                .todo("correct the line; a backslash that is meant as one is written twice"), e);
        }
        return properties;
    }

    private static String line(final String text) {
        final String[] lines = text.split("\\r\\n|\\r|\\n", -1);
        for (int i = 0; i < lines.length; i++) {
            if (!COMMENT.matcher(lines[i]).matches() && BROKEN_ESCAPE.matcher(lines[i]).find()) {
                return ", line " + (i + 1) + ": " + lines[i].strip();
            }
        }
        return "";
    }
}
