package org.mapcask.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.support.MemoryFileOps;

/**
 * Random use, and crashes in which only what was written to the ring and what the segments called durable is left: no
 * record that was called durable may be missing in both.
 */
class WalModelTest {
    private static final long SEED = 0x3A1;
    private static final int ROUNDS = 150;

    private final Random random = new Random(SEED);
    private final Map<Long, Integer> valueLengths = new TreeMap<>();
    private MemoryFileOps files = new MemoryFileOps();
    private long sequence;

    @Test
    void shouldLoseNothingThatWasDurable() {
        System.out.println("WalModelTest, seed " + SEED);
        for (int round = 0; round < ROUNDS; round++) {
            final WalRig rig = new WalRig(files, Path.of("store"));
            rig.makeDurable(sequence);
            final Wal wal = rig.open(random.nextInt(4) == 0 ? 128 << 10 : 64 << 10);
            for (int step = random.nextInt(120); step > 0; step--) {
                step(wal, rig);
            }
            final long durable = wal.durableSequence();
            files = new MemoryFileOps(files.image());
            check(new WalRig(files, rig.directory), rig.durableSequence(), durable);
            wal.close();
        }
        assertTrue(sequence > 5000, "records: " + sequence);
    }

    private void step(final Wal wal, final WalRig rig) {
        final int what = random.nextInt(20);
        if (what == 0) {
            wal.passOver(++sequence);
        } else if (what == 1) {
            rig.makeDurable(Math.min(wal.wantedSequence(), sequence));
        } else if (what == 2) {
            stageBatch(wal);
        } else if (what < 12) {
            stage(wal, RecordDescriptor.BATCH_NONE);
        } else if (sequence > 0) {
            final long upTo = Math.max(1, sequence - random.nextInt(5));
            wal.commit(upTo);
            assertTrue(wal.durableSequence() >= upTo);
        }
    }

    private void stage(final Wal wal, final int batch) {
        final int valueLength = random.nextInt(random.nextInt(5) == 0 ? 9000 : 300);
        valueLengths.put(++sequence, valueLength);
        WalRig.stage(wal, WalRig.record(sequence, valueLength, batch));
    }

    private void stageBatch(final Wal wal) {
        final int count = 2 + random.nextInt(5);
        final UnsafeBuffer record = WalRig.record(Integer.MAX_VALUE, 100);
        if (wal.beginBatch(count * record.capacity())) {
            for (int i = 0; i < count; i++) {
                valueLengths.put(++sequence, 100);
                WalRig.stage(wal, WalRig.record(sequence, 100));
            }
            wal.endBatch();
        } else {
            sequence += count;
            wal.passOver(sequence);
        }
    }

    /** What recovery may rely on: after the segments, the sequences go on in the ring without a hole. */
    private void check(final WalRig rig, final long inSegments, final long durable) {
        final WalContents contents = rig.contents();
        assertTrue(contents.isComplete());
        assertTrue(contents.segmentsDurable() <= inSegments);
        final TreeMap<Long, byte[]> records = rig.records(inSegments);
        long next = inSegments + 1;
        for (final long found : records.keySet()) {
            assertEquals(next, found, "seed " + SEED);
            rig.checkHolds(records, found, valueLengths.get(found));
            next++;
        }
        assertTrue(next > durable, "durable up to " + durable + ", found up to " + (next - 1) + ", seed " + SEED);
        sequence = next - 1;
    }
}
