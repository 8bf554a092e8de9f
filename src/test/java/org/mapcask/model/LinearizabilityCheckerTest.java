package org.mapcask.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mapcask.model.Operation.Kind;

/** Who checks the checker: right histories, wrong ones, and every small history against trying all orders. */
class LinearizabilityCheckerTest {
    private final LinearizabilityChecker checker = new LinearizabilityChecker();

    @Test
    void shouldAcceptOperationsOneAfterTheOther() {
        assertTrue(checker.isLinearizable(List.of(
            operation(Kind.GET, 0, 0, 0, 1, 2), operation(Kind.PUT_IF_ABSENT, 0, 1, 1, 3, 4),
            operation(Kind.PUT_IF_ABSENT, 0, 2, 0, 5, 6), operation(Kind.COMPARE_AND_SET, 1, 3, 1, 7, 8),
            operation(Kind.COMPARE_AND_SET, 1, 4, 0, 9, 10), operation(Kind.REPLACE, 0, 5, 1, 11, 12),
            operation(Kind.GET, 0, 0, 5, 13, 14), operation(Kind.DELETE, 0, 0, 1, 15, 16),
            operation(Kind.DELETE, 0, 0, 0, 17, 18), operation(Kind.REPLACE, 0, 6, 0, 19, 20),
            operation(Kind.CONTAINS, 0, 0, 0, 21, 22))));
    }

    @Test
    void shouldAcceptThatOverlappingOperationsTakeEffectInEitherOrder() {
        final Operation put = operation(Kind.PUT, 0, 1, 1, 1, 10);
        assertTrue(checker.isLinearizable(List.of(put, operation(Kind.GET, 0, 0, 0, 2, 3))));
        assertTrue(checker.isLinearizable(List.of(put, operation(Kind.GET, 0, 0, 1, 2, 3))));
        assertTrue(checker.isLinearizable(
            List.of(put, operation(Kind.GET, 0, 0, 0, 2, 3), operation(Kind.GET, 0, 0, 1, 4, 5))));
    }

    @Test
    void shouldRejectAStaleRead() {
        assertFalse(checker.isLinearizable(List.of(operation(Kind.PUT, 0, 1, 1, 1, 2),
            operation(Kind.PUT, 0, 2, 1, 3, 4), operation(Kind.GET, 0, 0, 1, 5, 6))));
    }

    @Test
    void shouldRejectAValueThatGoesBack() {
        assertFalse(checker.isLinearizable(List.of(operation(Kind.PUT, 0, 1, 1, 1, 10),
            operation(Kind.GET, 0, 0, 1, 2, 3), operation(Kind.GET, 0, 0, 0, 4, 5))));
    }

    @Test
    void shouldRejectALostUpdate() {
        assertFalse(checker.isLinearizable(List.of(operation(Kind.PUT, 0, 1, 1, 1, 2),
            operation(Kind.COMPARE_AND_SET, 1, 2, 1, 3, 6), operation(Kind.COMPARE_AND_SET, 1, 3, 1, 4, 7))));
    }

    @Test
    void shouldRejectThatTwoPutIfAbsentSucceed() {
        assertFalse(checker.isLinearizable(List.of(
            operation(Kind.PUT_IF_ABSENT, 0, 1, 1, 1, 3), operation(Kind.PUT_IF_ABSENT, 0, 2, 1, 2, 4))));
    }

    @Test
    void shouldRejectThatADeletedKeyIsDeletedAgain() {
        assertFalse(checker.isLinearizable(List.of(operation(Kind.PUT, 0, 1, 1, 1, 2),
            operation(Kind.DELETE, 0, 0, 1, 3, 5), operation(Kind.DELETE, 0, 0, 1, 4, 6))));
    }

    @Test
    void shouldLeaveAwayWhatDoesNotMatter() {
        final Operation put = operation(Kind.PUT, 0, 1, 1, 1, 2);
        final Operation wrong = operation(Kind.GET, 0, 0, 0, 5, 6);
        assertEquals(List.of(put, wrong), checker.shortened(List.of(put, operation(Kind.GET, 0, 0, 1, 3, 4),
            wrong, operation(Kind.PUT_IF_ABSENT, 0, 2, 0, 7, 8))));
    }

    @Test
    void shouldAgreeWithTryingAllOrders() {
        final long seed = 20_260_301;
        final Random random = new Random(seed);
        int accepted = 0;
        for (int round = 0; round < 20_000; round++) {
            final List<Operation> history = randomHistory(random, 1 + random.nextInt(5));
            final boolean expected = anyOrder(history, new ArrayList<>(), 0);
            assertEquals(expected, checker.isLinearizable(history),
                () -> "seed " + seed + ", history " + history);
            accepted += expected ? 1 : 0;
        }
        assertTrue(accepted > 1000 && accepted < 19_000, "both kinds came, accepted: " + accepted);
    }

    private static List<Operation> randomHistory(final Random random, final int count) {
        final List<Operation> history = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            final Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
            final int invoked = random.nextInt(20);
            final int result = kind == Kind.PUT ? 1 : random.nextInt(kind == Kind.GET ? 3 : 2);
            history.add(operation(kind, 1 + random.nextInt(2), 1 + random.nextInt(2), result, 2 * invoked,
                2 * (invoked + random.nextInt(10)) + 1));
        }
        return history;
    }

    /** Every order, without cleverness: each is looked at whether it keeps to the clock. */
    private static boolean anyOrder(final List<Operation> left, final List<Operation> order, final int state) {
        if (left.isEmpty()) {
            for (int i = 0; i < order.size(); i++) {
                for (int j = i + 1; j < order.size(); j++) {
                    if (order.get(j).responded < order.get(i).invoked) {
                        return false;
                    }
                }
            }
            return true;
        }
        for (final Operation next : left) {
            final int after = next.apply(state);
            if (after >= 0) {
                final List<Operation> rest = new ArrayList<>(left);
                rest.remove(next);
                final List<Operation> longer = new ArrayList<>(order);
                longer.add(next);
                if (anyOrder(rest, longer, after)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static Operation operation(
        final Kind kind, final int expected, final int value, final int result, final long invoked,
        final long responded) {
        return new Operation(0, 0, kind, expected, value, result, invoked, responded);
    }
}
