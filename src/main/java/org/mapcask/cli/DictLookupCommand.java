package org.mapcask.cli;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.mapcask.Mapcask;
import org.mapcask.dict.Morphy;
import org.mapcask.dict.Suggestions;
import org.mapcask.dict.WordNet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code dict lookup DIR WORD}: shows a word, else the words that it is a form of, else suggests close ones and ends
 * with status 1.
 */
@Command(name = "lookup", description = "Look a word up in a dictionary; case does not matter.",
    footer = "%nA word that is not there is tried as a form of another: mice, ran away. If that fails too, close words "
        + "are suggested on standard error, and the status is 1. A directory without a store ends with status 4.%n"
        + "WordNet is a work of Princeton University; mapcask dict license prints its terms.")
final class DictLookupCommand implements Callable<Integer> {
    private static final int SUGGESTIONS_MAX = 8;

    @Spec
    private CommandSpec spec;

    private final Terminal terminal;

    @Mixin
    private final StoreArguments store;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "WORD", description = "A word or phrase.")
    private List<String> words;

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    DictLookupCommand(final Terminal terminal) {
        this.terminal = terminal;
        this.store = new StoreArguments(terminal);
    }

    @Override
    public Integer call() {
        final String word = WordNet.normalise(String.join(" ", words));
        if (word.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "the word is empty");
        }
        store.requireStore("dict import DIR");
        try (Mapcask mapcask = store.openForReading()) {
            final WordNet wordNet = WordNet.newest();
            final DictEntry entry = find(mapcask, word);
            final List<Morphy.Base> bases = new Morphy(wordNet).bases(word, (base, pos) -> {
                final DictEntry candidate = find(mapcask, base);
                return candidate != null && candidate.has(pos);
            });
            if (entry == null && bases.isEmpty()) {
                return suggest(mapcask, word, wordNet);
            }
            show(mapcask, word, entry, bases);
            return ExitStatus.DONE;
        }
    }

    private static DictEntry find(final Mapcask mapcask, final String word) {
        final String value = mapcask.get(word);
        return value == null ? null : new DictEntry(word, value);
    }

    private void show(
        final Mapcask mapcask, final String word, final DictEntry entry, final List<Morphy.Base> bases) {
        final List<DictEntry> entries = new ArrayList<>();
        final Set<String> forms = new LinkedHashSet<>();
        bases.forEach(base -> forms.add(base.word()));
        if (entry != null) {
            entries.add(entry);
        } else {
            forms.forEach(form -> entries.add(find(mapcask, form)));
        }
        bases.forEach(base -> terminal.say("\"" + word + "\" is " + (entry == null ? "" : "also ") + "a form of the "
            + base.pos().label() + " \"" + base.word() + "\""));
        if (json) {
            final List<JsonObject> objects = new ArrayList<>();
            entries.forEach(shown -> objects.add(shown.json()));
            terminal.line(new JsonObject().text("query", word).flag("found", true).flag("inflected", entry == null)
                .texts("formOf", new ArrayList<>(forms)).objects("entries", objects).toString());
        } else {
            entries.forEach(shown -> shown.print(terminal));
        }
    }

    private int suggest(final Mapcask mapcask, final String word, final WordNet wordNet) {
        final Suggestions suggestions = new Suggestions(word);
        mapcask.forEach((key, keyOffset, keyLength, value, valueOffset, valueLength) ->
            suggestions.offer(key.getStringWithoutLengthUtf8(keyOffset, keyLength)));
        final List<String> best = suggestions.best(wordNet, SUGGESTIONS_MAX);
        if (mapcask.size() == 0) {
            terminal.say(DictCommand.emptyStore(store.directory()));
        } else {
            terminal.say("not found: " + word
                + (best.isEmpty() ? "" : "; did you mean: " + String.join(", ", best) + "?"));
        }
        if (json) {
            terminal.line(
                new JsonObject().text("query", word).flag("found", false).texts("suggestions", best).toString());
        }
        return ExitStatus.NOT_FOUND;
    }
}
