package org.mapcask.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.mapcask.Mapcask;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code dict random DIR [N]}: shows words drawn from the whole dictionary, each as likely as any other, none twice.
 */
@Command(name = "random", description = "Show random words of a dictionary.")
final class DictRandomCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    private final Terminal terminal;

    @Mixin
    private final StoreArguments store;

    @Parameters(index = "1", arity = "0..1", paramLabel = "N", defaultValue = "1",
        description = "How many; ${DEFAULT-VALUE} unless given.")
    private int count;

    @Option(names = "--seed", paramLabel = "SEED", description = "Draw the same words again from the same store.")
    private Long seed;

    @Option(names = "--json", description = "One JSON object a line.")
    private boolean json;

    private long seen;

    DictRandomCommand(final Terminal terminal) {
        this.terminal = terminal;
        this.store = new StoreArguments(terminal);
    }

    @Override
    public Integer call() {
        if (count < 1) {
            throw new ParameterException(spec.commandLine(), "N must be at least 1, found: " + count);
        }
        store.requireStore("dict import DIR");
        try (Mapcask mapcask = store.openForReading()) {
            final List<String> words = draw(mapcask);
            if (words.isEmpty()) {
                terminal.say(DictCommand.emptyStore(store.directory()));
                return ExitStatus.NOT_FOUND;
            }
            for (final String word : words) {
                final DictEntry entry = new DictEntry(word, mapcask.get(word));
                if (json) {
                    terminal.line(entry.json().toString());
                } else {
                    entry.print(terminal);
                }
            }
        }
        return ExitStatus.DONE;
    }

    /** Reservoir sampling: one pass, memory for the words drawn only. */
    private List<String> draw(final Mapcask mapcask) {
        final SplittableRandom random = seed == null ? new SplittableRandom() : new SplittableRandom(seed);
        final List<String> drawn = new ArrayList<>();
        mapcask.forEach((key, keyOffset, keyLength, value, valueOffset, valueLength) -> {
            seen++;
            if (drawn.size() < count) {
                drawn.add(key.getStringWithoutLengthUtf8(keyOffset, keyLength));
            } else {
                final long place = random.nextLong(seen);
                if (place < count) {
                    drawn.set((int) place, key.getStringWithoutLengthUtf8(keyOffset, keyLength));
                }
            }
        });
        return drawn;
    }
}
