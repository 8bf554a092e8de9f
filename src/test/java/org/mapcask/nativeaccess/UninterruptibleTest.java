package org.mapcask.nativeaccess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("core")
class UninterruptibleTest {
    @AfterEach
    void clearInterrupt() {
        Thread.interrupted();
    }

    @Test
    void shouldRunInTheCallingThreadWhenNothingInterrupts() throws IOException {
        assertSame(Thread.currentThread(), Uninterruptible.callRepeatable(Thread::currentThread));
        assertNotSame(Thread.currentThread(), Uninterruptible.callApart(Thread::currentThread));
    }

    @Test
    void shouldHideAnInterruptFromTheWorkAndKeepItForTheCaller() throws IOException {
        Thread.currentThread().interrupt();
        assertFalse(Uninterruptible.callRepeatable(() -> Thread.currentThread().isInterrupted()));
        assertTrue(Thread.currentThread().isInterrupted());
        assertFalse(Uninterruptible.callApart(() -> Thread.currentThread().isInterrupted()));
        assertTrue(Thread.interrupted());
    }

    @Test
    void shouldRepeatWorkWhoseChannelAnInterruptClosed() throws IOException {
        final AtomicInteger attempts = new AtomicInteger();
        final int result = Uninterruptible.callRepeatable(() -> {
            if (attempts.incrementAndGet() == 1) {
                Thread.currentThread().interrupt();
                throw new ClosedByInterruptException();
            }
            return 42;
        });
        assertEquals(42, result);
        assertEquals(2, attempts.get());
        assertTrue(Thread.interrupted());
    }

    @Test
    void shouldHandEveryFailureToTheCaller() {
        assertEquals("a", assertThrows(IOException.class, () -> Uninterruptible.callApart(() -> {
            throw new IOException("a");
        })).getMessage());
        assertEquals("b", assertThrows(IllegalStateException.class, () -> Uninterruptible.callApart(() -> {
            throw new IllegalStateException("b");
        })).getMessage());
        assertEquals("c", assertThrows(StackOverflowError.class, () -> Uninterruptible.callApart(() -> {
            throw new StackOverflowError("c");
        })).getMessage());
    }
}
