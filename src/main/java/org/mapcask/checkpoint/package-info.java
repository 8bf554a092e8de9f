/**
 * The files of checkpoints: {@link org.mapcask.checkpoint.PageFile} holds pages of the keydir, {@link
 * org.mapcask.checkpoint.Checkpoint} says which of them make up the keydir as it was, and from where on the log has to
 * be replayed; it also keeps the headers of sealed segments, which need not be read then. {@link
 * org.mapcask.checkpoint.CheckpointStore} finds, writes and removes them in a directory. {@link
 * org.mapcask.checkpoint.HintFiles} tell of records behind a checkpoint, so that these need not be read. The engine
 * writes all of them and recovery reads them, so this package stands below both.
 *
 * <p>None of these files is ever needed: without them, or with damaged ones, a store is opened from its log.
 */
package org.mapcask.checkpoint;
