package org.mapcask.keydir;

/**
 * Changes behind a checkpoint that are entered into the keydir when somebody asks for a key of their part, or in the
 * background: so an open need not enter them. The keydir calls it, as its writer.
 */
public interface DeferredChanges extends AutoCloseable {
    /** Bits of the number of a {@link KeydirParts part}. */
    int partBits();

    /**
     * Enters the changes of a part by {@link Keydir#enter}, for each key in the order of the log. If it throws, it may
     * be asked again, and goes on where it was.
     */
    void enter(int part);

    /** All were entered, or nobody will ask any more. */
    @Override
    void close();
}
