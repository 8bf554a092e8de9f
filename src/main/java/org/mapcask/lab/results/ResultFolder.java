package org.mapcask.lab.results;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The folder {@code results/<yyyymmdd>-<label>} of one run. A name that is taken gets {@code -2}, {@code -3}; a run
 * that failed ends as {@code <name>.FAIL}, so that nobody cites it by accident. Earlier folders are never touched.
 *
 * <p>Used by one thread.
 */
public final class ResultFolder {
    /** What the name of a failed run ends with. */
    public static final String FAIL_SUFFIX = ".FAIL";
    /** The file with all figures of a run, which is written last: a run without it is not over. */
    public static final String SUMMARY = "summary.json";

    private static final int ATTEMPTS_MAX = 1000;

    private final Path path;
    private final List<String> failures = new ArrayList<>();

    private ResultFolder(final Path path) {
        this.path = path;
    }

    /**
     * Makes the folder.
     *
     * @param root  holds all results; made if it is not there.
     * @param date  day of the run.
     * @param label letters, digits, dots, dashes and underscores.
     * @return the new, empty folder.
     * @throws IOException              if it cannot be made.
     * @throws IllegalArgumentException if the label has other characters.
     */
    public static ResultFolder create(final Path root, final LocalDate date, final String label) throws IOException {
        if (!isLabel(label)) {
            throw new IllegalArgumentException("label '" + label + "': letters, digits, '.', '_' and '-' only");
        }
        Files.createDirectories(root);
        final String name = date.format(DateTimeFormatter.BASIC_ISO_DATE) + "-" + label;
        for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
            final String candidate = attempt == 1 ? name : name + "-" + attempt;
            if (!Files.exists(root.resolve(candidate)) && !Files.exists(root.resolve(candidate + FAIL_SUFFIX))) {
                return new ResultFolder(Files.createDirectory(root.resolve(candidate)));
            }
        }
        throw new IOException("no free name for " + name + " in " + root);
    }

    /** Whether a text may be the end of a folder's name. */
    public static boolean isLabel(final String label) {
        return label.matches("[A-Za-z0-9][A-Za-z0-9._-]*");
    }

    /**
     * The newest folder of a label that was begun for the same and has no summary yet.
     *
     * @param root  holds all results; need not be there.
     * @param label as in {@link #create}.
     * @param file  name of the file in it that tells what it was begun for.
     * @param text  what that file has to say.
     * @throws IOException if a folder cannot be read.
     */
    public static Optional<Path> unfinished(
        final Path root, final String label, final String file, final String text) throws IOException {
        if (!Files.isDirectory(root)) {
            return Optional.empty();
        }
        final List<Path> folders;
        try (Stream<Path> all = Files.list(root)) {
            folders = all.filter(folder -> isOf(folder, label)).filter(folder -> Files.exists(folder.resolve(file)))
                .filter(folder -> !Files.exists(folder.resolve(SUMMARY))).sorted(Comparator.reverseOrder()).toList();
        }
        for (final Path folder : folders) {
            if (Files.readString(folder.resolve(file)).equals(text)) {
                return Optional.of(folder);
            }
        }
        return Optional.empty();
    }

    private static boolean isOf(final Path folder, final String label) {
        return folder.getFileName().toString().matches("\\d{8}-" + Pattern.quote(label) + "(-\\d+)?");
    }

    /**
     * Goes on in a folder that {@link #create} made and nobody closed.
     *
     * @param path of the folder.
     */
    public static ResultFolder resume(final Path path) {
        return new ResultFolder(path);
    }

    /** Where to write. */
    public Path path() {
        return path;
    }

    /**
     * Marks the run as failed.
     *
     * @param reason one sentence for the reader.
     */
    public void fail(final String reason) {
        failures.add(reason);
    }

    /** Why the run failed; empty if it did not. */
    public List<String> failures() {
        return List.copyOf(failures);
    }

    /**
     * Writes a text file.
     *
     * @param name file name.
     * @param text its contents.
     * @throws IOException if it cannot be written.
     */
    public void write(final String name, final String text) throws IOException {
        Files.writeString(path.resolve(name), text);
    }

    /**
     * Ends the run: renames the folder if the run failed.
     *
     * @return where the results are now.
     * @throws IOException if it cannot be renamed.
     */
    public Path close() throws IOException {
        if (failures.isEmpty()) {
            return path;
        }
        final Path failed = path.resolveSibling(path.getFileName() + FAIL_SUFFIX);
        return Files.move(path, failed, StandardCopyOption.ATOMIC_MOVE);
    }
}
