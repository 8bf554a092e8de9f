package org.mapcask.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.Mapcask;
import org.mapcask.lab.workload.SyntheticRecords;

/**
 * The process that is killed: opens a store, says that it begins, writes, says that it has ended, and waits for its
 * death.
 */
public final class PartialWriteMain {
    /** What it says before it writes. */
    static final String BEGIN = "begin";
    /** What it says when it has written everything. */
    static final String END = "end";

    private static final int FAILED = 3;

    private PartialWriteMain() {
    }

    /**
     * Writes.
     *
     * @param arguments directory of the store, then those of {@link PartialWriteLoad#arguments}.
     * @throws IOException if the progress cannot be kept.
     */
    public static void main(final String[] arguments) throws IOException {
        final Path directory = Path.of(arguments[0]);
        final PartialWriteLoad load = PartialWriteLoad.parse(arguments, 1);
        final WriterProgress progress = new WriterProgress(PartialWriteLoad.progressOf(directory), load.writers());
        try {
            final Mapcask store = Mapcask.open(directory, load.options());
            if (load.part() == PartialWriteLoad.Part.VALUE) {
                writeValue(store, load, progress);
            } else {
                writeRecords(store, load, progress);
            }
            say(END);
            // Until it is killed, or whoever started it is gone.
            while (System.in.read() >= 0) {
                continue;
            }
        } catch (final RuntimeException | InterruptedException e) {
            e.printStackTrace();
            Runtime.getRuntime().halt(FAILED);
        }
    }

    private static void writeValue(final Mapcask store, final PartialWriteLoad load, final WriterProgress progress) {
        final UnsafeBuffer value = new UnsafeBuffer(ByteBuffer.allocateDirect(load.valueLength()));
        if (load.hasOld()) {
            SyntheticRecords.value(1, value, PartialWriteLoad.SHORT_LENGTH);
            progress.begin(0, 1);
            store.put(PartialWriteLoad.KEY, 0, PartialWriteLoad.KEY.capacity(), value, 0,
                PartialWriteLoad.SHORT_LENGTH);
            progress.acknowledge(0, 1);
        }
        SyntheticRecords.value(2, value, load.valueLength());
        progress.begin(0, 2);
        say(BEGIN);
        store.put(PartialWriteLoad.KEY, 0, PartialWriteLoad.KEY.capacity(), value, 0, load.valueLength());
        progress.acknowledge(0, 2);
    }

    private static void writeRecords(final Mapcask store, final PartialWriteLoad load, final WriterProgress progress)
        throws InterruptedException {
        say(BEGIN);
        final List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < load.writers(); i++) {
            final int writer = i;
            final Thread thread = new Thread(() -> {
                try {
                    writeRecords(store, load.recordsOfWriter(), writer, progress);
                } catch (final RuntimeException | Error e) {
                    e.printStackTrace();
                    Runtime.getRuntime().halt(FAILED);
                }
            }, "writer-" + writer);
            threads.add(thread);
            thread.start();
        }
        for (final Thread thread : threads) {
            thread.join();
        }
    }

    private static void writeRecords(
        final Mapcask store, final long records, final int writer, final WriterProgress progress) {
        final UnsafeBuffer key = new UnsafeBuffer(new byte[SyntheticRecords.KEY_LENGTH]);
        final UnsafeBuffer value = new UnsafeBuffer(new byte[PartialWriteLoad.SHORT_LENGTH]);
        for (long i = 0; i < records; i++) {
            final long index = PartialWriteLoad.index(writer, i);
            SyntheticRecords.key(index, key);
            SyntheticRecords.value(index, value, PartialWriteLoad.SHORT_LENGTH);
            progress.begin(writer, i + 1);
            store.put(key, 0, SyntheticRecords.KEY_LENGTH, value, 0, PartialWriteLoad.SHORT_LENGTH);
            progress.acknowledge(writer, i + 1);
        }
    }

    private static void say(final String line) {
        System.out.println(line);
        System.out.flush();
    }
}
