package org.mapcask.wal;

import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.errors.MapcaskException;
import org.mapcask.format.FormatVersion;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.format.HeaderDescriptor.Identity;
import org.mapcask.io.DurableFile;
import org.mapcask.io.StoreFile;

/**
 * Makes the ring ready when a store is opened: takes over the whole ring of the wanted length that is there, or makes a
 * new one; only then removes every other file. Used by one thread, once.
 * <p>
 * A file is made under its final name; zeros are written all over it, and then its header, so a header stands for a
 * whole file. The names are durable before anything older is removed. Whenever the process ends in between, an old ring
 * is still whole, or the new one is.
 */
final class RingMaker {
    private static final int ZERO_WRITE_LENGTH_MAX = 1 << 20;
    private static final System.Logger LOGGER = System.getLogger(RingMaker.class.getName());

    private final WalSettings settings;
    private final long fileLength;
    private final DurableFile[] files = new DurableFile[Wal.FILE_COUNT];
    private final long[] salts = new long[Wal.FILE_COUNT];
    private final List<Path> created = new ArrayList<>();

    RingMaker(final WalSettings settings) {
        this.settings = settings;
        this.fileLength = settings.length() / Wal.FILE_COUNT;
        if (settings.length() % Wal.FILE_COUNT != 0 || fileLength % DurableFile.ALIGNMENT != 0 ||
            fileLength < WalFileHeader.LENGTH_MIN || fileLength > WalFileHeader.LENGTH_MAX) {
            throw new IllegalArgumentException("length of the write-ahead log: " + settings.length());
        }
    }

    /** The ring, with its files open. */
    WalRing make() {
        final List<String> names = settings.files().list(settings.directory()).stream()
            .filter(WalFileNames::isWal).toList();
        try {
            final long ring = takeOverOrCreate(names);
            settings.files().syncDirectory(settings.directory());
            created.clear();
            removeOthers(names, ring);
            return new WalRing(files, salts, fileLength);
        } catch (final MapcaskException e) {
            giveUp(e);
            throw e;
        }
    }

    private long takeOverOrCreate(final List<String> names) {
        long newest = -1;
        long whole = -1;
        List<Identity> identities = null;
        for (final String name : names) {
            final long ring = WalFileNames.ring(name);
            newest = Math.max(newest, ring);
            if (ring > whole && WalFileNames.index(name) == 0) {
                final List<Identity> found = wholeRing(ring, names);
                if (found != null) {
                    whole = ring;
                    identities = found;
                }
            }
        }
        if (identities == null) {
            create(newest + 1);
            return newest + 1;
        }
        takeOver(identities);
        return whole;
    }

    /** Who the files of a ring are; null unless all are whole and of the wanted length. */
    private List<Identity> wholeRing(final long ring, final List<String> names) {
        final List<Identity> identities = new ArrayList<>();
        for (int i = 0; i < Wal.FILE_COUNT; i++) {
            final String name = WalFileNames.of(ring, i);
            if (!names.contains(name)) {
                return null;
            }
            try (StoreFile file = settings.files().open(path(name), false)) {
                final WalFileHeader header = WalFileHeader.read(file, name);
                header.checkStore(file, settings.storeIdHigh(), settings.storeIdLow());
                if (!header.isWhole() || header.fileLength() != fileLength) {
                    return null;
                }
                identities.add(header.identity());
            }
        }
        return identities;
    }

    /** Writes the headers once more: the process that wrote them may have ended before they were durable. */
    private void takeOver(final List<Identity> identities) {
        final ByteBuffer page = aligned(HeaderDescriptor.PAGE_LENGTH);
        for (int i = 0; i < files.length; i++) {
            final Identity identity = identities.get(i);
            files[i] = settings.files().openDurable(path(WalFileNames.of(identity.basePosition(), i)));
            salts[i] = identity.salt();
            writeHeader(files[i], page, identity);
        }
    }

    private void create(final long ring) {
        final ByteBuffer zeros = aligned((int)Math.min(ZERO_WRITE_LENGTH_MAX, fileLength));
        final ByteBuffer page = aligned(HeaderDescriptor.PAGE_LENGTH);
        for (int i = 0; i < files.length; i++) {
            final Path path = path(WalFileNames.of(ring, i));
            files[i] = settings.files().createDurable(path);
            created.add(path);
            salts[i] = ThreadLocalRandom.current().nextLong();
            for (long offset = 0; offset < fileLength; offset += zeros.capacity()) {
                zeros.clear().limit((int)Math.min(zeros.capacity(), fileLength - offset));
                files[i].write(offset, zeros);
            }
            writeHeader(files[i], page, new Identity(FormatVersion.CURRENT, HeaderDescriptor.KIND_WAL,
                settings.storeIdHigh(), settings.storeIdLow(), i, ring, fileLength, salts[i], 0));
        }
    }

    private static void writeHeader(final DurableFile file, final ByteBuffer page, final Identity identity) {
        HeaderDescriptor.putIdentity(new UnsafeBuffer(page), identity);
        file.write(0, page.clear());
    }

    private static ByteBuffer aligned(final int length) {
        return ByteBuffer.allocateDirect(length + DurableFile.ALIGNMENT).alignedSlice(DurableFile.ALIGNMENT)
            .slice(0, length);
    }

    /** Without a sync of the directory: what comes back after a power cut is removed the next time. */
    private void removeOthers(final List<String> names, final long ring) {
        for (final String name : names) {
            if (WalFileNames.ring(name) != ring || WalFileNames.index(name) >= Wal.FILE_COUNT) {
                LOGGER.log(Level.DEBUG, "removes {0}, which is not in use any more", path(name));
                settings.files().delete(path(name));
            }
        }
    }

    /** Gives room back that was taken for a ring that did not come to be; what stays is removed the next time. */
    private void giveUp(final MapcaskException reason) {
        for (final DurableFile file : files) {
            if (file != null) {
                tryTo(file::close, reason);
            }
        }
        for (final Path path : created) {
            tryTo(() -> settings.files().delete(path), reason);
        }
    }

    private static void tryTo(final Runnable cleaning, final MapcaskException reason) {
        try {
            cleaning.run();
        } catch (final MapcaskException e) {
            reason.addSuppressed(e);
        }
    }

    private Path path(final String name) {
        return settings.directory().resolve(name);
    }
}
