/**
 * The key directory: from the hash of a key to the position of its record, off heap, about 14 bytes a key. It knows
 * positions, never segments, and no keys: whoever looks something up compares the keys in the log through a {@link
 * org.mapcask.keydir.KeyMatcher}.
 *
 * <pre>
 *   Keydir            what the engine calls: find, locate and put, remove, compare-and-set
 *      |                 (KeydirCursor walks through it all)
 *      |  PageTable      directory: hash prefix to frame, with versions
 *      |  PageEditor     changes one page in place, readers looking on
 *      |  PageSplitter   makes two pages of one
 *      |  KeydirPage     the layout: the only place that knows offsets and bits
 *   KeydirMemory      frames of 4 KiB out of chunks of 2 MiB
 *   ChunkAllocator    where chunks come from: NativeChunkAllocator (huge pages), DirectChunkAllocator (plain Java)
 *
 *   KeyHash           the hash, frozen with the format
 * </pre>
 *
 * <p>Hash bits, each used once: the upper half, skewed, chooses the page with its leading bits and tells entries
 * apart with the rest of its first 29; the lower half chooses the line in the page. At depth d of a page 29 - d bits
 * tell apart the entries of the one or two lines that a search reads.
 *
 * <p>Threads: one writer at a time under the lock of its owner, one background thread that makes memory ahead, any
 * number of readers without a lock. The argument why that is right stands in {@link org.mapcask.keydir.Keydir}.
 *
 * <p>Limits: positions to 8 TiB in steps of 8; depth 29, that is about 10^11 keys; 28 keys with entirely equal hash
 * bits.
 */
package org.mapcask.keydir;
