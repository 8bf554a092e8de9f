package org.mapcask.lab.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files by which a kernel tells about itself, below a root: {@code /} for the host, another directory for one that
 * was made up. Only reads. Any thread.
 */
public final class HostFiles {
    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

    private final Path root;

    /**
     * Looks below a root.
     *
     * @param root the directory that stands for {@code /}.
     */
    public HostFiles(final Path root) {
        this.root = root;
    }

    /** Those of the host that this process is on. */
    public static HostFiles ofThisHost() {
        return new HostFiles(Path.of("/"));
    }

    /** Where a file of the host lies. */
    public Path path(final String file) {
        return root.resolve(file.startsWith("/") ? file.substring(1) : file);
    }

    /** The text of a file without white space around it; null if it cannot be read. */
    public String read(final String file) {
        return ProcFile.read(path(file).toString());
    }

    /** The number that a file holds; -1 if it cannot be read or is none. */
    public long number(final String file) {
        final String text = read(file);
        return text != null && NUMBER.matcher(text).matches() ? Long.parseLong(text) : -1;
    }

    /** The value of a line {@code name: value}; null if there is none. */
    public String field(final String file, final String name) {
        final String text = read(file);
        final Matcher line =
            Pattern.compile("(?m)^" + Pattern.quote(name) + "\\s*:\\s*(.*)$").matcher(text == null ? "" : text);
        return line.find() ? line.group(1).strip() : null;
    }

    /** Bytes of a line {@code name: n kB}; -1 if there is none. */
    public long kilobytes(final String file, final String name) {
        final String value = field(file, name);
        return value != null && value.matches("\\d{1,15} kB")
            ? Long.parseLong(value.substring(0, value.length() - 3)) * 1024 : -1;
    }

    /** The choice in brackets of a list such as {@code always [madvise] never}; the whole text if there is none. */
    public String chosen(final String file) {
        final String text = read(file);
        final Matcher brackets = Pattern.compile("\\[([^\\]]+)\\]").matcher(text == null ? "" : text);
        return brackets.find() ? brackets.group(1) : text;
    }

    /** Whether it is there. */
    public boolean exists(final String file) {
        return Files.exists(path(file));
    }

    /** Names in a directory, sorted; none if it cannot be listed. */
    public List<String> names(final String directory) {
        try (Stream<Path> entries = Files.list(path(directory))) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        } catch (final IOException e) {
            return List.of();
        }
    }

    /** Why a file gave nothing. */
    public String reason(final String file) {
        return exists(file) ? file + " is not for this user to read" : file + " is not there";
    }
}
