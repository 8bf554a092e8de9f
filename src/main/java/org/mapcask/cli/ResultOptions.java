package org.mapcask.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.InvalidArgumentException;
import org.mapcask.lab.results.ResultFolder;
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

    /**
     * End of the folder's name.
     *
     * @throws InvalidArgumentException if the one that was given cannot be.
     */
    String label(final String otherwise) {
        if (label != null && !ResultFolder.isLabel(label)) {
            throw new InvalidArgumentException(ErrorText.what("the label is not allowed").where("--label")
                .expected("letters, digits, '.', '_' and '-', the first one a letter or a digit").found(label)
                .todo("choose another one"));
        }
        return label == null ? otherwise : label;
    }

    /** Makes the directories that are not there, so that one that is of no use is told before all else. */
    void requireDirectories() throws IOException {
        require(results);
    }

    private static void require(final Path directory) throws IOException {
        Files.createDirectories(directory);
        if (!Files.isWritable(directory)) {
            throw new AccessDeniedException(directory.toString());
        }
    }

    /** With a directory in which stores are made. */
    static final class WithData extends ResultOptions {
        /** Where stores are made. */
        @Option(names = "--dir", paramLabel = "DIR", defaultValue = "mapcask-bench",
            description = "Where stores are made and removed again (default: ${DEFAULT-VALUE}).")
        Path data;

        @Override
        void requireDirectories() throws IOException {
            require(data);
            super.requireDirectories();
        }
    }
}
