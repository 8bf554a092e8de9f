package org.mapcask.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.mapcask.lab.rig.Operation;

/** What is measured between the calls of an operation, and leaves the operation as it is. */
class IdlePiecesTest {
    private int prepared;
    private int performed;
    private int verified;

    private final Operation operation = new Operation() {
        @Override
        public void prepare() {
            prepared++;
        }

        @Override
        public void perform() {
            performed++;
        }

        @Override
        public boolean verify() {
            verified++;
            return verified % 2 == 0;
        }
    };

    @Test
    void shouldMeasureAPieceBehindSoManyCalls() {
        final IdlePieces pieces = new IdlePieces(operation);
        int right = 0;
        for (int i = 0; i < 10 * IdlePieces.EVERY + 1; i++) {
            pieces.prepare();
            pieces.perform();
            right += pieces.verify() ? 1 : 0;
        }
        assertEquals(10 * IdlePieces.EVERY + 1, prepared);
        assertEquals(prepared, performed);
        assertEquals(prepared, verified);
        assertEquals(prepared / 2, right);
        assertEquals(10, pieces.times().getTotalCount());
        assertTrue(pieces.totalNs() >= pieces.times().getMinValue() * 9, "the sum of what was measured");
        assertTrue(pieces.times().getMinValue() > 100, "a piece that does something");
    }
}
