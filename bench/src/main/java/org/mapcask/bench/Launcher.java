package org.mapcask.bench;

import java.io.IOException;
import java.util.List;
import java.util.function.Function;

/** Runs a benchmark and ends the process: with status 0, with 1 if it failed, with 2 for a wrong command line. */
final class Launcher {
    private static final int EXIT_FAILED = 1;
    private static final int EXIT_USAGE = 2;

    /** A benchmark; false if its run failed. */
    @FunctionalInterface
    interface Body<S> {
        boolean run(S settings) throws IOException;
    }

    private Launcher() {
    }

    /**
     * Runs.
     *
     * @param name      what messages begin with.
     * @param arguments as typed.
     * @param parse     makes settings of them, or throws IllegalArgumentException.
     * @param body      measures by these settings.
     */
    static <S> void launch(
        final String name, final String[] arguments, final Function<List<String>, S> parse, final Body<S> body) {
        final S settings;
        try {
            settings = parse.apply(List.of(arguments));
        } catch (final IllegalArgumentException e) {
            System.err.println(name + ": " + e.getMessage());
            System.exit(EXIT_USAGE);
            return;
        }
        try {
            System.exit(body.run(settings) ? 0 : EXIT_FAILED);
        } catch (final IOException e) {
            System.err.println(name + ": " + e);
            System.exit(EXIT_FAILED);
        }
    }
}
