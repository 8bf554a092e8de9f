package org.mapcask.errors;

/**
 * Stored bytes are not what was written: the file and the offset say where. Never thrown for a key that is merely
 * absent.
 */
public class CorruptionException extends MapcaskException {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final long offset;

    /**
     * Damage at one place.
     *
     * @param file    name of the damaged file.
     * @param offset  of the damaged record or header in bytes from the start of the file.
     * @param message see {@link ErrorText}.
     */
    public CorruptionException(final String file, final long offset, final String message) {
        super(message);
        this.file = file;
        this.offset = offset;
    }

    /** Name of the damaged file. */
    public String file() {
        return file;
    }

    /** Offset of the damage in bytes from the start of {@link #file()}. */
    public long offset() {
        return offset;
    }
}
