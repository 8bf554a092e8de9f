package org.mapcask.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VersionedValueTest {
    private static final long INDEX = 123_456;
    private static final long VERSION = 7;

    @ParameterizedTest
    @ValueSource(ints = {16, 17, 23, 24, 100, 4096})
    void shouldTellTheVersionOfAValueWhereverItStands(final int length) {
        final UnsafeBuffer value = new UnsafeBuffer(new byte[length]);
        VersionedValue.write(INDEX, VERSION, value, length);
        final UnsafeBuffer shifted = new UnsafeBuffer(new byte[length + 5]);
        shifted.putBytes(5, value, 0, length);

        assertEquals(VERSION, VersionedValue.check(INDEX, value, 0, length));
        assertEquals(VERSION, VersionedValue.glance(INDEX, value, 0, length));
        assertEquals(VERSION, VersionedValue.check(INDEX, shifted, 5, length));
        assertEquals(VERSION, VersionedValue.glance(INDEX, shifted, 5, length));
    }

    @Test
    void shouldNoticeEachByteThatIsAnother() {
        final int length = 101;
        final UnsafeBuffer value = new UnsafeBuffer(new byte[length]);
        for (int at = 0; at < length; at++) {
            VersionedValue.write(INDEX, VERSION, value, length);
            value.putByte(at, (byte) (value.getByte(at) ^ 1));
            assertEquals(VersionedValue.WRONG, VersionedValue.check(INDEX, value, 0, length), "byte " + at);
        }
    }

    @Test
    void shouldNoticeTheValueOfAnotherKeyAndHalfAValue() {
        final int length = 100;
        final UnsafeBuffer value = new UnsafeBuffer(new byte[length]);
        VersionedValue.write(INDEX + 1, VERSION, value, length);
        assertEquals(VersionedValue.WRONG, VersionedValue.check(INDEX, value, 0, length));
        assertEquals(VersionedValue.WRONG, VersionedValue.glance(INDEX, value, 0, length));

        VersionedValue.write(INDEX, VERSION, value, length);
        final UnsafeBuffer other = new UnsafeBuffer(new byte[length]);
        VersionedValue.write(INDEX, VERSION + 1, other, length);
        value.putBytes(length / 2, other, length / 2, length / 2);
        assertEquals(VersionedValue.WRONG, VersionedValue.check(INDEX, value, 0, length));
        assertEquals(VersionedValue.WRONG, VersionedValue.glance(INDEX, value, 0, length));
        assertEquals(VersionedValue.WRONG, VersionedValue.glance(INDEX, value, 0, -1));
    }
}
