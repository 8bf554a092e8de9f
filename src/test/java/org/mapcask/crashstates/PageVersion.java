package org.mapcask.crashstates;

import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * What a page holds at some time.
 *
 * @param bytes not to be changed.
 * @param print tells it from other pages: a state is made of thousands of them, most of which many states share.
 */
record PageVersion(byte[] bytes, long print) {
    /** A page of these bytes; takes the array as its own. */
    static PageVersion of(final byte[] bytes) {
        final CRC32 one = new CRC32();
        final CRC32C other = new CRC32C();
        one.update(bytes);
        other.update(bytes);
        return new PageVersion(bytes, one.getValue() << Integer.SIZE | other.getValue());
    }
}
