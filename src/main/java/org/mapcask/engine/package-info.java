/**
 * The running store: {@link org.mapcask.engine.Engine} puts {@code WritePath} (append under a short lock),
 * {@code BatchWriter} (several writes as one, which readers see at once through {@code InstallGate}), the readers'
 * contexts, {@code LogSync} (durability in the order of the log), {@code SegmentSupply} (the next segment,
 * ready before it is needed) and {@code Housekeeper} (the background threads) together.
 */
package org.mapcask.engine;
