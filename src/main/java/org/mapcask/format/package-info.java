/**
 * The format book: what lies in a store directory, byte for byte, and what may be concluded from it after a crash. The
 * byte offsets stand in the descriptors and nowhere else: {@link org.mapcask.format.HeaderDescriptor} for the first
 * page of a segment, {@link org.mapcask.format.MergeDescriptor} for what a merge adds to it, {@link
 * org.mapcask.format.RecordDescriptor} for a record, {@link org.mapcask.format.RecordChecksum} for what a record's
 * checksum covers; {@link org.mapcask.format.WalDescriptor} and {@link org.mapcask.format.WalChecksum} for a frame of
 * the write-ahead log; {@link org.mapcask.format.CheckpointDescriptor} for a checkpoint and its pages, {@link
 * org.mapcask.format.HintDescriptor} for hints of what is behind it. This package does no input or output.
 *
 * <h2>Files</h2>
 * <table class="striped">
 *   <caption>Names in a store directory</caption>
 *   <tr><th>name</th><th>what</th><th>when it is damaged or missing</th></tr>
 *   <tr><td>16 hexadecimal digits and {@code .seg}</td><td>a segment; the digits are its id</td>
 *     <td>what is durable in it is lost: opening refuses</td></tr>
 *   <tr><td>the same and {@code .tmp}</td><td>a segment that is being prepared</td>
 *     <td>nothing: the next open removes it</td></tr>
 *   <tr><td>8 hexadecimal digits, a dash, 2 of them and {@code .wal}</td><td>a file of the write-ahead log: number of
 *     the ring, index in it</td><td>what is durable in it alone is lost: opening refuses; nothing when the store was
 *     closed properly</td></tr>
 *   <tr><td>16 hexadecimal digits and {@code .checkpoint}</td><td>a checkpoint of the keydir; the digits are its
 *     number</td><td>nothing is lost: opening reads the log</td></tr>
 *   <tr><td>the same and {@code .tmp}</td><td>a checkpoint that is being written</td>
 *     <td>nothing: the next open removes it</td></tr>
 *   <tr><td>16 hexadecimal digits and {@code .pages}</td><td>pages of the keydir, to which a checkpoint leads</td>
 *     <td>the same; a damaged page that is met later is an exception, until the checkpoint is removed</td></tr>
 *   <tr><td>16 hexadecimal digits and {@code .hint}</td><td>hints of records behind the newest checkpoint; the digits
 *     are the id of their segment</td><td>nothing: the records are read</td></tr>
 *   <tr><td>{@code mapcask.unfinished-backup}</td><td>empty; says that a backup to this directory was not finished, and
 *     that the directory is no store: the first file that comes, and the last that goes</td>
 *     <td>without it a part of a backup would be opened</td></tr>
 *   <tr><td>{@code mapcask.lock}</td><td>the lock; text about its holder, for messages</td>
 *     <td>nothing: it is made anew</td></tr>
 *   <tr><td>{@code lost+found}, names that start with a dot</td><td>left alone</td><td>nothing</td></tr>
 *   <tr><td>any other name</td><td>not a store's</td><td>opening refuses and touches nothing</td></tr>
 * </table>
 *
 * <h2>Bytes</h2>
 * All numbers are little-endian. A segment is one header page, then records back to back, each at a multiple of 8
 * bytes with zeros as padding, then zeros to the end of the file. <em>Zero means unwritten</em>, in a file as in a
 * sector of a header: a file gets its full length, as zeros with real blocks, before it gets its name, and no record
 * has length zero. So a reader needs no length of the log from anywhere; it walks until it meets a zero.
 * <p>
 * Lengths in a file and offsets are ints, positions and sequences longs. Text in headers is ASCII; keys and values
 * are bytes without meaning to the format.
 *
 * <h2>Checksums</h2>
 * Each sector of the header page has a CRC32C that also covers the offset of the sector and, but for the first, the
 * salt of the segment. A record has one that covers its body (expiry, key, value) and then a trailer, which is not
 * stored: sequence, shape, salt, offset, length. The body comes first, so that a writer can sum it up before it holds
 * the write lock, when neither sequence nor offset is known. Salt and offset are in it so that no record passes
 * anywhere but where it was written: not a stale one of an earlier use of the file, not one that a disk wrote to the
 * wrong place, and not the image of a record inside of a value. Padding is not in the checksum; it must be zero, and a
 * scan looks at it.
 *
 * <h2>Visible and durable</h2>
 * A record becomes <em>visible</em> when its length is stored, last and with release order. That says nothing about
 * the disk: the kernel writes pages back in any order, so after a power cut a length may be there without its record,
 * and a late record without an earlier one. What is <em>durable</em> is known from the headers alone:
 * <ul>
 *   <li>A <em>watermark</em> is written after the sync that it speaks of. It claims the records below its end offset
 *       in this segment, and every record of the log up to its last durable sequence. It becomes durable with some
 *       later sync, so on disk it may lag behind, but it never claims too much. Two sectors take turns: a watermark
 *       that a power cut spoils leaves its predecessor whole.
 *   <li>A <em>seal</em> takes two syncs: one of all records, then the seal sector is written, then one of the header
 *       page. It fixes end, first and last sequence of a segment that gets no more records. Segments are sealed in the
 *       order of the log, up to eight that follow each other together, and then the first seal is written when the
 *       records of all are durable. So a seal too claims everything before it. Of the last eight seals of a log that
 *       was not closed some may be missing, or not durable although they can be read: whoever opens it writes and
 *       syncs their headers once more.
 *   <li>The <em>clean</em> mark of a watermark says that the store was closed and that nothing is written behind the
 *       end. It is taken back, and that is synced, before whoever opens it appends anything or makes a file.
 * </ul>
 *
 * <h2>Sequence</h2>
 * The records of a log have the sequences 1, 2, 3 … without a hole, through all segments, but for the ranges that
 * merges took out of it. This is the order of the log, and the only one: ids of files and clocks say nothing. The
 * header of a segment that was taken into use tells its first sequence, and a reader goes through the segments in that
 * order. Where the next sequence does not follow:
 * <ul>
 *   <li>and some header claims it durable, it is <em>damage</em>: a broken record, or a file that is gone. Opening
 *       refuses and names file and offset; salvage reads on behind it.
 *   <li>and none does, it is the <em>torn tail</em> of a crash. It goes with everything behind it, later segments
 *       included, so that what stays is a prefix of what was written. Zeros are written over it before anything is
 *       appended: else an old record might follow a new one of the same length, with the right sequence. The first word
 *       of it becomes zero last, when all behind it is zero durably: until then whoever looks finds a torn tail.
 * </ul>
 * The loss of the newest file as a whole, by another hand, cannot be told from a crash before it was used.
 *
 * <h2>Life of a segment</h2>
 * <ol>
 *   <li><em>Prepared</em>: made under its temporary name, its blocks allocated, its identity written; file sync;
 *       rename; directory sync. A name of a segment therefore always stands for a whole header. Neither watermark nor
 *       seal is in it: what the file may hold besides does not count, and the next open removes it.
 *   <li><em>Active</em>: taken into use by the first watermark, which tells its first sequence and claims nothing. The
 *       first sync of records includes the header page, so a durable record never lies in a file that looks unused.
 *       Where no watermark can be read, although something is in its sectors, the first sound record tells the use.
 *   <li><em>Rolled</em>: a record did not fit, and the next segment became active.
 *   <li><em>Sealed</em>: by the two syncs above. After a crash a rolled segment may be found unsealed anywhere before
 *       the last one; the next opening seals it. Unused space behind the end of a sealed segment may be given back to
 *       the file system, and that of the last one when the store was closed properly; it still reads as zeros, and the
 *       file keeps its length. Whoever appends to a segment that was there before gives it blocks again first.
 * </ol>
 * A segment that a merge replaced may become the file of a new one: it loses its name for a temporary one, gets zeros
 * into every page, and goes on as one that is prepared. Its salt is another. A power cut may bring the old name back,
 * with anything behind it: it does not count, since the commit of the merge names it.
 * <p>
 * A record that is too long for a segment gets a segment of its own, made to its measure. It is written and published
 * under the same rules, is rolled at once, and may be prepared before segments that come before it in the log.
 *
 * <h2>Merge</h2>
 * A merge takes in sealed segments of either kind, never the newest of the log, copies what is still needed into
 * segments of kind {@code KIND_MERGED}, and replaces the ones by the others. A copied record keeps its sequence and its
 * expiry and loses its place in a batch; its checksum is another, since it has another place. Records of a merged
 * segment are in no order, and none is added after the seal, which tells the lowest and the highest sequence. The
 * steps:
 * <ol>
 *   <li>The outputs are written, synced, sealed, and synced again. A dead value is not copied. A deletion is copied if
 *       its key is not there and some segment that stays holds a lower sequence: there may be an older value. A value
 *       that has expired is not copied; under the same condition a deletion with its sequence is written in its place.
 *   <li>The log is synced up to what was its last sequence then: what made a record dead is durable before it goes.
 *   <li>The <em>commit</em> is written into the last output, the carrier, and synced. It names the outputs, the inputs,
 *       and all ranges of sequences that merges have taken out of the log so far. From here on the merge counts.
 *   <li>The other outputs are stamped and synced. They count without a commit then, which may go with a later merge.
 *   <li>The inputs are removed. A merge that comes later, and takes the commit in, makes an output first, and syncs the
 *       directory for its name: while an input is there, the commit that names it is there.
 * </ol>
 * So of what is found after a crash a merged segment counts if it is stamped or a carrier, or if a carrier names it;
 * any other is an output of a merge that does not count. What a carrier names as input does not count, whatever is in
 * it, and a carrier that was replaced itself still counts for that. The next open makes all commits durable, stamps
 * what they name, removes what they replaced, the oldest merge first, with a sync of the directory after each, and then
 * the outputs that do not count.
 * <p>
 * Each sector of a commit is whole or zero after a power cut. So a commit with sectors missing never counted, and its
 * inputs are all there; where they are not, or where the store was closed properly, it is damage.
 * <p>
 * Merged segments are read first, in any order, then the log in its own, and everywhere the record with the <em>highest
 * sequence</em> of a key counts: a value or a deletion that comes later and is older changes nothing. Sequences in the
 * ranges of a carrier are not missing from the log, and are durable.
 * <p>
 * A segment that begins inside of a batch is taken in only together with the one before it, or when that is gone
 * already. So a batch that is open where a range begins never got its last record, and one that goes on behind a range
 * began in it, and counts if its last record is there.
 * <p>
 * What can be noticed when a merged segment is lost as a whole: an output of the newest merge, since its commit names
 * it; and the newest carrier, if its merge took in segments of the log, since then sequences are missing that no range
 * covers. The loss of another output of an older merge cannot be told from its having been merged again.
 *
 * <h2>Deletions, expiry, batches</h2>
 * A deletion is a record of its own type without a value. An expiry is a time in milliseconds since 1970 in front of
 * the key; when it has come, the key is absent, and a merge may leave the record out. The clock does nothing else: an
 * expired record is replayed like any other, and hides older ones of its key. The records of a batch follow one another
 * as first, inside …, last, also from one segment into the next. It counts when its last record is sound, and then
 * whole. When a record that does not belong to it, or the end of the log, comes before its last one, the batch never
 * happened: its records stay in the log with their sequences, and no key leads to them. Nothing is cut for it, since
 * some of them may already lie in a sealed segment. A batch of one record is a record like any other. A writer need not
 * write what nobody could ever see: of several entries of one key only the last is written, and no deletion of a key
 * that is not there.
 *
 * <h2>Write-ahead log</h2>
 * A store may have one: a ring of four files of equal length. A record that somebody waits for is written into it a
 * second time, since one write to the device is all that takes, whereas the segments are made durable later and in
 * bulk. The records of the log stay those of the segments; the ring is looked at after a crash only.
 * <ul>
 *   <li>A file has a header page with an identity of kind {@code KIND_WAL}: the segment id is the index in the ring,
 *       the base position is the number of the ring, the hash seed is zero. The rest of the page is zero. Behind it
 *       come <em>frames</em>, in the order of the sequences, each at a multiple of 4096 and whole in its file.
 *   <li>A file is made under its final name. Zeros are written all over it, and its header last: a header of zeros is
 *       that of a file that was never finished, and harmless. A ring is whole when all of its files are, and of one
 *       length. A new ring has a higher number; it is whole, and its names are durable, before any file of an older one
 *       is removed.
 *   <li>A frame holds records of rising sequences. The frames leave out what was passed over, such as long values; the
 *       sequence that a frame names as durable in the segments is never smaller than the last one that was left out
 *       before its own last record. So the frames, and the segments up to that sequence, have no hole.
 *   <li>The next frame goes behind the last one, and from the last file on into the first. A file is written over only
 *       when all of its records are durable in the segments. Each opening begins with the first file, and then the
 *       segments have everything. So an older frame may stand behind a newer one; the sequences tell.
 *   <li>A frame that is cut short by a crash has a wrong checksum: it does not count, and nobody was told that its
 *       records are durable. What lies behind it in its file can only be older.
 *   <li>After a crash the records of the frames that follow the last one of the segments are appended to the segments,
 *       with their sequences, and made durable there, before the ring is written to again. The checksum inside such a
 *       record is made anew, for its new place.
 *   <li>A watermark tells whether commits went through the ring. If so, and the store was not closed properly, a ring
 *       that is not whole is damage. A store that was closed properly needs none.
 * </ul>
 *
 * <h2>Positions</h2>
 * A position is a place in the whole log: base position of the segment plus offset in its file. Base positions are
 * dealt out in units of 1 MiB, a segment takes as many units as it needs, and the numbers between its end and the next
 * unit stay unused. A position is a multiple of 8, so {@code position >>> 3} fits into 40 bits as long as positions
 * stay below 8 TiB. Positions say nothing about order, and a base position may be used again once no segment has it.
 *
 * <h2>Limits</h2>
 * <table class="striped">
 *   <caption>Limits of the format</caption>
 *   <tr><th>what</th><th>limit</th><th>why</th></tr>
 *   <tr><td>key</td><td>1 byte to 64 KiB</td><td>16 bits hold the length less one</td></tr>
 *   <tr><td>value</td><td>0 bytes to 1 GiB</td><td>a record and its segment are addressed by int</td></tr>
 *   <tr><td>segment</td><td>8 KiB to a little over 1 GiB, whole pages</td><td>a page of records; the longest
 *     record</td></tr>
 *   <tr><td>log, dead records included</td><td>8 TiB of positions</td><td>40 bits, in steps of 8 bytes</td></tr>
 *   <tr><td>segments</td><td>8,388,608</td><td>one unit of positions at least for each</td></tr>
 *   <tr><td>file of the write-ahead log</td><td>8 KiB to 1 GiB, whole pages</td><td>one frame; nobody needs
 *     more</td></tr>
 *   <tr><td>frame</td><td>4 KiB to 1 MiB, whole pages</td><td>two are held in memory</td></tr>
 *   <tr><td>sequence, id</td><td>63 bits</td><td>never reached</td></tr>
 * </table>
 *
 * <h2>What is assumed about media</h2>
 * <ul>
 *   <li>A sector of 512 bytes at a multiple of 512 is written whole or not at all. Larger pieces may be torn between
 *       sectors, and sectors may arrive in any order.
 *   <li>A killed process is another matter: headers are written through a mapping, so a sector may be found half
 *       written after it, but every byte that was stored is there, in the order of the stores.
 *   <li>After a successful sync its bytes are there; a disk that acknowledges earlier can lose what was durable, and
 *       that shows as damage. A failed sync tells nothing about what is there, so it is never repeated.
 *   <li>A rename within a directory happens whole or not at all, and is durable after a sync of the directory.
 *   <li>Bytes that nobody writes may change, rarely. Any change of the bytes that count is found by a checksum, up to
 *       the 1 in 2<sup>32</sup> that a CRC lets pass. It guards against accidents, not against an adversary.
 * </ul>
 *
 * <h2>Versions</h2>
 * <table class="striped">
 *   <caption>History</caption>
 *   <tr><th>version</th><th>what changed</th></tr>
 *   <tr><td>1</td><td>the first: segments of kind {@code KIND_LOG}, merged ones of kind {@code KIND_MERGED}, files of
 *     the write-ahead log of kind {@code KIND_WAL}. Batches and expiries are read and written.</td></tr>
 * </table>
 * A store of another version is refused as a whole, before anything is changed. A later version has to keep the
 * identity sector, with its magic, its version and its checksum, so that every release can tell what it is looking at.
 * It has to raise the number whenever an older reader would go wrong: another kind of file, another type or flag of a
 * record, another meaning of a byte. Bytes that are zero now are free for that. For each version there is a store under
 * {@code src/test/resources/golden} that every later release has to read.
 */
package org.mapcask.format;
