package org.mapcask.recovery;

import org.mapcask.checkpoint.HintBlock;
import org.mapcask.checkpoint.HintReader;
import org.mapcask.errors.CorruptionException;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.MapcaskException;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.keydir.KeyHash;
import org.mapcask.recovery.LogContents.Used;
import org.mapcask.segment.SegmentScanner;

/** Records of which a block of hints tells; they stay in its file. Belongs to the writer. */
final class HintedPiece implements TailPiece {
    private static final System.Logger LOGGER = System.getLogger(HintedPiece.class.getName());

    private final Used used;
    private final HintBlock block;
    private final long fromSequence;
    private final TailHints hints;

    /**
     * Those of a block.
     *
     * @param fromSequence the first that is wanted.
     */
    HintedPiece(final Used used, final HintBlock block, final long fromSequence, final TailHints hints) {
        this.used = used;
        this.block = block;
        this.fromSequence = fromSequence;
        this.hints = hints;
    }

    @Override
    public boolean gather(final int part, final TailEntries into) {
        final long base = used.segment.basePosition();
        final HintReader reader = hints.reader(used.segment);
        final int before = into.count();
        try {
            return reader != null && reader.forEach(block, part, hints.partBits(),
                (offset, length, sequence, hash, gone, expires, expiry) -> {
                    if (sequence >= fromSequence) {
                        into.add(hash, base + offset, length, sequence, gone, expires, expiry, true);
                    }
                });
        } catch (final MapcaskException ex) {
            into.truncate(before);
            return false;
        }
    }

    /**
     * The same records, read in the log.
     *
     * @throws CorruptionException if they are not sound there either.
     */
    ReadPiece read(final long hashSeed) {
        LOGGER.log(System.Logger.Level.DEBUG, () -> used.segment.name() + ": hints of the records from offset " +
            block.from() + " to " + block.to() + " cannot be read; the records are");
        final TailEntries all = new TailEntries();
        final int[] whole = {0};
        final SegmentScanner.Result result = new SegmentScanner().scan(used.segment.file(), used.header, block.from(),
            block.to(), block.firstSequence(), (offset, length, shape, sequence, buffer, keyOffset) -> {
                final int flags = RecordDescriptor.flags(shape);
                final int place = flags & RecordDescriptor.BATCH_MASK;
                if (place == RecordDescriptor.BATCH_NONE || place == RecordDescriptor.BATCH_FIRST) {
                    all.truncate(whole[0]); // of a batch that never got its last record
                }
                final boolean expires = (flags & RecordDescriptor.FLAG_EXPIRY) != 0;
                all.add(KeyHash.hash(buffer, keyOffset, RecordDescriptor.keyLength(shape), hashSeed),
                    used.segment.basePosition() + offset, RecordDescriptor.alignedLength(length), sequence,
                    RecordDescriptor.type(shape) == RecordDescriptor.TYPE_DELETE, expires, expires ?
                        RecordDescriptor.expiryOf(buffer, keyOffset - RecordDescriptor.bodyOffset(flags)) :
                        RecordDescriptor.EXPIRY_NEVER, true);
                if (place == RecordDescriptor.BATCH_NONE || place == RecordDescriptor.BATCH_LAST) {
                    whole[0] = all.count();
                }
            });
        if (result.endOffset() != block.to()) {
            throw new CorruptionException(used.segment.name(), result.endOffset(), ErrorText
                .what("a record behind the checkpoint is damaged, and so is the hint of it")
                .where(used.segment.name(), result.endOffset()).expected("a sound record").found(result.detail())
                .todo("run `verify` for the whole list; copy what is sound with `recover DIR DEST`"));
        }
        final ReadPiece piece = new ReadPiece(hints.partBits());
        for (int i = 0; i < whole[0]; i++) {
            if (all.sequence(i) >= fromSequence) {
                piece.entries().add(all, i);
                piece.link();
            }
        }
        return piece;
    }
}
