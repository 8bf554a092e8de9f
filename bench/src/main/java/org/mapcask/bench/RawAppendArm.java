package org.mapcask.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.lab.rig.Operation;
import org.mapcask.lab.rig.Workload;
import org.mapcask.nativeaccess.FileHandle;
import org.mapcask.nativeaccess.NativeAccess;
import org.mapcask.nativeaccess.OpenFlag;

/**
 * Appends of one length, each made durable before the next, to a file in a certain state, without an engine: what a way
 * to sync costs on such a file. Each round has a fresh file in that state, so that no round finds what another made of
 * it. Afterwards the file is read, and every append compared.
 */
final class RawAppendArm implements DurableArm {
    /** More appends than that in a second are not expected of a device that has to flush for each. */
    private static final long APPENDS_PER_SECOND_MAX = 16_000;
    private static final byte OLD_CONTENT = 0x5A;
    private static final int MARKS_LENGTH = 2 * Long.BYTES;

    /** In what state a file is when the appends begin. */
    enum FileState {
        /** Has its length and no blocks. */
        SPARSE,
        /** Has blocks that the file system knows as never written. */
        FALLOCATED,
        /** Has been written over with zeros, a page at a time, and synced. */
        ZEROED,
        /** Has been in use: other content, written a page at a time and synced. */
        RECYCLED
    }

    /** How an append is made durable. */
    enum SyncCall {
        /** Store into a mapping, then msync of the range. */
        MSYNC,
        /** Store into a mapping, then fdatasync. */
        FDATASYNC,
        /** Store into a mapping, then {@code MappedByteBuffer.force} of the range. */
        FORCE,
        /** Write of the block that the append is in, past the page cache. */
        DIRECT
    }

    private final FileState state;
    private final SyncCall call;
    private final int appendLength;
    private final Path path;
    private String method;
    private Target target;
    private long appended;

    RawAppendArm(final FileState state, final SyncCall call, final int appendLength, final Path directory) {
        if (appendLength < MARKS_LENGTH || DirectFile.BLOCK_LENGTH % appendLength != 0) {
            throw new IllegalArgumentException("length of an append: a power of two of " + MARKS_LENGTH + " to "
                + DirectFile.BLOCK_LENGTH + " bytes, found " + appendLength);
        }
        this.state = state;
        this.call = call;
        this.appendLength = appendLength;
        path = directory.resolve(name());
        method = lower(call);
    }

    /** Name of the arm of these three. */
    static String name(final FileState state, final SyncCall call, final int appendLength) {
        return "raw-" + appendLength + "-" + lower(state) + "-" + lower(call);
    }

    @Override
    public String name() {
        return name(state, call, appendLength);
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public boolean isShared() {
        return false;
    }

    @Override
    public long beginRound(final long durationNs) throws IOException {
        final long operations = capacity(durationNs);
        final int length = Math.toIntExact(operations * appendLength);
        make(length);
        appended = 0;
        if (call == SyncCall.DIRECT) {
            final DirectTarget direct = new DirectTarget(path, appendLength);
            method = direct.file.method();
            target = direct;
        } else {
            target = new MappedTarget(path, length, appendLength, call);
        }
        return operations;
    }

    /** Appends that a file for a round of this time has room for: whole blocks. */
    private long capacity(final long durationNs) {
        final long perBlock = DirectFile.BLOCK_LENGTH / appendLength;
        final long wanted = APPENDS_PER_SECOND_MAX * durationNs / TimeUnit.SECONDS.toNanos(1);
        return (wanted + perBlock) / perBlock * perBlock;
    }

    private void make(final int length) throws IOException {
        Files.deleteIfExists(path);
        try (FileHandle handle = NativeAccess.get().open(path, OpenFlag.WRITE, OpenFlag.CREATE_NEW)) {
            switch (state) {
                case SPARSE -> handle.truncate(length);
                case FALLOCATED -> handle.allocate(length);
                case ZEROED -> handle.writeZeros(0, length);
                case RECYCLED -> writeOld(handle, length);
            }
            handle.sync();
            if (call == SyncCall.DIRECT) {
                handle.dropCached(0, length);
            }
        }
        NativeAccess.get().syncDirectory(path.toAbsolutePath().getParent());
    }

    private static void writeOld(final FileHandle handle, final int length) {
        final ByteBuffer block = DirectFile.newBlock();
        while (block.hasRemaining()) {
            block.put(OLD_CONTENT);
        }
        for (int offset = 0; offset < length; offset += DirectFile.BLOCK_LENGTH) {
            block.clear();
            handle.write(offset, block);
        }
    }

    @Override
    public Workload workload() {
        return (thread, threads) -> new Operation() {
            @Override
            public void prepare() {
                target.fill(appended);
            }

            @Override
            public void perform() {
                target.append(appended);
            }

            @Override
            public boolean verify() {
                appended++;
                return true;
            }
        };
    }

    @Override
    public long endRound() throws IOException {
        target.close();
        target = null;
        long wrong = 0;
        final ByteBuffer append = ByteBuffer.allocateDirect(appendLength).order(ByteOrder.LITTLE_ENDIAN);
        try (FileHandle handle = NativeAccess.get().open(path)) {
            for (long i = 0; i < appended; i++) {
                append.clear();
                handle.read(i * appendLength, append);
                if (append.getLong(0) != i + 1 || append.getLong(appendLength - Long.BYTES) != ~i) {
                    wrong++;
                }
            }
        }
        Files.delete(path);
        return wrong;
    }

    @Override
    public long verify() {
        return 0;
    }

    @Override
    public void close() throws IOException {
        if (target != null) {
            target.close();
        }
        Files.deleteIfExists(path);
    }

    private static String lower(final Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** The two marks by which an append is known: its number from 1 on at the begin, the complement at the end. */
    private static void mark(final UnsafeBuffer buffer, final int offset, final int length, final long index) {
        buffer.putLong(offset, index + 1, ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(offset + length - Long.BYTES, ~index, ByteOrder.LITTLE_ENDIAN);
    }

    /** Where appends go. */
    private interface Target {
        /** Makes the content of an append; not timed. */
        void fill(long index);

        /** Makes it part of the file, durably. */
        void append(long index);

        void close();
    }

    private static final class MappedTarget implements Target {
        private final NativeAccess nativeAccess = NativeAccess.get();
        private final FileHandle handle;
        private final MappedByteBuffer mapping;
        private final UnsafeBuffer buffer;
        private final UnsafeBuffer content;
        private final SyncCall call;
        private final int length;
        private final String name;

        MappedTarget(final Path path, final int fileLength, final int length, final SyncCall call)
            throws IOException {
            handle = nativeAccess.open(path, OpenFlag.WRITE);
            mapping = handle.map(fileLength, true);
            buffer = new UnsafeBuffer(mapping);
            content = new UnsafeBuffer(new byte[length]);
            name = path.toString();
            this.length = length;
            this.call = call;
        }

        @Override
        public void fill(final long index) {
            mark(content, 0, length, index);
        }

        @Override
        public void append(final long index) {
            final int offset = (int) index * length;
            buffer.putBytes(offset, content, 0, length);
            switch (call) {
                case MSYNC -> nativeAccess.syncMapping(mapping, offset, length, name);
                case FORCE -> mapping.force(offset, length);
                default -> handle.sync();
            }
        }

        @Override
        public void close() {
            IoUtil.unmap(mapping);
            handle.close();
        }
    }

    private static final class DirectTarget implements Target {
        private final DirectFile file;
        private final ByteBuffer block = DirectFile.newBlock();
        private final UnsafeBuffer buffer = new UnsafeBuffer(block);
        private final int length;
        private final int perBlock;

        DirectTarget(final Path path, final int length) {
            file = DirectFile.open(path);
            this.length = length;
            perBlock = DirectFile.BLOCK_LENGTH / length;
        }

        @Override
        public void fill(final long index) {
            final int slot = (int) (index % perBlock);
            if (slot == 0) {
                buffer.setMemory(0, DirectFile.BLOCK_LENGTH, (byte) 0);
            }
            mark(buffer, slot * length, length, index);
        }

        @Override
        public void append(final long index) {
            file.write(index / perBlock * DirectFile.BLOCK_LENGTH, block);
        }

        @Override
        public void close() {
            file.close();
        }
    }
}
