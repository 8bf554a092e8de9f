package org.mapcask.bench.peers;

import java.nio.file.Path;

/** Opens stores of one kind. Stateless; has a constructor without arguments, since it is found by its name. */
interface PeerFactory {
    /** Whether keys and values of the slots should lie outside of the heap, for a store that is called through JNI. */
    boolean wantsDirectMemory();

    /**
     * Opens the store in a directory, or makes it.
     *
     * @param directory is there, and is the store's alone.
     * @param setup     how it will be used.
     * @return the store; the caller closes it.
     * @throws Exception what the store throws when it refuses.
     */
    PeerStore open(Path directory, PeerSetup setup) throws Exception;
}
