package org.mapcask.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How a time to live is written. */
class TimeToLiveTest {
    @Test
    void shouldReadEachUnit() {
        final TimeToLive reader = new TimeToLive();
        assertEquals(Duration.ofMillis(500), reader.convert("500ms"));
        assertEquals(Duration.ofSeconds(1), reader.convert("1s"));
        assertEquals(Duration.ofMinutes(10), reader.convert("10m"));
        assertEquals(Duration.ofHours(36), reader.convert("36h"));
        assertEquals(Duration.ofDays(7), reader.convert("007d"));
    }
}
