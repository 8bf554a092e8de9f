package org.mapcask.cli;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Shows keys and values that may be any bytes: as text where they are UTF-8, escaped or in Base64 where not. Stateless.
 */
final class Bytes {
    private Bytes() {
    }

    /** UTF-8 bytes of a text. */
    static byte[] of(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The text that the bytes are in UTF-8, or null if they are not UTF-8. */
    static String text(final byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (final CharacterCodingException e) {
            return null;
        }
    }

    /**
     * One line without tabs: backslash, tab, line feed and carriage return as in Java, other control characters and
     * whatever is not UTF-8 as {@code \xHH} byte by byte.
     */
    static String escaped(final byte[] bytes) {
        final String text = text(bytes);
        final StringBuilder line = new StringBuilder(bytes.length + 8);
        if (text == null) {
            for (final byte b : bytes) {
                escape(line, (char) (b & 0xff), b < 0);
            }
        } else {
            for (int i = 0; i < text.length(); i++) {
                escape(line, text.charAt(i), false);
            }
        }
        return line.toString();
    }

    /** Adds the bytes to an object: {@code name} if they are UTF-8, else {@code nameBase64}. */
    static JsonObject json(final JsonObject object, final String name, final byte[] bytes) {
        final String text = text(bytes);
        return text == null
            ? object.text(name + "Base64", Base64.getEncoder().encodeToString(bytes)) : object.text(name, text);
    }

    private static void escape(final StringBuilder line, final char c, final boolean foreign) {
        if (c == '\\') {
            line.append("\\\\");
        } else if (c == '\t') {
            line.append("\\t");
        } else if (c == '\n') {
            line.append("\\n");
        } else if (c == '\r') {
            line.append("\\r");
        } else if (foreign || c < ' ' || c == 0x7f) {
            line.append(String.format("\\x%02x", (int) c));
        } else {
            line.append(c);
        }
    }
}
