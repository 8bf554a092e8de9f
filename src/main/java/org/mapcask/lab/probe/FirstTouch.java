package org.mapcask.lab.probe;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.agrona.BufferUtil;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.lab.host.ProcessCounters;
import org.mapcask.lab.rig.IntervalRecorder;
import org.mapcask.nativeaccess.Advice;
import org.mapcask.nativeaccess.FileHandle;
import org.mapcask.nativeaccess.NativeAccess;
import org.mapcask.nativeaccess.OpenFlag;

/**
 * Appends of 128 bytes into a fresh mapping, one after the other, without any sync: what the first store to a page
 * costs, and what it is worth to make pages present beforehand.
 */
final class FirstTouch {
    static final String PREPARED_MS = "preparedMs";
    static final String MEAN_NS = "meanNs";
    static final String FAULTS = "minorFaults";

    private static final int RECORD_LENGTH = 128;
    private static final int WARM_UPS = 2;

    /** What is done before the first store. */
    private enum Plan {
        SPARSE_PLAIN(FileState.SPARSE, "sparse file, nothing done"),
        FALLOCATED_PLAIN(FileState.FALLOCATED, "fallocated file, nothing done"),
        ZEROED_PLAIN(FileState.ZEROED, "file of zeros in the page cache, nothing done"),
        RANDOM(FileState.FALLOCATED, "fallocated, MADV_RANDOM"),
        HUGE(FileState.FALLOCATED, "fallocated, MADV_HUGEPAGE"),
        POPULATE_READ(FileState.FALLOCATED, "fallocated, MADV_POPULATE_READ, which is what MAP_POPULATE does here"),
        POPULATE_WRITE(FileState.FALLOCATED, "fallocated, MADV_POPULATE_WRITE"),
        ZEROED_POPULATE_WRITE(FileState.ZEROED, "file of zeros, MADV_POPULATE_WRITE"),
        HUGE_POPULATE_WRITE(FileState.FALLOCATED, "fallocated, MADV_HUGEPAGE, MADV_POPULATE_WRITE");

        private final FileState state;
        private final String label;

        Plan(final FileState state, final String label) {
            this.state = state;
            this.label = label;
        }

        String cellName() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final ProbeWork work;
    private final NativeAccess nativeAccess = NativeAccess.get();
    private final UnsafeBuffer record = new UnsafeBuffer(new byte[RECORD_LENGTH]);

    FirstTouch(final ProbeWork work) {
        this.work = work;
        record.setMemory(0, RECORD_LENGTH, (byte) 1);
    }

    static int cells() {
        return Plan.values().length + WARM_UPS;
    }

    List<ProbeCell> run() throws IOException {
        for (int i = 0; i < WARM_UPS; i++) {
            work.next("first touch, warm-up");
            cell(Plan.FALLOCATED_PLAIN);
        }
        final List<ProbeCell> cells = new ArrayList<>();
        for (final Plan plan : Plan.values()) {
            work.next("first touch " + plan.cellName());
            cells.add(cell(plan));
        }
        return cells;
    }

    private ProbeCell cell(final Plan plan) throws IOException {
        final Path path = work.file("touch");
        final int length = work.settings().fileLength();
        plan.state.make(path, length, false);
        final MappedByteBuffer mapping;
        try (FileHandle handle = nativeAccess.open(path, OpenFlag.WRITE)) {
            mapping = handle.map(length, true);
        }
        try {
            final long beginNs = System.nanoTime();
            if (!prepared(plan, BufferUtil.address(mapping), length)) {
                return ProbeCell.refused(ProbeCell.Part.TOUCH, plan.cellName(), plan.label,
                    "the kernel refuses it, or there are no native calls (" + nativeAccess.mode() + ")");
            }
            final long preparedNs = System.nanoTime() - beginNs;
            final ProcessCounters before = ProcessCounters.now();
            final Histogram histogram = stores(new UnsafeBuffer(mapping), length);
            final ProcessCounters used = ProcessCounters.now().minus(before);
            final Map<String, Double> figures = new LinkedHashMap<>();
            figures.put(PREPARED_MS, preparedNs / 1e6);
            figures.put(MEAN_NS, histogram.getMean());
            figures.put(FAULTS, (double) used.minorFaults());
            return ProbeCell.measured(
                ProbeCell.Part.TOUCH, plan.cellName(), plan.label, List.of(histogram), figures);
        } finally {
            IoUtil.unmap(mapping);
            Files.delete(path);
        }
    }

    private boolean prepared(final Plan plan, final long address, final int length) {
        return switch (plan) {
            case RANDOM -> nativeAccess.advise(address, length, Advice.RANDOM);
            case HUGE -> nativeAccess.advise(address, length, Advice.HUGE_PAGE);
            case POPULATE_READ -> nativeAccess.populate(address, length, false, "probe");
            case POPULATE_WRITE, ZEROED_POPULATE_WRITE -> nativeAccess.populate(address, length, true, "probe");
            case HUGE_POPULATE_WRITE -> nativeAccess.advise(address, length, Advice.HUGE_PAGE)
                && nativeAccess.populate(address, length, true, "probe");
            default -> true;
        };
    }

    private Histogram stores(final UnsafeBuffer buffer, final int length) {
        final Histogram histogram = IntervalRecorder.newHistogram();
        histogram.setStartTimeStamp(System.currentTimeMillis());
        long beginNs = System.nanoTime();
        for (int offset = 0; offset < length; offset += RECORD_LENGTH) {
            buffer.putBytes(offset, record, 0, RECORD_LENGTH);
            final long endNs = System.nanoTime();
            histogram.recordValue(Math.min(endNs - beginNs, IntervalRecorder.HIGHEST_NS));
            beginNs = endNs;
        }
        histogram.setEndTimeStamp(System.currentTimeMillis());
        return histogram;
    }
}
