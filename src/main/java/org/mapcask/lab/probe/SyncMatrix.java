package org.mapcask.lab.probe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.mapcask.errors.StoreIoException;
import org.mapcask.lab.host.WriteCounters;
import org.mapcask.lab.rig.IntervalRecorder;
import org.mapcask.nativeaccess.NativeAccess;

/**
 * Each way to make an append durable, on a fresh file in each state, for two lengths. All cells are made in rounds, so
 * that a disturbance of the host does not fall on one of them alone. Each append is read back and compared.
 */
final class SyncMatrix {
    static final List<Integer> LENGTHS = List.of(128, DirectFile.BLOCK_LENGTH);

    static final String KIB = "kibWrittenPerAppend";
    static final String FLUSHES = "flushesPerAppend";
    static final String RATE = "appendsPerSecond";
    static final String WRONG = "wrong";

    private static final int ROUNDS = 3;
    /** More are not expected of any device that is written to; memory is faster, and ends a cell sooner. */
    private static final long APPENDS_PER_SECOND_MAX = 30_000;

    private final ProbeWork work;
    private final Map<String, Running> cells = new LinkedHashMap<>();

    SyncMatrix(final ProbeWork work) {
        this.work = work;
        for (final int length : LENGTHS) {
            for (final FileState state : FileState.values()) {
                for (final SyncCall call : SyncCall.values()) {
                    cells.put(name(length, state, call), new Running(length, state, call));
                }
            }
        }
    }

    static String name(final int length, final FileState state, final SyncCall call) {
        return length + "-" + state.lowerName() + "-" + call.lowerName();
    }

    static int cells() {
        return ROUNDS * LENGTHS.size() * FileState.values().length * SyncCall.values().length;
    }

    List<ProbeCell> run() throws IOException {
        for (int round = 0; round < ROUNDS; round++) {
            for (final Map.Entry<String, Running> cell : cells.entrySet()) {
                work.next("sync " + cell.getKey());
                round(cell.getKey(), cell.getValue());
            }
        }
        final List<ProbeCell> result = new ArrayList<>();
        cells.forEach((name, cell) -> result.add(cell.result(name)));
        return result;
    }

    private void round(final String name, final Running cell) throws IOException {
        if (cell.call.needsNative() && !NativeAccess.get().isNative()) {
            cell.refusal = "needs native calls, found " + NativeAccess.get().mode();
        }
        if (cell.refusal != null) {
            return;
        }
        final Path path = work.file(name);
        final long durationNs = work.settings().cellNs() / ROUNDS;
        final long perBlock = DirectFile.BLOCK_LENGTH / cell.length;
        final long blocks = 1 + APPENDS_PER_SECOND_MAX * durationNs / TimeUnit.SECONDS.toNanos(1) / perBlock;
        final int fileLength = Math.toIntExact(blocks * DirectFile.BLOCK_LENGTH);
        cell.state.make(path, fileLength, cell.isDirect());
        final long appended;
        try (AppendTarget target = AppendTarget.open(cell.call, path, fileLength, cell.length)) {
            if (cell.isDirect() && !target.method().startsWith("O_DIRECT")) {
                cell.refusal = "the file system takes no O_DIRECT";
                return;
            }
            appended = appends(cell, target, blocks * perBlock, durationNs);
        } catch (final StoreIoException e) {
            cell.refusal = e.getMessage();
            return;
        }
        cell.wrong += AppendTarget.wrong(path, cell.length, appended);
        Files.delete(path);
    }

    private long appends(final Running cell, final AppendTarget target, final long most, final long durationNs) {
        final WriteCounters before = WriteCounters.now(work.directory());
        final long startNs = System.nanoTime();
        final Histogram histogram = IntervalRecorder.newHistogram();
        histogram.setStartTimeStamp(System.currentTimeMillis());
        long index = 0;
        long nowNs = startNs;
        while (index < most && nowNs - startNs < durationNs) {
            target.fill(index);
            final long beginNs = System.nanoTime();
            target.append(index);
            nowNs = System.nanoTime();
            histogram.recordValue(Math.min(nowNs - beginNs, IntervalRecorder.HIGHEST_NS));
            index++;
        }
        histogram.setEndTimeStamp(System.currentTimeMillis());
        cell.add(histogram, WriteCounters.now(work.directory()).minus(before), nowNs - startNs);
        return index;
    }

    /** A cell while it is made. */
    private static final class Running {
        private final int length;
        private final FileState state;
        private final SyncCall call;
        private final List<Histogram> rounds = new ArrayList<>();
        private long deviceBytes;
        private long deviceFlushes;
        private long elapsedNs;
        private long wrong;
        private String refusal;

        Running(final int length, final FileState state, final SyncCall call) {
            this.length = length;
            this.state = state;
            this.call = call;
        }

        boolean isDirect() {
            return call == SyncCall.DIRECT || call == SyncCall.DIRECT_ALONE;
        }

        /** Counters that the kernel does not show are negative, and stay so. */
        void add(final Histogram round, final WriteCounters used, final long roundNs) {
            rounds.add(round);
            deviceBytes = used.deviceBytes() < 0 ? -1 : deviceBytes + used.deviceBytes();
            deviceFlushes = used.deviceFlushes() < 0 ? -1 : deviceFlushes + used.deviceFlushes();
            elapsedNs += roundNs;
        }

        ProbeCell result(final String name) {
            final String label = call.label() + ", " + length + " B, " + state.lowerName();
            if (refusal != null) {
                return ProbeCell.refused(ProbeCell.Part.SYNC, name, label, refusal);
            }
            final double count = IntervalRecorder.total(rounds).getTotalCount();
            final Map<String, Double> figures = new LinkedHashMap<>();
            figures.put(RATE, count * TimeUnit.SECONDS.toNanos(1) / elapsedNs);
            figures.put(KIB, deviceBytes < 0 ? Double.NaN : deviceBytes / 1024.0 / count);
            figures.put(FLUSHES, deviceFlushes < 0 ? Double.NaN : deviceFlushes / count);
            figures.put(WRONG, (double) wrong);
            return ProbeCell.measured(ProbeCell.Part.SYNC, name, label, rounds, figures);
        }
    }
}
