package org.mapcask.bench.peers;

import java.io.IOException;
import org.mapcask.RecordConsumer;

/**
 * A store under comparison, open. Sessions are used by one thread each; the other calls by one thread while no session
 * works, unless they say otherwise.
 */
interface PeerStore extends AutoCloseable {
    /**
     * What one thread reads and writes through. Records are those of a {@link PeerSlot}; a call that fails throws.
     */
    interface Session extends AutoCloseable {
        /** Puts the slot's value under its key, in place of any other; visible to everyone when it returns. */
        void put(PeerSlot slot) throws Exception;

        /**
         * Gets the value of the slot's key as it is now, and leaves it in the hands of the caller: copied to the
         * slot's value, or in a new array that is the caller's, see {@link PeerSlot#answer(byte[])}.
         *
         * @return its length, or -1 if there is no such key.
         */
        int get(PeerSlot slot) throws Exception;

        /** Removes the slot's key. */
        void delete(PeerSlot slot) throws Exception;

        /** Ends the session. */
        @Override
        default void close() {
        }
    }

    /** A session of the calling thread. */
    Session newSession() throws Exception;

    /** Hands every record to a consumer, each key once; the buffers are valid during the call only. */
    void scan(RecordConsumer consumer) throws Exception;

    /** Brings everything onto the disk, and gives back what dead space the store can give back while it is open. */
    void settle() throws Exception;

    /** Memory of the index for each key by the store's own count, or NaN where it does not tell or has none. */
    default double indexBytesPerKey() {
        return Double.NaN;
    }

    @Override
    void close() throws IOException;
}
