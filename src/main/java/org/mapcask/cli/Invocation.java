package org.mapcask.cli;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;

/** Words commands the way this process can be started again, for messages that tell the next step. Stateless. */
final class Invocation {
    private Invocation() {
    }

    /** The whole command: {@code java -jar …/mapcask.jar dict import DIR}; run from classes, {@code mapcask dict …}. */
    static String of(final String arguments) {
        final String jar = jar();
        return (jar == null ? "mapcask " : "java -jar " + quoted(jar) + ' ') + arguments;
    }

    /** An argument as a shell takes it. */
    static String quoted(final String argument) {
        return argument.matches("[\\w@%+=:,./-]+") ? argument : "'" + argument.replace("'", "'\\''") + "'";
    }

    private static String jar() {
        final CodeSource source = Invocation.class.getProtectionDomain().getCodeSource();
        try {
            final Path path = source == null ? null : Path.of(source.getLocation().toURI());
            if (path == null || !path.toString().endsWith(".jar")) {
                return null;
            }
            final Path here = Path.of("").toAbsolutePath();
            return (path.startsWith(here) ? here.relativize(path) : path).toString();
        } catch (final URISyntaxException | IllegalArgumentException e) {
            return null;
        }
    }
}
