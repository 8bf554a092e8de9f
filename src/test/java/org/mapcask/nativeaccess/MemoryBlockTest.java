package org.mapcask.nativeaccess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Off-heap memory in both modes. */
@Tag("core")
class MemoryBlockTest {
    private static final int MIB = 1024 * 1024;

    @ParameterizedTest
    @ValueSource(strings = {"jna", "java"})
    void shouldGiveZeroedWritableMemoryOfTheExactLength(final String mode) {
        try (MemoryBlock block = NativeAccess.of(mode).allocate(5 * MIB + 3)) {
            assertEquals(5 * MIB + 3, block.length());
            assertEquals(5 * MIB + 3, block.buffer().capacity());
            assertEquals(block.address(), block.buffer().addressOffset());
            for (int i = 0; i < block.buffer().capacity(); i++) {
                assertEquals(0, block.buffer().getByte(i), "at " + i);
            }
            block.buffer().putLong(5 * MIB - 8, 42);
            block.buffer().putByte(5 * MIB + 2, (byte) 7);
            assertEquals(42, block.buffer().getLong(5 * MIB - 8));
            assertThrows(IndexOutOfBoundsException.class, () -> block.buffer().getByte(5 * MIB + 3));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jna", "java"})
    void shouldAlignToPagesAndNativeLargeOnesToHugePages(final String mode) {
        final NativeAccess access = NativeAccess.of(mode);
        try (MemoryBlock small = access.allocate(100); MemoryBlock large = access.allocate(6 * MIB)) {
            assertEquals(0, small.address() % access.pageSize());
            assertEquals(0, large.address() % (access.isNative() ? 2 * MIB : access.pageSize()));
        }
    }

    @Test
    void shouldHaveEachPageInMemoryAfterPrefault() {
        final NativeAccess access = NativeAccess.of("jna");
        try (MemoryBlock block = access.allocate(3 * MIB)) {
            assertEquals(0, access.residentPages(block.address(), block.length()));
            assertTrue(block.prefault());
            assertEquals(3L * MIB / access.pageSize(), access.residentPages(block.address(), block.length()));
        }
    }

    @Test
    void shouldMarkTheBlockForHugePages() {
        try (MemoryBlock block = NativeAccess.of("jna").allocate(4 * MIB)) {
            assertFalse(ProcessMemory.hasFlag("hg", block.address(), block.length()));
            if (block.adviseHugePages()) {
                assertTrue(ProcessMemory.hasFlag("hg", block.address(), block.length()));
            }
        }
    }

    @Test
    void shouldPinAndUnpinPages() {
        final NativeAccess access = NativeAccess.of("jna");
        try (MemoryBlock block = access.allocate(65_536)) {
            if (access.lock(block.address(), block.length())) {
                assertEquals(64, ProcessMemory.kib("Locked", block.address(), block.length()));
                assertTrue(access.unlock(block.address(), block.length()));
                assertEquals(0, ProcessMemory.kib("Locked", block.address(), block.length()));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jna", "java"})
    void shouldBeEmptyAfterItIsFreedOnceOrMore(final String mode) {
        final int before = MemoryBlock.liveBlocks();
        final MemoryBlock block = NativeAccess.of(mode).allocate(MIB);
        assertEquals(before + 1, MemoryBlock.liveBlocks());
        block.free();
        block.free();
        block.close();
        assertEquals(before, MemoryBlock.liveBlocks());
        assertThrows(IndexOutOfBoundsException.class, () -> block.buffer().getByte(0));
    }

    @Test
    void shouldReleaseWhatItHoldsOnce() {
        final AtomicInteger releases = new AtomicInteger();
        final MemoryBlock block =
            new MemoryBlock(NativeAccess.of("java"), ByteBuffer.allocateDirect(64), releases::incrementAndGet);
        assertEquals(0, releases.get());
        block.free();
        block.close();
        block.free();
        assertEquals(1, releases.get());
    }

    /** Another thread may map something in the same place at once; what the block held must be gone either way. */
    @Test
    void shouldUnmapNativeMemory() {
        final MemoryBlock block = NativeAccess.of("jna").allocate(64 * MIB);
        final long middle = block.address() + 32 * MIB;
        final long mark = 0x6d61_7063_6173_6b21L ^ System.nanoTime();
        block.buffer().putLong(32 * MIB, mark);
        assertTrue(ProcessMemory.holds(mark, middle));
        block.free();
        assertFalse(ProcessMemory.holds(mark, middle));
    }

    /**
     * The C library may keep what the JVM gives back, mapped and with its contents, so the address tells nothing here;
     * the JVM counts the direct memory it has given out. Half the block is allowed to other threads.
     */
    @Test
    void shouldGiveMemoryOfPureJavaBackToTheJvm() {
        final BufferPoolMXBean direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct")).findFirst().orElseThrow();
        final MemoryBlock block = NativeAccess.of("java").allocate(256 * MIB);
        final long allocated = direct.getMemoryUsed();
        block.free();
        final long freed = direct.getMemoryUsed();
        assertTrue(freed <= allocated - 128 * MIB, "direct memory of " + allocated + " and then " + freed + " bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jna", "java"})
    void shouldRefuseALengthOutsideTheLimits(final String mode) {
        final NativeAccess access = NativeAccess.of(mode);
        assertThrows(IllegalArgumentException.class, () -> access.allocate(0));
        final String text = assertThrows(IllegalArgumentException.class,
            () -> access.allocate(MemoryBlock.LENGTH_MAX + 1)).getMessage();
        assertTrue(text.contains("found 1073741825"), text);
    }

    @Test
    void shouldOnlySayFalseForHintsInPureJava() {
        final NativeAccess access = NativeAccess.of("java");
        try (MemoryBlock block = access.allocate(MIB)) {
            assertFalse(block.adviseHugePages());
            assertFalse(block.prefault());
            assertFalse(access.lock(block.address(), MIB));
            assertFalse(access.unlock(block.address(), MIB));
            assertEquals(-1, access.residentPages(block.address(), MIB));
        }
    }
}
