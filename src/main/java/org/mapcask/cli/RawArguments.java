package org.mapcask.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Gives arguments in UTF-8 even where the locale is plain C, as in many containers: there Java turns what is not ASCII
 * into replacement characters, and a key would be stored under a wrong name. Linux has the bytes. Stateless.
 */
final class RawArguments {
    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");
    private static final char REPLACEMENT = '\ufffd';

    private RawArguments() {
    }

    /** The arguments of this process, read again if any has lost characters; as they are if that cannot be. */
    static String[] restored(final String[] args) {
        if (String.join("", args).indexOf(REPLACEMENT) < 0) {
            return args;
        }
        try {
            return restored(args, Files.readAllBytes(COMMAND_LINE));
        } catch (final IOException e) {
            return args;
        }
    }

    /**
     * Replaces arguments that have lost characters.
     *
     * @param args        as Java decoded them.
     * @param commandLine the whole command line, each argument with a zero byte behind it; {@code args} are the last.
     */
    static String[] restored(final String[] args, final byte[] commandLine) {
        final List<ByteBuffer> raw = split(commandLine);
        final String[] restored = args.clone();
        final int first = raw.size() - args.length;
        if (first < 0) {
            return args;
        }
        try {
            for (int i = 0; i < args.length; i++) {
                final String text = StandardCharsets.UTF_8.newDecoder().decode(raw.get(first + i)).toString();
                if (args[i].indexOf(REPLACEMENT) >= 0) {
                    restored[i] = text;
                } else if (!args[i].equals(text)) {
                    return args;
                }
            }
            return restored;
        } catch (final CharacterCodingException e) {
            return args;
        }
    }

    private static List<ByteBuffer> split(final byte[] commandLine) {
        final List<ByteBuffer> raw = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < commandLine.length; i++) {
            if (commandLine[i] == 0) {
                raw.add(ByteBuffer.wrap(commandLine, start, i - start));
                start = i + 1;
            }
        }
        return raw;
    }
}
