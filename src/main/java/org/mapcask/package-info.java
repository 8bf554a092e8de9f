/**
 * Mapcask, an embedded Bitcask: an append-only log of pre-allocated, memory-mapped segment files, and in memory,
 * outside the heap, a directory from each key to the place of its newest record in the log.
 *
 * <pre>{@code
 *   try (Mapcask store = Mapcask.open(directory)) {
 *       store.put("hello", "world");
 *       store.get("hello");
 *       store.delete("hello");
 *   }
 * }</pre>
 *
 * <p>{@link org.mapcask.Mapcask} is the store, {@link org.mapcask.MapcaskOptions} its settings. An embedder needs
 * these two, {@link org.mapcask.Batch} for writes that belong together, and {@code org.mapcask.errors} to know what can
 * go wrong.
 *
 * <h2>Map of the layers</h2>
 *
 * A package knows only what stands in the rows below its own; neighbours in a row do not know each other. A test
 * reads the imports and holds the rows.
 *
 * <pre>
 *   cli                                      the command line
 *   lab                                      measures a store: workloads, histograms, results folders, charts
 *   org.mapcask                              what an embedder sees: store, options, statistics
 *   engine   recovery   merge                put and get | open after any stop | rewrite live records
 *   checkpoint                               the files of a durable keydir: the engine writes, recovery reads them
 *   keydir   wal   segment   sync            key to position | commit log | files of the log | when to make durable
 *   io                                       mapped files, file operations, lock of the directory
 *   nativeaccess   format   dict             calls to the operating system | byte layouts | WordNet as input
 *   errors                                   every exception, and how it is worded
 * </pre>
 *
 * Not every package named here need exist in this version. Engine, recovery and merge meet only in the
 * store, which hands each the plain values it needs; the options object goes no further down.
 *
 * <h2>Words</h2>
 *
 * In code and prose each of these has one meaning:
 *
 * <dl>
 *   <dt>segment<dd>a file of the log, mapped into memory. The <em>active</em> one is appended to.
 *   <dt>record<dd>header, key and value of one write; that of a delete is a <em>tombstone</em>.
 *   <dt>position<dd>the place of a record in the whole log, a long.
 *   <dt>offset<dd>a place in one buffer or file, an int wherever a segment bounds it.
 *   <dt>length<dd>a number of bytes.
 *   <dt>keydir<dd>the directory from key to position.
 *   <dt>seal<dd>make a segment immutable.
 *   <dt>roll<dd>seal the active segment and go on in the next.
 *   <dt>publish<dd>make visible: from now on other threads of this process read it.
 *   <dt>sync<dd>make durable: from now on it outlives a power cut. Visible and durable are never used for one
 *       another.
 *   <dt>watermark<dd>the position below which everything is durable.
 *   <dt>torn tail<dd>what is invalid above the watermark: the rest of a write that a stop cut short. It is cut off at
 *       open.
 *   <dt>corruption<dd>what is invalid below the watermark: damage. It is reported, and never passed over in silence.
 *   <dt>merge<dd>write the live records of some segments anew, so that the space of the dead ones comes back.
 *   <dt>retire<dd>take a merged segment out of use, once no reader is in it.
 *   <dt>checkpoint<dd>a durable state of the keydir.
 *   <dt>hint<dd>what an open needs to know of a durable record behind the newest checkpoint, without reading it.
 *   <dt>WAL<dd>the commit log that takes writes which have to be durable before they are acknowledged.
 * </dl>
 *
 * <h2>Threads</h2>
 *
 * A store may be used by any number of threads. One writes at a time: put, delete, the conditional writes and
 * batches take a short lock, copy the record into the active segment, publish it by storing its length last with
 * release, and then enter its position into the keydir. Readers take no lock and write no shared memory: they look the
 * key up, copy the value, check the copy, and start over if the segment was retired meanwhile. Only while the keydir
 * entries of a batch change do they wait, so that they see all of it or nothing. A thread that has seen a write return
 * sees its effect, and so does every read that starts later. Closing the store is allowed at any time: calls that run
 * are finished or end with {@link org.mapcask.errors.StoreClosedException}, as do all later ones, and memory is
 * unmapped only after the last of them has left.
 *
 * <p>One directory is open in one place at a time, other processes included; the lock of the directory holds that.
 */
package org.mapcask;
