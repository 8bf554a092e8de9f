package org.mapcask.wal;

/** Threads that wait for a frame, the newest first. Plain state; the caller guards it. */
final class WaiterList {
    private Waiter first;

    /** Adds one. */
    void add(final Waiter waiter) {
        waiter.next = first;
        first = waiter;
    }

    /** Takes the newest, which may not be parked yet; null when there is none. */
    Waiter poll() {
        final Waiter waiter = first;
        if (waiter != null) {
            first = waiter.next;
        }
        return waiter;
    }

    /** Takes all; the first of them comes back. */
    Waiter takeAll() {
        final Waiter all = first;
        first = null;
        return all;
    }

    /** Takes those that wait for this sequence or an earlier one; the first of them comes back. */
    Waiter takeUpTo(final long sequence) {
        Waiter taken = null;
        Waiter before = null;
        Waiter waiter = first;
        while (waiter != null) {
            final Waiter next = waiter.next;
            if (waiter.sequence > sequence) {
                before = waiter;
            } else {
                if (before == null) {
                    first = next;
                } else {
                    before.next = next;
                }
                waiter.next = taken;
                taken = waiter;
            }
            waiter = next;
        }
        return taken;
    }

    /** Wakes those that were taken; needs no guard. */
    static void wakeAll(final Waiter first, final int state) {
        Waiter waiter = first;
        while (waiter != null) {
            // Once it is awake, it may wait for something else.
            final Waiter next = waiter.next;
            waiter.wake(state);
            waiter = next;
        }
    }
}
