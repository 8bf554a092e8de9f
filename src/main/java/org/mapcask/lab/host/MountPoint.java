package org.mapcask.lab.host;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The file system that a directory is on, by {@code /proc/self/mountinfo}. Immutable.
 *
 * @param device  number, {@code major:minor}; of no block device where major is 0.
 * @param point   where it is mounted.
 * @param options of the mount and of the file system.
 * @param type    of file system.
 * @param source  what was mounted.
 */
public record MountPoint(String device, String point, List<String> options, String type, String source) {
    /** Device number, root, mount point, options, optional fields, type, source, options of the file system. */
    private static final Pattern LINE =
        Pattern.compile("\\S+ \\S+ (\\S+) \\S+ (\\S+) (\\S+) (?:\\S+ )*?- (\\S+) (\\S+) (\\S+)");
    private static final Pattern OCTAL = Pattern.compile("\\\\([0-7]{3})");
    private static final int OCTAL_RADIX = 8;

    /** The mount that holds a directory; null if it cannot be told. Of two on one point the later one counts. */
    public static MountPoint of(final HostFiles files, final Path directory) {
        final String text = files.read("/proc/self/mountinfo");
        MountPoint best = null;
        for (final String line : text == null ? new String[0] : text.split("\n")) {
            final Matcher parts = LINE.matcher(line);
            if (parts.matches()) {
                final String point = unescaped(parts.group(2));
                if (directory.startsWith(point) && (best == null || point.length() >= best.point.length())) {
                    best = new MountPoint(parts.group(1), point,
                        Stream.concat(split(parts.group(3)), split(parts.group(6))).distinct().toList(),
                        parts.group(4), unescaped(parts.group(5)));
                }
            }
        }
        return best;
    }

    /** The directory itself, or the nearest one around it that is there. */
    public static Path nearest(final Path directory) {
        Path path = directory.toAbsolutePath().normalize();
        while (!Files.exists(path) && path.getParent() != null) {
            path = path.getParent();
        }
        return path;
    }

    /** Whether one of these options is set. */
    public boolean has(final String... names) {
        return List.of(names).stream().anyMatch(options::contains);
    }

    private static Stream<String> split(final String options) {
        return Stream.of(options.split(","));
    }

    /** White space in names is written as a backslash and three octal digits. */
    private static String unescaped(final String text) {
        return OCTAL.matcher(text).replaceAll(
            code -> Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(code.group(1), OCTAL_RADIX))));
    }
}
