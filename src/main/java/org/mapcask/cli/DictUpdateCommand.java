package org.mapcask.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.mapcask.Mapcask;
import org.mapcask.dict.EntryText;
import org.mapcask.dict.WordNet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code dict update DIR}: makes a store hold exactly what a fresh import of a WordNet version holds. The difference
 * is found by content, so it works from any state, an update that was broken off included, and a second run changes
 * nothing.
 */
@Command(name = "update", description = "Bring a dictionary to WordNet 3.1: add, change and delete what differs.",
    footer = "%nThe store then holds exactly what a fresh import holds. Running it again does nothing.")
final class DictUpdateCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final StoreArguments store;

    @Option(names = "--wordnet", paramLabel = "VERSION", defaultValue = "3.1",
        description = "Version to bring it to; ${DEFAULT-VALUE} unless given.")
    private String version;

    @Option(names = "--force", description = "Go on even if more than half of the keys are no entries of a dictionary.")
    private boolean force;

    @Option(names = "--json", description = "The counts as one JSON object on standard output.")
    private boolean json;

    private long noEntries;
    private long read;
    private long added;
    private long changed;
    private long glossesChanged;

    DictUpdateCommand(final Terminal terminal) {
        this.terminal = terminal;
        this.store = new StoreArguments(terminal);
    }

    @Override
    public Integer call() {
        final WordNet wordNet = WordNet.open(version);
        wordNet.requirePresent();
        store.requireStore("dict import DIR");
        final int deleted;
        try (Mapcask mapcask = store.openForWriting(); ProgressLine progress = terminal.progress()) {
            final Set<String> words = wordNet.headwords();
            final List<byte[]> surplus = surplus(mapcask, words);
            final long foreign = surplus.size() + noEntries;
            if (foreign > mapcask.size() / 2 && !force) {
                terminal.say(String.format(Locale.ROOT, "%,d of %,d keys are no words of WordNet %s, or have no entry "
                    + "of a dictionary as value, so this is hardly a dictionary; nothing was changed. Use --force to "
                    + "write over them and delete them", foreign, mapcask.size(), version));
                return ExitStatus.NOT_FOUND;
            }
            wordNet.forEachEntry((word, value) -> {
                bring(mapcask, word, value);
                read++;
                progress.onProgress("update", read, words.size());
            });
            surplus.forEach(mapcask::delete);
            mapcask.sync();
            deleted = surplus.size();
        }
        report(deleted);
        return ExitStatus.DONE;
    }

    /** Keys that are no words; counts words whose value is no entry, too. */
    private List<byte[]> surplus(final Mapcask mapcask, final Set<String> words) {
        final List<byte[]> surplus = new ArrayList<>();
        mapcask.forEach((key, keyOffset, keyLength, value, valueOffset, valueLength) -> {
            final byte[] bytes = new byte[keyLength];
            key.getBytes(keyOffset, bytes);
            final String text = Bytes.text(bytes);
            if (text == null || !words.contains(text)) {
                surplus.add(bytes);
            } else if (!EntryText.isEntry(value.getStringWithoutLengthUtf8(valueOffset, valueLength))) {
                noEntries++;
            }
        });
        return surplus;
    }

    private void bring(final Mapcask mapcask, final String word, final String value) {
        final byte[] key = Bytes.of(word);
        final byte[] wanted = Bytes.of(value);
        final byte[] stored = mapcask.get(key);
        if (Arrays.equals(stored, wanted)) {
            return;
        }
        mapcask.put(key, wanted);
        if (stored == null) {
            added++;
        } else {
            changed++;
            glossesChanged += sameGlosses(Bytes.text(stored), value) ? 0 : 1;
        }
    }

    private static boolean sameGlosses(final String stored, final String wanted) {
        try {
            return stored != null && EntryText.glossesOnly(stored).equals(EntryText.glossesOnly(wanted));
        } catch (final IllegalArgumentException e) {
            return false;
        }
    }

    private void report(final int deleted) {
        if (added + changed + deleted == 0) {
            terminal.say("nothing to do: " + store.directory() + " holds WordNet " + version + " already");
        } else {
            terminal.say(String.format(Locale.ROOT, "updated to WordNet %s: %,d words added, %,d deleted, %,d changed "
                + "(%,d of them in a definition or example, %,d in synonyms only)",
                version, added, deleted, changed, glossesChanged, changed - glossesChanged));
        }
        if (json) {
            terminal.line(new JsonObject().text("wordnet", version).number("words", read).number("added", added)
                .number("deleted", deleted).number("changed", changed).number("changedGlosses", glossesChanged)
                .number("changedSynonymsOnly", changed - glossesChanged).toString());
        }
    }
}
