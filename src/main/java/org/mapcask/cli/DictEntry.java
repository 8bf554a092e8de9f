package org.mapcask.cli;

import java.util.ArrayList;
import java.util.List;
import org.mapcask.dict.EntryText;
import org.mapcask.dict.PartOfSpeech;
import org.mapcask.dict.Sense;

/** A headword with its stored value, as it is shown. Immutable. */
record DictEntry(String word, String value) {
    /** Whether the word has a sense as this part of speech. */
    boolean has(final PartOfSpeech pos) {
        return senses().stream().anyMatch(sense -> sense.pos() == pos);
    }

    /** Prints it for people: the word, then its senses, numbered, each with synonyms and examples. */
    void print(final Terminal terminal) {
        terminal.line(word);
        final List<Sense> senses = senses();
        if (senses.isEmpty()) {
            terminal.line("  " + value.replace("\n", "\n  "));
        }
        for (int i = 0; i < senses.size(); i++) {
            final Sense sense = senses.get(i);
            final Sense.Word spelling = sense.spellingOf(word);
            terminal.line("  " + (i + 1) + ". " + sense.pos().label()
                + (spelling.text().equals(word) ? "" : " " + spelling.text())
                + (spelling.marker().isEmpty() ? "" : " (" + place(spelling.marker()) + ")")
                + ": " + sense.definition());
            sense.examples().forEach(example -> terminal.line(
                "       " + (example.startsWith("\"") ? example : '"' + example + '"')));
            final List<String> synonyms = sense.synonymsOf(word);
            if (!synonyms.isEmpty()) {
                terminal.line("       also: " + String.join(", ", synonyms));
            }
        }
    }

    /** The entry as an object: {@code word}, {@code senses}; a value that is no dictionary text as {@code value}. */
    JsonObject json() {
        final List<Sense> senses = senses();
        final JsonObject object = new JsonObject().text("word", word);
        if (senses.isEmpty()) {
            return object.text("value", value);
        }
        final List<JsonObject> list = new ArrayList<>();
        for (final Sense sense : senses) {
            final Sense.Word spelling = sense.spellingOf(word);
            final JsonObject one = new JsonObject().text("pos", sense.pos().label()).text("spelling", spelling.text());
            if (!spelling.marker().isEmpty()) {
                one.text("place", place(spelling.marker()));
            }
            list.add(one.texts("synonyms", sense.synonymsOf(word)).text("definition", sense.definition())
                .texts("examples", sense.examples()));
        }
        return object.objects("senses", list);
    }

    /** Senses of the value; none if it is not the text of a dictionary entry. */
    private List<Sense> senses() {
        try {
            return EntryText.parse(value);
        } catch (final IllegalArgumentException e) {
            return List.of();
        }
    }

    private static String place(final String marker) {
        switch (marker) {
            case "a":
                return "before a noun only";
            case "p":
                return "predicate only";
            default:
                return "straight after a noun";
        }
    }
}
