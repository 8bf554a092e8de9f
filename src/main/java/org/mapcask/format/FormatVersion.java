package org.mapcask.format;

/**
 * The version of the file format that this library writes, and the only one it reads. The history is in the package
 * documentation.
 */
public final class FormatVersion {
    /** Written into every header page. */
    public static final int CURRENT = 1;

    private FormatVersion() {
    }
}
