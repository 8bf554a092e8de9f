package org.mapcask.cli;

import java.util.Locale;
import java.util.concurrent.Callable;
import org.mapcask.Mapcask;
import org.mapcask.dict.EntryText;
import org.mapcask.dict.WordNet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code dict import DIR}: writes every headword of WordNet and its senses into a store, in the order of the index
 * files.
 */
@Command(name = "import",
    description = "Load WordNet into a store, one record a headword. Makes the store if there is none.")
final class DictImportCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final StoreArguments store;

    @Option(names = "--wordnet", paramLabel = "VERSION", defaultValue = "3.1",
        description = "3.0 or 3.1; ${DEFAULT-VALUE} unless given.")
    private String version;

    @Option(names = "--force",
        description = "Write into a store that holds records already; other keys stay as they are.")
    private boolean force;

    @Option(names = "--json", description = "A summary as one JSON object on standard output.")
    private boolean json;

    private long words;
    private long senses;
    private long bytes;

    DictImportCommand(final Terminal terminal) {
        this.terminal = terminal;
        this.store = new StoreArguments(terminal);
    }

    @Override
    public Integer call() {
        final long startNs = System.nanoTime();
        final WordNet wordNet = WordNet.open(version);
        wordNet.requirePresent();
        try (Mapcask mapcask = store.openOrCreate(); ProgressLine progress = terminal.progress()) {
            if (mapcask.size() > 0 && !force) {
                terminal.say(String.format(Locale.ROOT, "%s already holds %,d keys; nothing was imported. Use --force "
                    + "to write over them, or dict update to bring a dictionary to WordNet 3.1",
                    store.directory(), mapcask.size()));
                return ExitStatus.NOT_FOUND;
            }
            final long total = wordNet.headwords().size();
            wordNet.forEachEntry((word, value) -> {
                put(mapcask, word, value);
                progress.onProgress("import", words, total);
            });
            mapcask.sync();
        }
        report((System.nanoTime() - startNs) / 1e9);
        return ExitStatus.DONE;
    }

    private void put(final Mapcask mapcask, final String word, final String value) {
        final byte[] key = Bytes.of(word);
        final byte[] text = Bytes.of(value);
        mapcask.put(key, text);
        words++;
        senses += EntryText.senseCount(value);
        bytes += key.length + text.length;
    }

    private void report(final double seconds) {
        terminal.say(String.format(Locale.ROOT, "imported WordNet %s: %,d words, %,d senses, %,d bytes in %.1f s "
            + "(terms of use: mapcask dict license)", version, words, senses, bytes, seconds));
        if (json) {
            terminal.line(new JsonObject().text("wordnet", version).number("words", words).number("senses", senses)
                .number("bytes", bytes).decimal("seconds", seconds).toString());
        }
    }
}
