/**
 * Opening a store: reading its log from the first record to the last, telling a torn tail from damage, and clearing
 * away what a crash left. {@link org.mapcask.recovery.Recovery} for the engine, {@link
 * org.mapcask.recovery.Verifier} for a check that changes nothing; both stand on {@code LogReplay}.
 */
package org.mapcask.recovery;
