package org.mapcask.bench;

import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.Mapcask;
import org.mapcask.lab.workload.SyntheticRecords;

/** Compares a store with what its writers had begun and what it had acknowledged. Stateless. */
final class PartialWriteCheck {
    private PartialWriteCheck() {
    }

    /**
     * What was found in a store.
     *
     * @param begun        writes that were begun.
     * @param acknowledged writes that the store had acknowledged.
     * @param found        writes whose value is there, whole.
     * @param lost         acknowledged writes that are not there.
     * @param wrong        values that are neither what was written nor what was there before: half-written ones too.
     */
    record Outcome(long begun, long acknowledged, long found, long lost, long wrong) {
        /** Both together. */
        Outcome plus(final Outcome other) {
            return new Outcome(begun + other.begun, acknowledged + other.acknowledged, found + other.found,
                lost + other.lost, wrong + other.wrong);
        }

        /** Whether every acknowledged write is there, and nothing that nobody wrote. */
        boolean isRight() {
            return lost == 0 && wrong == 0;
        }
    }

    /**
     * Looks at a store.
     *
     * @param store    opened again after its writer was killed.
     * @param load     what was written.
     * @param progress how far that had come.
     * @param scratch  room for the longest value.
     */
    static Outcome look(
        final Mapcask store, final PartialWriteLoad load, final WriterProgress progress, final UnsafeBuffer scratch) {
        return load.part() == PartialWriteLoad.Part.VALUE
            ? value(store, load, progress, scratch) : records(store, progress, scratch);
    }

    /** Only the long value is counted: it may be there, or else what was there before; nothing in between. */
    private static Outcome value(
        final Mapcask store, final PartialWriteLoad load, final WriterProgress progress, final UnsafeBuffer scratch) {
        final int length =
            store.get(PartialWriteLoad.KEY, 0, PartialWriteLoad.KEY.capacity(), scratch, 0, scratch.capacity());
        final long begun = progress.begun(0);
        final boolean acknowledged = progress.acknowledged(0) == 2;
        final boolean isNew = begun == 2 && length == load.valueLength()
            && SyntheticRecords.matches(2, scratch, 0, length);
        final boolean isOld = length == PartialWriteLoad.SHORT_LENGTH && load.hasOld()
            && SyntheticRecords.matches(1, scratch, 0, length);
        final boolean isNone = length == Mapcask.NOT_FOUND;
        final boolean lost = acknowledged && !isNew || isNone && progress.acknowledged(0) > 0;
        final boolean known = isNew || isOld || isNone;
        final long sizeWrong = Math.abs(store.size() - (isNone ? 0 : 1));
        return new Outcome(begun == 2 ? 1 : 0, acknowledged ? 1 : 0, isNew ? 1 : 0, lost ? 1 : 0,
            (known ? 0 : 1) + sizeWrong);
    }

    private static Outcome records(
        final Mapcask store, final WriterProgress progress, final UnsafeBuffer scratch) {
        final UnsafeBuffer key = new UnsafeBuffer(new byte[SyntheticRecords.KEY_LENGTH]);
        long begun = 0;
        long found = 0;
        long lost = 0;
        long wrong = 0;
        for (int writer = 0; writer < progress.writers(); writer++) {
            final long count = progress.begun(writer);
            final long acknowledged = progress.acknowledged(writer);
            begun += count;
            for (long i = 0; i < count; i++) {
                final long index = PartialWriteLoad.index(writer, i);
                SyntheticRecords.key(index, key);
                final int length = store.get(key, 0, SyntheticRecords.KEY_LENGTH, scratch, 0, scratch.capacity());
                if (length == Mapcask.NOT_FOUND) {
                    lost += i < acknowledged ? 1 : 0;
                } else if (length == PartialWriteLoad.SHORT_LENGTH
                    && SyntheticRecords.matches(index, scratch, 0, length)) {
                    found++;
                } else {
                    wrong++;
                }
            }
        }
        // Keys that nobody wrote.
        wrong += Math.max(0, store.size() - found - wrong);
        return new Outcome(begun, progress.acknowledged(), found, lost, wrong);
    }
}
