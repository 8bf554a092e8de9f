package org.mapcask.lab.probe;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.agrona.BufferUtil;
import org.agrona.IoUtil;
import org.mapcask.lab.host.WriteCounters;
import org.mapcask.lab.rig.IntervalRecorder;
import org.mapcask.nativeaccess.Advice;
import org.mapcask.nativeaccess.FileHandle;
import org.mapcask.nativeaccess.NativeAccess;
import org.mapcask.nativeaccess.OpenFlag;

/**
 * One byte stored into a page, then a sync of that page: how much the device writes for it. A store into a mapping
 * makes the whole folio dirty that its page is in, and how large folios are depends on how the page cache was filled.
 */
final class FolioCost {
    static final String KIB = "kibWrittenPerSync";

    /** Pages from one sync to the next: 3 MiB on, so that each sync meets another folio as long as there are any. */
    private static final int STRIDE_PAGES = 769;

    /** How the page cache came to hold the file. */
    private enum Origin {
        READ_AROUND("read by faults, no advice", 0, Advice.NORMAL),
        RANDOM("read by faults, MADV_RANDOM", 0, Advice.RANDOM),
        HUGE("read by faults, MADV_HUGEPAGE", 0, Advice.HUGE_PAGE),
        WRITTEN_4K("written by pieces of 4 KiB", 4 << 10, null),
        WRITTEN_64K("written by pieces of 64 KiB", 64 << 10, null),
        WRITTEN_1M("written by pieces of 1 MiB", 1 << 20, null);

        private final String label;
        private final int pieceLength;
        private final Advice advice;

        Origin(final String label, final int pieceLength, final Advice advice) {
            this.label = label;
            this.pieceLength = pieceLength;
            this.advice = advice;
        }

        String cellName() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final ProbeWork work;
    private final NativeAccess nativeAccess = NativeAccess.get();

    FolioCost(final ProbeWork work) {
        this.work = work;
    }

    static int cells() {
        return Origin.values().length;
    }

    List<ProbeCell> run() throws IOException {
        final List<ProbeCell> cells = new ArrayList<>();
        for (final Origin origin : Origin.values()) {
            work.next("folio " + origin.cellName());
            cells.add(nativeAccess.isNative() ? cell(origin) : ProbeCell.refused(ProbeCell.Part.FOLIO,
                origin.cellName(), origin.label, "needs native calls, found " + nativeAccess.mode()));
        }
        return cells;
    }

    private ProbeCell cell(final Origin origin) throws IOException {
        final Path path = work.file("folio");
        final int length = work.settings().fileLength();
        final MappedByteBuffer mapping;
        try (FileHandle handle = nativeAccess.open(path, OpenFlag.WRITE, OpenFlag.CREATE_NEW)) {
            FileState.writeOld(handle, length, origin.pieceLength == 0 ? DirectFile.BLOCK_LENGTH : origin.pieceLength);
            handle.sync();
            if (origin.pieceLength == 0) {
                handle.dropCached(0, length);
            }
            mapping = handle.map(length, true);
        }
        try {
            if (origin.advice != null && !nativeAccess.advise(BufferUtil.address(mapping), length, origin.advice)) {
                return ProbeCell.refused(
                    ProbeCell.Part.FOLIO, origin.cellName(), origin.label, "the kernel refuses the advice");
            }
            return measured(origin, mapping, length);
        } finally {
            IoUtil.unmap(mapping);
            Files.delete(path);
        }
    }

    private ProbeCell measured(final Origin origin, final MappedByteBuffer mapping, final int length) {
        final int pages = length / DirectFile.BLOCK_LENGTH;
        final Histogram histogram = IntervalRecorder.newHistogram();
        histogram.setStartTimeStamp(System.currentTimeMillis());
        final WriteCounters before = WriteCounters.now(work.directory());
        final long startNs = System.nanoTime();
        long nowNs = startNs;
        for (int i = 0; i < pages && nowNs - startNs < work.settings().cellNs(); i++) {
            final int offset = (int) ((long) i * STRIDE_PAGES % pages) * DirectFile.BLOCK_LENGTH;
            final long beginNs = System.nanoTime();
            mapping.put(offset, (byte) i);
            nativeAccess.syncMapping(mapping, offset, 1, "probe");
            nowNs = System.nanoTime();
            histogram.recordValue(Math.min(nowNs - beginNs, IntervalRecorder.HIGHEST_NS));
        }
        final long bytes = WriteCounters.now(work.directory()).minus(before).deviceBytes();
        histogram.setEndTimeStamp(System.currentTimeMillis());
        final double kib = bytes < 0 ? Double.NaN : bytes / 1024.0 / histogram.getTotalCount();
        return ProbeCell.measured(
            ProbeCell.Part.FOLIO, origin.cellName(), origin.label, List.of(histogram), Map.of(KIB, kib));
    }
}
