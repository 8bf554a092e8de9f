package org.mapcask.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the command line of a benchmark says: options with a value, options without one, and options that may come
 * several times. Immutable. Every fault is an IllegalArgumentException that names the option.
 */
public final class CommandLine {
    private final Map<String, List<String>> values;

    private CommandLine(final Map<String, List<String>> values) {
        this.values = values;
    }

    /**
     * Parses a command line.
     *
     * @param arguments as typed.
     * @param valued    options that take a value.
     * @param flags     options that take none.
     * @param repeated  options that take a value and may come again; others may not.
     */
    public static CommandLine parse(
        final List<String> arguments, final Set<String> valued, final Set<String> flags, final Set<String> repeated) {
        final Map<String, List<String>> values = new LinkedHashMap<>();
        final Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            final String name = rest.next();
            if (flags.contains(name)) {
                values.put(name, List.of());
            } else if (valued.contains(name) || repeated.contains(name)) {
                if (!rest.hasNext()) {
                    throw new IllegalArgumentException("option " + name + " needs a value");
                }
                final List<String> of = values.computeIfAbsent(name, key -> new ArrayList<>());
                if (!of.isEmpty() && !repeated.contains(name)) {
                    throw new IllegalArgumentException("option " + name + " is given twice");
                }
                of.add(rest.next());
            } else {
                throw new IllegalArgumentException("unknown option '" + name + "'; --help tells what there is");
            }
        }
        return new CommandLine(values);
    }

    /** Whether an option is there. */
    public boolean has(final String name) {
        return values.containsKey(name);
    }

    /** All values of an option, in order; empty if it is not there. */
    public List<String> all(final String name) {
        return List.copyOf(values.getOrDefault(name, List.of()));
    }

    /** The values of an option that is {@code NAME=VALUE}, by name. */
    public Map<String, String> pairs(final String name) {
        final Map<String, String> out = new LinkedHashMap<>();
        for (final String text : all(name)) {
            final int at = text.indexOf('=');
            if (at < 1) {
                throw new IllegalArgumentException("option " + name + ": '" + text + "' is not NAME=VALUE");
            }
            out.put(text.substring(0, at), text.substring(at + 1));
        }
        return out;
    }

    /** The value of an option. */
    public String text(final String name, final String otherwise) {
        return has(name) ? values.get(name).get(0) : otherwise;
    }

    /** The value of an option that names a file or directory. */
    public Path path(final String name, final Path otherwise) {
        return has(name) ? Path.of(text(name, null)) : otherwise;
    }

    /** The value of an option that is a whole number in a range. */
    public long number(final String name, final long otherwise, final long min, final long max) {
        return has(name) ? parse(name, text(name, null), min, max) : otherwise;
    }

    /** The values of an option that is a list of whole numbers, {@code 1,8,64}. */
    public List<Long> numbers(final String name, final List<Long> otherwise, final long min, final long max) {
        return has(name)
            ? words(name).stream().map(word -> parse(name, word, min, max)).distinct().toList() : otherwise;
    }

    /** The words of an option that is a list of them, {@code none,default}; each must be allowed. */
    public List<String> words(final String name, final List<String> otherwise, final List<String> allowed) {
        if (!has(name)) {
            return otherwise;
        }
        final List<String> found = words(name).stream().distinct().toList();
        for (final String word : found) {
            if (!allowed.contains(word)) {
                throw new IllegalArgumentException("option " + name + ": '" + word + "' is none of " + allowed);
            }
        }
        return found;
    }

    private List<String> words(final String name) {
        return Arrays.asList(text(name, null).split(",", -1));
    }

    private static long parse(final String name, final String word, final long min, final long max) {
        try {
            final long number = Long.parseLong(word);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (final NumberFormatException e) {
            throw new IllegalArgumentException("option " + name + ": '" + word + "' is no whole number", e);
        }
        throw new IllegalArgumentException("option " + name + ": " + word + " is not in " + min + " to " + max);
    }
}
