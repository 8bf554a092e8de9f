package org.mapcask.lab.probe;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.agrona.BufferUtil;
import org.agrona.IoUtil;
import org.mapcask.errors.MapcaskException;
import org.mapcask.lab.host.ProcessCounters;
import org.mapcask.lab.rig.IntervalRecorder;
import org.mapcask.nativeaccess.Advice;
import org.mapcask.nativeaccess.FileHandle;
import org.mapcask.nativeaccess.NativeAccess;
import org.mapcask.nativeaccess.OpenFlag;

/**
 * Reads of one page after the other, each far from the last, of a file that the page cache was made to
 * forget; beside each way a thread that asks for safepoints. A cell ends early when half of the file has been read
 * from the device, since what comes then may be in memory.
 */
final class ColdReads {
    static final String KIB = "kibReadPerRead";
    static final String FAULTS = "majorFaultsPerRead";
    static final String RATE = "readsPerSecond";
    static final String SAFEPOINTS = "safepoints";
    static final String SAFEPOINT_P50_US = "safepointP50Us";
    static final String SAFEPOINT_P99_US = "safepointP99Us";
    static final String SAFEPOINT_MAX_US = "safepointMaxUs";
    static final String WRONG = "wrong";

    private static final int PAGE = DirectFile.BLOCK_LENGTH;
    private static final byte CONTENT = 0x5A;
    /** Odd, so that it leads through all pages of a file with a power of two of them; far, so that no two are near. */
    private static final long STRIDE = 0x9E37_79B1L;
    private static final int COUNTED_EACH = 16;
    private static final double RESIDENT_MAX = 0.1;
    private static final int CELL_TIMES = 4;

    /** How a page is read. */
    private enum Way {
        NONE("no reads at all"),
        MAPPED("mapped, no advice"),
        MAPPED_RANDOM("mapped, MADV_RANDOM"),
        MAPPED_POPULATE("mapped, MADV_POPULATE_READ of the page first"),
        PREAD("pread"),
        DIRECT("pread, O_DIRECT");

        private final String label;

        Way(final String label) {
            this.label = label;
        }

        String cellName() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        boolean isMapped() {
            return this == MAPPED || this == MAPPED_RANDOM || this == MAPPED_POPULATE;
        }
    }

    private final ProbeWork work;
    private final NativeAccess nativeAccess = NativeAccess.get();
    private final ByteBuffer block = DirectFile.newBlock();
    private final int length;
    private final Path path;

    ColdReads(final ProbeWork work) {
        this.work = work;
        length = Integer.highestOneBit(work.settings().coldLength());
        path = work.file("cold");
    }

    static int cells() {
        return Way.values().length + 1;
    }

    List<ProbeCell> run() throws IOException {
        work.next("cold reads, the file");
        try (FileHandle handle = nativeAccess.open(path, OpenFlag.WRITE, OpenFlag.CREATE_NEW)) {
            FileState.writeOld(handle, length, 1 << 20);
            handle.sync();
        }
        final List<ProbeCell> cells = new ArrayList<>();
        for (final Way way : Way.values()) {
            work.next("cold reads, " + way.cellName());
            cells.add(cell(way));
        }
        Files.delete(path);
        return cells;
    }

    private ProbeCell cell(final Way way) throws IOException {
        if (!nativeAccess.isNative()) {
            return refused(way, "the page cache cannot be emptied without native calls, found " + nativeAccess.mode());
        }
        final boolean direct = way == Way.DIRECT;
        try (FileHandle handle = direct ? nativeAccess.open(path, OpenFlag.DIRECT) : nativeAccess.open(path)) {
            final MappedByteBuffer mapping = handle.map(length, false);
            try {
                handle.dropCached(0, length);
                final long resident = nativeAccess.residentPages(BufferUtil.address(mapping), length);
                if (resident > RESIDENT_MAX * length / PAGE) {
                    return refused(way, "the file stays in memory on this file system");
                }
                final Advice advice = way == Way.MAPPED_RANDOM || way == Way.MAPPED_POPULATE
                    ? Advice.RANDOM : Advice.NORMAL;
                nativeAccess.advise(BufferUtil.address(mapping), length, advice);
                return measured(way, handle, mapping);
            } finally {
                IoUtil.unmap(mapping);
            }
        } catch (final MapcaskException e) {
            return refused(way, e.getMessage());
        }
    }

    private static ProbeCell refused(final Way way, final String reason) {
        return ProbeCell.refused(ProbeCell.Part.READ, way.cellName(), way.label, reason);
    }

    private ProbeCell measured(final Way way, final FileHandle handle, final MappedByteBuffer mapping) {
        final Histogram reads = IntervalRecorder.newHistogram();
        reads.setStartTimeStamp(System.currentTimeMillis());
        final SafepointMeter meter = SafepointMeter.start();
        final ProcessCounters before = ProcessCounters.now();
        final long startNs = System.nanoTime();
        final long wrong = way == Way.NONE ? idle() : reads(way, handle, mapping, reads, before);
        final long elapsedNs = System.nanoTime() - startNs;
        final ProcessCounters used = ProcessCounters.now().minus(before);
        final Histogram safepoints = meter.stop();
        reads.setEndTimeStamp(System.currentTimeMillis());
        final double count = reads.getTotalCount();
        final Map<String, Double> figures = new LinkedHashMap<>();
        if (way != Way.NONE) {
            figures.put(RATE, count * 1e9 / elapsedNs);
            figures.put(KIB, used.readBytes() < 0 ? Double.NaN : used.readBytes() / 1024.0 / count);
            figures.put(FAULTS, used.majorFaults() < 0 ? Double.NaN : used.majorFaults() / count);
            figures.put(WRONG, (double) wrong);
        }
        figures.put(SAFEPOINTS, (double) safepoints.getTotalCount());
        figures.put(SAFEPOINT_P50_US, safepoints.getValueAtPercentile(50) / 1e3);
        figures.put(SAFEPOINT_P99_US, safepoints.getValueAtPercentile(99) / 1e3);
        figures.put(SAFEPOINT_MAX_US, safepoints.getMaxValue() / 1e3);
        return ProbeCell.measured(ProbeCell.Part.READ, way.cellName(), way.label, List.of(reads), figures);
    }

    /** Lets the meter run alone. */
    private long idle() {
        final long endNs = System.nanoTime() + CELL_TIMES * work.settings().cellNs();
        while (System.nanoTime() - endNs < 0) {
            LockSupport.parkNanos(endNs - System.nanoTime());
        }
        return 0;
    }

    /** Reads until the time is over, or half of the file is in memory; tells how many pages had other content. */
    private long reads(
        final Way way, final FileHandle handle, final MappedByteBuffer mapping, final Histogram reads,
        final ProcessCounters before) {
        final int pages = length / PAGE;
        final long endNs = System.nanoTime() + CELL_TIMES * work.settings().cellNs();
        final long bytesMax = length / 2;
        long wrong = 0;
        long nowNs = 0;
        for (long i = 0; i < pages / 2; i++) {
            final int offset = (int) (i * STRIDE % pages) * PAGE;
            final long beginNs = System.nanoTime();
            final byte found = read(way, handle, mapping, offset);
            nowNs = System.nanoTime();
            reads.recordValue(Math.min(nowNs - beginNs, IntervalRecorder.HIGHEST_NS));
            wrong += found == CONTENT ? 0 : 1;
            final boolean enough = i % COUNTED_EACH == 0
                && ProcessCounters.now().minus(before).readBytes() > bytesMax;
            if (enough || nowNs - endNs > 0) {
                break;
            }
        }
        return wrong;
    }

    private byte read(final Way way, final FileHandle handle, final MappedByteBuffer mapping, final int offset) {
        if (way == Way.MAPPED_POPULATE) {
            nativeAccess.populate(BufferUtil.address(mapping) + offset, PAGE, false, "probe");
        }
        if (way.isMapped()) {
            return mapping.get(offset + PAGE - 1);
        }
        block.clear();
        handle.read(offset, block);
        return block.get(PAGE - 1);
    }
}
