package org.mapcask.wal;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.mapcask.io.FileOps;

/**
 * Plain values that the write-ahead log needs.
 *
 * @param files       the file system.
 * @param directory   of the store.
 * @param storeIdHigh upper half of the id of the store.
 * @param storeIdLow  lower half of it.
 * @param length      of all files of the ring together, in bytes: a multiple of {@link Wal#FILE_COUNT} pages of 4 KiB.
 * @param latch       told about the first failure of a write, before anybody who waits for it.
 */
public record WalSettings(
    FileOps files, Path directory, long storeIdHigh, long storeIdLow, long length,
    Consumer<Throwable> latch) {
}
