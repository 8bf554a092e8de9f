package org.mapcask.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Options of every command that writes a results folder. */
class ResultOptions {
    /** Where the folder is made. */
    @Option(names = "--results", paramLabel = "DIR", defaultValue = "results",
        description = "Where the results folder is made (default: ${DEFAULT-VALUE}).")
    Path results;

    @Option(names = "--label", paramLabel = "LABEL",
        description = "End of the results folder's name (default: that of the command, for sweep with the job's).")
    private String label;

    /** Whether the summary goes to standard output as JSON. */
    @Option(names = "--json",
        description = "One JSON object, the summary, on standard output in place of the table.")
    boolean json;

    /** End of the folder's name. */
    String label(final String otherwise) {
        return label == null ? otherwise : label;
    }

    /** With a directory in which stores are made. */
    static final class WithData extends ResultOptions {
        /** Where stores are made. */
        @Option(names = "--dir", paramLabel = "DIR", defaultValue = "mapcask-bench",
            description = "Where stores are made and removed again (default: ${DEFAULT-VALUE}).")
        Path data;
    }
}
