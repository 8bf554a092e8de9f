package org.mapcask.recovery;

import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.format.WalDescriptor;
import org.mapcask.io.StoreFile;

/**
 * Finds out which key the first lost record of a damage had: its bytes may be readable, although they fail their
 * checksum. They are believed if they make sense as a record with the sequence that is missing, where that is known;
 * and the key is certain
 * if another, sound record has it too, since a flipped bit makes a key that nobody ever wrote. Static and stateless.
 */
final class LostKeys {
    private LostKeys() {
    }

    /** Names the keys of all damages, where that can be done; after the log was read. */
    static void name(final RecoverySettings settings, final LogContents contents) {
        contents.damages.replaceAll(damage -> switch (damage.kind()) {
            case RECORD -> named(settings, contents, damage, damage.offset());
            case WAL_GAP -> named(settings, contents, damage, damage.offset() + WalDescriptor.HEADER_LENGTH);
            default -> damage;
        });
    }

    private static Damage named(
        final RecoverySettings settings, final LogContents contents, final Damage damage, final long offset) {
        try (StoreFile file = settings.files().open(settings.directory().resolve(damage.file()), false)) {
            final byte[] key = key(file, offset, damage.firstSequence());
            if (key == null) {
                return damage;
            }
            return damage.withKey(key, contents.loader.isKnown(key) ? damage.detail() :
                damage.detail() + " (no sound record has its key, which may be damaged itself)");
        }
    }

    private static byte[] key(final StoreFile file, final long offset, final long sequence) {
        final UnsafeBuffer header = read(file, offset, RecordDescriptor.HEADER_LENGTH);
        if (header == null || sequence != 0 && RecordDescriptor.sequence(header, 0) != sequence) {
            return null;
        }
        final long shape = RecordDescriptor.shape(header, 0);
        if (!RecordDescriptor.isPlausible(
            RecordDescriptor.length(header, 0), shape, file.length() - offset)) {
            return null;
        }
        final int body = RecordDescriptor.bodyOffset(RecordDescriptor.flags(shape));
        final UnsafeBuffer key = read(file, offset + body, RecordDescriptor.keyLength(shape));
        if (key == null) {
            return null;
        }
        final byte[] bytes = new byte[key.capacity()];
        key.getBytes(0, bytes);
        return bytes;
    }

    /** Bytes of the file, or null if it ends before them. */
    private static UnsafeBuffer read(final StoreFile file, final long offset, final int count) {
        final ByteBuffer bytes = ByteBuffer.allocateDirect(count);
        return file.read(offset, bytes) == count ? new UnsafeBuffer(bytes) : null;
    }
}
