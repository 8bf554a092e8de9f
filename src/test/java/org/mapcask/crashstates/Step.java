package org.mapcask.crashstates;

import java.util.List;
import java.util.Locale;

/**
 * One step of a script.
 *
 * @param action      what is done.
 * @param entries     of a write: one of a put or delete, any number of a batch.
 * @param mode        of {@link Action#OPEN}, else null.
 * @param operations  of {@link Action#KILL_IN_NEXT}: how many are still done; of {@link Action#MERGE} and {@link
 *                    Action#CHECKPOINT}: how many come before the writes.
 * @param choice      of {@link Action#MERGE}: what is merged.
 */
record Step(Action action, List<Entry> entries, StoreMode mode, int operations, int choice) {
    /** The length of a value that stands for a removal. */
    private static final int REMOVED = -1;

    /** What a step does. */
    enum Action {
        /** Opens the store; the first step, and the one after {@link #CLOSE} and {@link #KILL}. */
        OPEN,
        /** A put or a removal. */
        WRITE,
        /** A put that fails, since its value cannot be read: a segment that was made for it is thrown away. */
        FAIL,
        /** Several of them, all or none. */
        BATCH,
        SYNC,
        /** A round of the background work: the next segment is made, what was rolled is sealed. */
        HOUSEKEEP,
        /**
         * Goes on in a new segment, and merges some of the sealed ones: the bits of a number choose which. In the
         * middle of it come writes, as if by another thread.
         */
        MERGE,
        /** Makes a checkpoint of the keydir; in the middle of it come writes, as if by another thread. */
        CHECKPOINT,
        /** A fault: what a merge emptied goes without waiting for the next checkpoint. */
        FORGET_CHECKPOINT,
        CLOSE,
        /** The process ends without closing; the page cache stays. */
        KILL,
        /** In the next step the process ends so many operations on files later, and the store is opened again. */
        KILL_IN_NEXT
    }

    /** A key, and the length of its new value. */
    record Entry(String key, int valueLength) {
        /** A put with a value of this length. */
        static Entry put(final int key, final int valueLength) {
            return new Entry("k" + key, valueLength);
        }

        /** A removal. */
        static Entry delete(final int key) {
            return new Entry("k" + key, REMOVED);
        }

        boolean isDelete() {
            return valueLength == REMOVED;
        }

        @Override
        public String toString() {
            return isDelete() ? "delete " + key : "put " + key + " " + valueLength;
        }
    }

    static Step of(final Action action) {
        return new Step(action, List.of(), null, 0, 0);
    }

    static Step open(final StoreMode mode) {
        return new Step(Action.OPEN, List.of(), mode, 0, 0);
    }

    static Step put(final int key, final int valueLength) {
        return new Step(Action.WRITE, List.of(Entry.put(key, valueLength)), null, 0, 0);
    }

    static Step fail(final int key, final int valueLength) {
        return new Step(Action.FAIL, List.of(Entry.put(key, valueLength)), null, 0, 0);
    }

    static Step delete(final int key) {
        return new Step(Action.WRITE, List.of(Entry.delete(key)), null, 0, 0);
    }

    static Step merge(final int choice) {
        return merge(choice, 0);
    }

    static Step merge(final int choice, final int operations, final Entry... entries) {
        return new Step(Action.MERGE, List.of(entries), null, operations, choice);
    }

    static Step checkpoint(final int operations, final Entry... entries) {
        return new Step(Action.CHECKPOINT, List.of(entries), null, operations, 0);
    }

    static Step batch(final Entry... entries) {
        return new Step(Action.BATCH, List.of(entries), null, 0, 0);
    }

    static Step killInNext(final int operations) {
        return new Step(Action.KILL_IN_NEXT, List.of(), null, operations, 0);
    }

    @Override
    public String toString() {
        switch (action) {
            case KILL_IN_NEXT:
                return "kill after " + operations + " operations of";
            case MERGE:
                return "merge " + Integer.toHexString(choice) +
                    (entries.isEmpty() ? "" : ", after " + operations + " operations " + entries);
            case OPEN:
                return "open " + mode;
            case WRITE:
                return entries.get(0).toString();
            case CHECKPOINT:
                return "checkpoint, after " + operations + " operations " + entries;
            case FAIL, BATCH:
                return action.toString().toLowerCase(Locale.ROOT) + entries;
            default:
                return action.toString().toLowerCase(Locale.ROOT);
        }
    }
}
