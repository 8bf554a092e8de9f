package org.mapcask.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.mapcask.Mapcask;
import org.mapcask.MapcaskOptions;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.StoreIoException;
import org.mapcask.recovery.RecoveryReport;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What every command on a store takes, its directory and options, and how it opens it. The caller closes the store. */
final class StoreArguments {
    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "DIR", description = "Directory of the store.")
    private Path directory;

    @Option(names = "--options", paramLabel = "FILE", description = "Properties file with options of the store.")
    private Path optionsFile;

    @Option(names = "--option", paramLabel = "NAME=VALUE",
        description = "An option of the store, repeatable; stronger than the file. See mapcask --help.")
    private Map<String, String> options = new LinkedHashMap<>();

    StoreArguments(final Terminal terminal) {
        this.terminal = terminal;
    }

    /** The directory as it was given. */
    Path directory() {
        return directory;
    }

    /** Opens the store for writing and makes it if it is not there. */
    Mapcask openOrCreate() {
        return open(Map.of());
    }

    /** Opens a store that is there for writing. */
    Mapcask openForWriting() {
        requireStore();
        return open(Map.of("createIfMissing", "false"));
    }

    /** Opens a store that is there so that nothing in it changes. */
    Mapcask openForReading() {
        requireStore();
        return open(Map.of("createIfMissing", "false", "readOnly", "true"));
    }

    /** Like {@link #requireStore(String)}, naming {@code put}. */
    void requireStore() {
        requireStore("put DIR KEY VALUE");
    }

    /**
     * Checks that the directory is there and not empty; whether it holds a store, opening it tells.
     *
     * @param maker the command that makes a store, with DIR for the directory.
     * @throws StoreIoException that names this command.
     */
    void requireStore(final String maker) {
        if (Files.exists(directory) && !(Files.isDirectory(directory) && isEmpty())) {
            return;
        }
        throw new StoreIoException(ErrorText.what("there is no store").where(directory)
            .expected("the directory of a store").found(Files.exists(directory) ? "an empty directory" : "nothing")
            .todo("make one with: " + Invocation.of(maker.replace("DIR", Invocation.quoted(directory.toString())))));
    }

    private boolean isEmpty() {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            return !entries.iterator().hasNext();
        } catch (final IOException e) {
            throw new StoreIoException(
                ErrorText.what("the directory cannot be listed").where(directory)
                    .expected("a directory that this user may read").found(e.toString())
                    .todo("check its permissions"), e);
        }
    }

    /**
     * Opens with a progress line while it reads the log; tells of a torn tail and of damage, which opening let pass.
     */
    private Mapcask open(final Map<String, String> needed) {
        final Mapcask mapcask;
        try (ProgressLine progress = terminal.progress()) {
            mapcask = Mapcask.open(directory, options(progress, needed));
        }
        final RecoveryReport report = mapcask.recoveryReport();
        if (report.tornFile() != null || !report.damages().isEmpty()) {
            terminal.say("recovery: " + report);
        }
        return mapcask;
    }

    /**
     * The options in force, the stronger ones last: {@code --options}, system properties, {@code --option}, and what
     * the command itself needs.
     */
    private MapcaskOptions options(final ProgressLine progress, final Map<String, String> needed) {
        final MapcaskOptions.Builder builder = MapcaskOptions.builder().recoveryProgress(progress);
        if (optionsFile != null) {
            builder.file(optionsFile);
        }
        builder.systemProperties();
        options.forEach(builder::override);
        needed.forEach(builder::override);
        return builder.build();
    }
}
