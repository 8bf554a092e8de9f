package org.mapcask.support;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.mapcask.io.FileOps;
import org.mapcask.io.MappedFile;
import org.mapcask.io.StoreFile;

/**
 * File operations of a process that is killed: after a number of operations that change something or make it durable
 * none does anything any more. What was done, and stored through mappings, is there for the next process. One thread.
 */
public final class KillableFiles extends ForwardingFiles {
    /** The process has ended. */
    @SuppressWarnings("serial")
    public static final class Killed extends Error {
        Killed() {
            super("killed", null, false, false);
        }
    }

    private int left = Integer.MAX_VALUE;

    /** Kills nobody until told so. */
    public KillableFiles(final FileOps inner) {
        super(inner);
    }

    /** Ends the process when so many more operations were done. */
    public void killAfter(final int operations) {
        left = operations;
    }

    /** A new process, or one that is spared. */
    public void revive() {
        left = Integer.MAX_VALUE;
    }

    /** Whether the process has ended, or would with the next operation. */
    public boolean isDead() {
        return left == 0;
    }

    private void live() {
        if (left == 0) {
            throw new Killed();
        }
        left--;
    }

    @Override
    public StoreFile create(final Path path) {
        live();
        return new KillableFile(super.create(path));
    }

    @Override
    public StoreFile open(final Path path, final boolean writable) {
        return new KillableFile(super.open(path, writable));
    }

    @Override
    public void rename(final Path from, final Path to) {
        live();
        super.rename(from, to);
    }

    @Override
    public void delete(final Path path) {
        live();
        super.delete(path);
    }

    @Override
    public void syncDirectory(final Path directory) {
        live();
        super.syncDirectory(directory);
    }

    private final class KillableFile extends File {
        KillableFile(final StoreFile inner) {
            super(inner);
        }

        @Override
        public void write(final long fileOffset, final ByteBuffer directBuffer) {
            live();
            super.write(fileOffset, directBuffer);
        }

        @Override
        public void allocate(final long length) {
            live();
            super.allocate(length);
        }

        @Override
        public void allocateAgain(final long fileOffset, final long length) {
            live();
            super.allocateAgain(fileOffset, length);
        }

        /** Write by write, so that it can end in the middle. */
        @Override
        public void clear(final long length) {
            writeZeros(length);
        }

        @Override
        public boolean punchHole(final long fileOffset, final long length) {
            live();
            return super.punchHole(fileOffset, length);
        }

        @Override
        public void sync() {
            live();
            super.sync();
        }

        @Override
        public MappedFile map(final int length, final boolean writable) {
            return new Mapping(super.map(length, writable)) {
                @Override
                public void sync(final int offset, final int syncedLength) {
                    live();
                    super.sync(offset, syncedLength);
                }
            };
        }
    }
}
