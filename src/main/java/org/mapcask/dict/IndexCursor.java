package org.mapcask.dict;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.mapcask.errors.CorruptionException;
import org.mapcask.errors.ErrorText;

/** A walk through one index file, line by line. One thread; holds the file open until {@link #close}. */
final class IndexCursor implements AutoCloseable {
    private final WordNetFiles files;
    private final PartOfSpeech pos;
    private final String name;
    private final BufferedReader reader;
    private Wndb.IndexLine current;
    private long offset;

    /** Opens the file and stands on its first lemma. */
    IndexCursor(final WordNetFiles files, final PartOfSpeech pos) {
        this.files = files;
        this.pos = pos;
        this.name = "index." + pos.fileSuffix();
        this.reader = files.reader(name);
        advance();
    }

    PartOfSpeech pos() {
        return pos;
    }

    /** The lemma under the cursor, or null at the end of the file. */
    String lemma() {
        return current == null ? null : current.lemma();
    }

    /** The synset offsets of the lemma under the cursor; goes on to the next. */
    long[] take() {
        final long[] taken = current.synsetOffsets();
        final String before = current.lemma();
        advance();
        if (current != null && current.lemma().compareTo(before) <= 0) {
            throw new CorruptionException(files.path(name), offset, ErrorText.what("a WordNet index is not sorted")
                .where(files.path(name), offset).expected("a lemma after " + before).found(current.lemma())
                .todo("fetch the data jar again"));
        }
        return taken;
    }

    private void advance() {
        try {
            String line = reader.readLine();
            while (line != null && line.startsWith(Wndb.LICENCE_PREFIX)) {
                offset += lengthOf(line);
                line = reader.readLine();
            }
            current = line == null ? null : Wndb.indexLine(line, files.path(name), offset);
            offset += line == null ? 0 : lengthOf(line);
        } catch (final IOException e) {
            throw files.unreadable(name, e);
        }
    }

    private static int lengthOf(final String line) {
        return line.getBytes(StandardCharsets.UTF_8).length + 1;
    }

    @Override
    public void close() {
        try {
            reader.close();
        } catch (final IOException e) {
            throw files.unreadable(name, e);
        }
    }
}
