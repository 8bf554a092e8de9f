package org.mapcask.lab.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlockDeviceStatsTest {
    @TempDir
    Path directory;

    @Test
    void shouldTakeTheFieldsFromTheirPlaces() {
        assertEquals(new BlockDeviceStats(5, 6, 7, 1, 3, 16), BlockDeviceStats.parse(
            "   1  2  3  4  5  6  7  8  9 10 11 12 13 14 15 16 17\n"));
        assertEquals(-1, BlockDeviceStats.parse("1 2 3 4 5 6 7 8 9 10 11").flushes(), "a kernel before 5.5");
    }

    @Test
    void shouldTellWhatCameBetween() {
        final BlockDeviceStats before = new BlockDeviceStats(10, 20, 30, 40, 50, 60);
        final BlockDeviceStats after = new BlockDeviceStats(11, 22, 46, 44, 55, 66);

        assertEquals(new BlockDeviceStats(1, 2, 16, 4, 5, 6), after.minus(before));
        assertEquals(8192, after.minus(before).bytesWritten());
        assertEquals(-1, after.minus(new BlockDeviceStats(0, 0, 0, 0, 0, -1)).flushes());
    }

    @Test
    void shouldTakeDeviceNumbersApart() {
        assertEquals(259, BlockDeviceStats.major(0x10305));
        assertEquals(5, BlockDeviceStats.minor(0x10305));
        assertEquals(0xfedcbabcL, BlockDeviceStats.major(0xfedcb000_000abc00L));
        assertEquals(0x45678, BlockDeviceStats.minor(0x45600078L));
    }

    @Test
    void shouldFindTheDeviceOfADirectory() throws IOException {
        final Optional<Path> device = BlockDeviceStats.deviceOf(directory);
        Assumptions.assumeTrue(device.isPresent(), "no block device of its own holds the temporary directory");
        final BlockDeviceStats stats = BlockDeviceStats.read(device.get());
        assertTrue(stats.reads() + stats.writes() > 0 && stats.sectorsWritten() >= 0, stats.toString());
    }

    @Test
    void shouldFindNoDeviceBehindAFileSystemOfTheKernel() throws IOException {
        assertEquals(Optional.empty(), BlockDeviceStats.deviceOf(Path.of("/proc")));
    }
}
