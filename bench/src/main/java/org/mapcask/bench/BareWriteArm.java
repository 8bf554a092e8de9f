package org.mapcask.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.mapcask.lab.probe.DirectFile;
import org.mapcask.lab.rig.Operation;
import org.mapcask.lab.rig.Workload;
import org.mapcask.nativeaccess.FileHandle;
import org.mapcask.nativeaccess.NativeAccess;
import org.mapcask.nativeaccess.OpenFlag;

/**
 * The floor under a durable write: 4 KiB at a time, through the descriptor that the write-ahead log would use, onto a
 * file that has been written over its whole length before. No record, no checksum, no index, no lock.
 */
final class BareWriteArm implements DurableArm {
    private static final int LENGTH = 64 << 20;
    private static final int BLOCKS = LENGTH / DirectFile.BLOCK_LENGTH;

    private final Path path;
    private final DirectFile file;
    private final ByteBuffer block = DirectFile.newBlock().order(ByteOrder.LITTLE_ENDIAN);
    private long written;

    BareWriteArm(final Path path) throws IOException {
        this.path = path;
        Files.deleteIfExists(path);
        try (FileHandle handle = NativeAccess.get().open(path, OpenFlag.WRITE, OpenFlag.CREATE_NEW)) {
            handle.writeZeros(0, LENGTH);
            handle.sync();
            handle.dropCached(0, LENGTH);
        }
        NativeAccess.get().syncDirectory(path.toAbsolutePath().getParent());
        file = DirectFile.open(path);
    }

    @Override
    public String name() {
        return "bare";
    }

    @Override
    public String method() {
        return "write loop, " + file.method() + ", 4 KiB";
    }

    @Override
    public boolean isShared() {
        return false;
    }

    @Override
    public long beginRound(final long durationNs) {
        return Long.MAX_VALUE;
    }

    @Override
    public Workload workload() {
        return (thread, threads) -> new Operation() {
            @Override
            public void prepare() {
                block.putLong(0, written);
                block.putLong(DirectFile.BLOCK_LENGTH - Long.BYTES, ~written);
            }

            @Override
            public void perform() {
                file.write(written % BLOCKS * DirectFile.BLOCK_LENGTH, block);
            }

            @Override
            public boolean verify() {
                written++;
                return true;
            }
        };
    }

    @Override
    public long endRound() {
        return 0;
    }

    @Override
    public long verify() {
        long wrong = 0;
        try (FileHandle handle = NativeAccess.get().open(path)) {
            for (long i = Math.max(0, written - BLOCKS); i < written; i++) {
                block.clear();
                handle.read(i % BLOCKS * DirectFile.BLOCK_LENGTH, block);
                if (block.getLong(0) != i || block.getLong(DirectFile.BLOCK_LENGTH - Long.BYTES) != ~i) {
                    wrong++;
                }
            }
        }
        return wrong;
    }

    @Override
    public void close() throws IOException {
        file.close();
        Files.deleteIfExists(path);
    }
}
