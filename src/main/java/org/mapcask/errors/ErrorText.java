package org.mapcask.errors;

/**
 * Builds the one-line text of an error in a fixed order: what happened, where, what was expected, what was found,
 * what to do. Every exception of Mapcask is worded through it, so that a reader finds the same five facts in the
 * same places. Not thread-safe; made, filled and turned into a string by one thread.
 */
public final class ErrorText {
    private final StringBuilder text = new StringBuilder(160);

    private ErrorText(final String what) {
        text.append(what);
    }

    /** Starts a text with what happened. */
    public static ErrorText what(final String what) {
        return new ErrorText(what);
    }

    /** Where: a file, a directory, an option name. */
    public ErrorText where(final Object where) {
        return part("; where: ", where);
    }

    /** Where: an offset in bytes within a file. */
    public ErrorText where(final Object file, final long offset) {
        return part("; where: ", file + " at offset " + offset);
    }

    /** What would have been right. */
    public ErrorText expected(final Object expected) {
        return part("; expected: ", expected);
    }

    /** What was there instead. */
    public ErrorText found(final Object found) {
        return part("; found: ", found);
    }

    /** What the reader can do about it. */
    public String todo(final String todo) {
        return part("; what to do: ", todo).toString();
    }

    private ErrorText part(final String label, final Object value) {
        text.append(label).append(value);
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
