package org.mapcask;

/**
 * What an option is, as the table of all options has it; for programs that show or vary options. Immutable.
 *
 * @param name         key in a properties file; with {@code mapcask.} before it the name of the system property.
 * @param defaultValue as a text that the option takes.
 * @param allowed      values that are allowed, in words.
 * @param meaning      what it does, in one sentence.
 */
public record OptionDescription(String name, String defaultValue, String allowed, String meaning) {
}
