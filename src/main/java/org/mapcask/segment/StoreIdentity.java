package org.mapcask.segment;

import java.security.SecureRandom;
import java.util.UUID;

/**
 * What all segments of one store share: its id, and the seed of its key hash. Both are random, made with the store,
 * and stand in every segment header.
 */
public record StoreIdentity(long idHigh, long idLow, long hashSeed) {
    /** A new identity. */
    public static StoreIdentity random() {
        final SecureRandom random = new SecureRandom();
        return new StoreIdentity(random.nextLong(), random.nextLong(), random.nextLong());
    }

    /** The id in the usual notation. */
    public String id() {
        return new UUID(idHigh, idLow).toString();
    }
}
