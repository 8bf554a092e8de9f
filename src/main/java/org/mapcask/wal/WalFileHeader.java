package org.mapcask.wal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.ForeignFileException;
import org.mapcask.errors.FormatVersionException;
import org.mapcask.format.FormatVersion;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.format.HeaderDescriptor.Identity;
import org.mapcask.format.HeaderDescriptor.SectorState;
import org.mapcask.format.WalDescriptor;
import org.mapcask.io.StoreFile;

/**
 * What the header page of a file of the write-ahead log says, read and checked.
 *
 * @param state      what the page turned out to be.
 * @param identity   who the file is; null unless {@link State#SOUND}.
 * @param fileLength of the file as found.
 * @param detail     what is wrong, for people; empty when it is sound.
 */
record WalFileHeader(State state, Identity identity, long fileLength, String detail) {
    /** Longest file of a ring. */
    static final long LENGTH_MAX = 1L << 30;
    /** Shortest file of a ring: the header page and one frame. */
    static final long LENGTH_MIN = HeaderDescriptor.PAGE_LENGTH + WalDescriptor.FRAME_ALIGNMENT;

    /** What a header page turned out to be. */
    enum State {
        /** Whole. */
        SOUND,
        /** Zeros, or not there: the file was never finished. */
        UNFINISHED,
        /** None of these. */
        DAMAGED
    }

    /**
     * Reads and checks it.
     *
     * @throws FormatVersionException when a later version of the format wrote it.
     */
    static WalFileHeader read(final StoreFile file, final String name) {
        final ByteBuffer bytes = ByteBuffer.allocateDirect(HeaderDescriptor.PAGE_LENGTH);
        final int read = file.read(0, bytes);
        final long length = file.length();
        final UnsafeBuffer page = new UnsafeBuffer(bytes);
        if (isZero(page, read)) {
            return new WalFileHeader(State.UNFINISHED, null, length, "the file was never finished");
        }
        if (read < HeaderDescriptor.PAGE_LENGTH) {
            return damaged(length, "the file ends after " + read + " bytes, inside of its header");
        }
        if (HeaderDescriptor.identityState(page) != SectorState.VALID) {
            return damaged(length, "the header has a wrong checksum; first bytes 0x"
                + Long.toHexString(page.getLong(0, ByteOrder.BIG_ENDIAN)));
        }
        final Identity identity = HeaderDescriptor.identity(page);
        if (identity.version() != FormatVersion.CURRENT) {
            throw new FormatVersionException(ErrorText
                .what("a file of the write-ahead log has a format version that this release cannot read")
                .where(file.path()).expected("version " + FormatVersion.CURRENT).found("version " + identity.version())
                .todo("open the store with the release of Mapcask that wrote it, or a later one"));
        }
        return checked(identity, name, length);
    }

    private static WalFileHeader checked(final Identity identity, final String name, final long fileLength) {
        final boolean sane = identity.kind() == HeaderDescriptor.KIND_WAL &&
            identity.length() >= LENGTH_MIN && identity.length() <= LENGTH_MAX &&
            identity.length() % WalDescriptor.FRAME_ALIGNMENT == 0 &&
            identity.segmentId() >= 0 && identity.segmentId() < Wal.FILE_COUNT;
        if (!sane) {
            return damaged(fileLength, "the header makes no sense: " + identity);
        }
        if (identity.segmentId() != WalFileNames.index(name) || identity.basePosition() != WalFileNames.ring(name)) {
            return damaged(fileLength, "the file has the name of another one; by its header it is "
                + WalFileNames.of(identity.basePosition(), (int)identity.segmentId()));
        }
        return new WalFileHeader(State.SOUND, identity, fileLength, "");
    }

    /** Throws when a sound file belongs to another store. */
    void checkStore(final StoreFile file, final long storeIdHigh, final long storeIdLow) {
        if (state == State.SOUND && (identity.storeIdHigh() != storeIdHigh || identity.storeIdLow() != storeIdLow)) {
            throw new ForeignFileException(ErrorText.what("a file of the write-ahead log belongs to another store")
                .where(file.path()).expected("store " + new UUID(storeIdHigh, storeIdLow))
                .found("store " + new UUID(identity.storeIdHigh(), identity.storeIdLow()))
                .todo("move it to the store that it belongs to, or elsewhere"));
        }
    }

    /** Whether the header is sound and the file as long as it says. */
    boolean isWhole() {
        return state == State.SOUND && fileLength == identity.length();
    }

    private static WalFileHeader damaged(final long length, final String detail) {
        return new WalFileHeader(State.DAMAGED, null, length, detail);
    }

    private static boolean isZero(final DirectBuffer page, final int length) {
        for (int i = 0; i < length; i++) {
            if (page.getByte(i) != 0) {
                return false;
            }
        }
        return true;
    }
}
