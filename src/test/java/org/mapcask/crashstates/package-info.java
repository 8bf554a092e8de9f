/**
 * The states that a power cut may leave, one by one. A script of operations runs on a file system in memory that knows
 * what is durable and what is not; before and after every operation on a file the states that a cut at this moment may
 * leave are built, opened, and held against the history of the script.
 *
 * <p>The model of the disk, chosen to be harsher than any one file system:
 * <ul>
 *   <li>a sector of 512 bytes is written whole or not at all; the sectors of a page each on their own;
 *   <li>what was stored since the last sync of its page is there, or not, or in any state that it had in between, each
 *       sector on its own, since the kernel writes pages back whenever it likes, and a disk has a cache;
 *   <li>lengths of files are durable with a sync of the file; until then the file may be shorter;
 *   <li>names are durable with a sync of the directory; until then any subset of creations, renames and removals may
 *       have happened, whatever their order;
 *   <li>a durable write is durable, with as much of the length as it needs, when it returns, and not before: a cut in
 *       the middle of it leaves any of its sectors, old or new, and so does the end of the process, which leaves them
 *       in the cache alone; the name of its file follows the rule of all names;
 *   <li>what was synced stays.
 * </ul>
 */
package org.mapcask.crashstates;
