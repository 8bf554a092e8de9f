package org.mapcask.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.Mapcask;
import org.mapcask.MapcaskOptions;
import org.mapcask.lab.host.BlockDeviceStats;
import org.mapcask.support.Ext4Image;
import org.mapcask.support.OpenMappingsExtension;

/**
 * What one durable page costs the device: the page, and nothing else. That is what zeros are written for, page by page,
 * before a file is used: without them each sync would also write the metadata of the file, and after larger writes of
 * zeros a whole large folio. Measured on an ext4 of its own, where nobody else writes.
 */
@ExtendWith(OpenMappingsExtension.class)
class DeviceBytesTest {
    private static final int PAGE_LENGTH = 4096;
    private static final int FILE_LENGTH = 4 << 20;
    private static final int ROUNDS = 9;
    private static final int OPERATIONS = 50;
    private static final long IMAGE_LENGTH = 64L << 20;

    @TempDir
    static Path directory;

    private static Ext4Image image;
    private static Path device;
    private static SystemFileOps files;

    @BeforeAll
    static void mount() throws IOException {
        files = new SystemFileOps();
        Assumptions.assumeTrue(files.nativeAccess().mode().equals("jna"), "Java syncs the times of a file as well");
        image = Ext4Image.mount(directory, IMAGE_LENGTH);
        final Optional<Path> found = BlockDeviceStats.deviceOf(image.directory());
        Assumptions.assumeTrue(found.isPresent(), "the numbers of the loop device cannot be read here");
        device = found.get();
    }

    @AfterAll
    static void unmount() {
        if (image != null) {
            image.close();
        }
    }

    @Test
    void shouldWriteOnePageForTheSyncOfAPageOfAMapping() throws IOException {
        assertPages("msync", syncPagesOfMapping(file -> file.allocateZeroed(FILE_LENGTH)));
    }

    /** So the zeros are worth their while, and these numbers tell. */
    @Test
    void shouldWriteMoreWhereOnlyBlocksWereAllocated() throws IOException {
        final long[] bytes = syncPagesOfMapping(file -> file.allocate(FILE_LENGTH));
        assertTrue(bytes[ROUNDS / 2] > (long)OPERATIONS * PAGE_LENGTH, () -> text("msync", bytes));
    }

    private static long[] syncPagesOfMapping(final Consumer<StoreFile> allocation) throws IOException {
        final Path path = image.directory().resolve("segment");
        try (StoreFile file = files.create(path)) {
            allocation.accept(file);
            file.sync();
            final MappedFile mapping = file.map(FILE_LENGTH, true);
            try {
                return bytesOfRounds(page -> {
                    mapping.buffer().putLong(page * PAGE_LENGTH, page + 1);
                    mapping.sync(page * PAGE_LENGTH, PAGE_LENGTH);
                });
            } finally {
                mapping.unmap();
                files.delete(path);
            }
        }
    }

    @Test
    void shouldWriteOnePageForTheSyncOfAFile() throws IOException {
        try (StoreFile file = files.create(image.directory().resolve("zeroed"))) {
            file.allocateZeroed(FILE_LENGTH);
            file.sync();
            final ByteBuffer bytes = ByteBuffer.allocateDirect(PAGE_LENGTH);
            assertPages("fdatasync", bytesOfRounds(page -> {
                bytes.clear();
                bytes.putLong(0, page + 1);
                file.write(page * PAGE_LENGTH, bytes);
                file.sync();
            }));
        }
    }

    @Test
    void shouldWriteOnePageForADurableWrite() throws IOException {
        try (DurableFile file = files.createDurable(image.directory().resolve("ring"))) {
            file.write(0, ByteBuffer.allocateDirect(FILE_LENGTH + PAGE_LENGTH).alignedSlice(PAGE_LENGTH)
                .limit(FILE_LENGTH));
            final ByteBuffer bytes =
                ByteBuffer.allocateDirect(2 * PAGE_LENGTH).alignedSlice(PAGE_LENGTH).limit(PAGE_LENGTH);
            assertPages(file.method(), bytesOfRounds(page -> {
                bytes.rewind();
                bytes.putLong(0, page + 1);
                file.write(page * PAGE_LENGTH, bytes);
            }));
        }
    }

    /** All the way down: a put, through the write-ahead log. */
    @Test
    void shouldWriteOnePageForAPutThroughTheWriteAheadLog() throws IOException {
        final MapcaskOptions options = MapcaskOptions.builder().syncEveryWrite(true).walLength(FILE_LENGTH)
            .segmentLength(FILE_LENGTH).prefaultWindow(0).syncBytes(0).syncIntervalMs(0).build();
        try (Mapcask store = Mapcask.open(image.directory().resolve("store"), options)) {
            assertPages("put", bytesOfRounds(number -> store.put("key" + number, "value" + number)));
        }
    }

    /**
     * Operations on one page after another, in rounds: the file system brings its own metadata to the device every few
     * seconds, which is no part of them, and that may meet a round but not half of them. The result is in order.
     */
    private static long[] bytesOfRounds(final IntConsumer operation) throws IOException {
        final long[] bytes = new long[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            final BlockDeviceStats before = BlockDeviceStats.read(device);
            for (int i = 0; i < OPERATIONS; i++) {
                operation.accept(round * OPERATIONS + i);
            }
            bytes[round] = BlockDeviceStats.read(device).minus(before).bytesWritten();
        }
        Arrays.sort(bytes);
        return bytes;
    }

    private static void assertPages(final String what, final long[] bytes) {
        assertEquals((long)OPERATIONS * PAGE_LENGTH, bytes[ROUNDS / 2], () -> text(what, bytes));
    }

    private static String text(final String what, final long[] bytes) {
        return what + ": rounds of " + OPERATIONS + " operations wrote " + Arrays.toString(bytes) + " bytes";
    }
}
