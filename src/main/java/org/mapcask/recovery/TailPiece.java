package org.mapcask.recovery;

/** A piece of the end of a log, of which the records of one part of the keydir can be had. Belongs to the writer. */
interface TailPiece {
    /**
     * Adds the records of a part, for each key in the order of the log.
     *
     * @return false if that cannot be read; nothing was added then.
     */
    boolean gather(int part, TailEntries into);
}
