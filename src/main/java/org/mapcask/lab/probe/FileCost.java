package org.mapcask.lab.probe;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.agrona.BufferUtil;
import org.agrona.IoUtil;
import org.mapcask.errors.MapcaskException;
import org.mapcask.lab.host.WriteCounters;
import org.mapcask.lab.rig.IntervalRecorder;
import org.mapcask.nativeaccess.FileHandle;
import org.mapcask.nativeaccess.NativeAccess;
import org.mapcask.nativeaccess.OpenFlag;

/**
 * The life of a file of the length of a segment, step by step, several times over: blocks, zeros, prefault, the first
 * sync after a prefault, unmap, unlink.
 */
final class FileCost {
    static final String MIB = "mibWritten";

    private static final int ROUNDS = 5;

    /** One step; it may fail as files do. */
    private interface Step {
        void run() throws IOException;
    }

    private final ProbeWork work;
    private final NativeAccess nativeAccess = NativeAccess.get();
    private final Map<String, Histogram> times = new LinkedHashMap<>();
    private final Map<String, String> labels = new LinkedHashMap<>();
    private final Map<String, Double> written = new LinkedHashMap<>();

    FileCost(final ProbeWork work) {
        this.work = work;
    }

    static int cells() {
        return ROUNDS;
    }

    List<ProbeCell> run() throws IOException {
        String refusal = null;
        for (int round = 0; round < ROUNDS && refusal == null; round++) {
            work.next("file, round " + (round + 1));
            try {
                zeroed();
                prefaulted("first-msync", "first sync of one page after a prefault of the whole file, msync",
                    (handle, mapping) -> nativeAccess.syncMapping(mapping, 0, 1, "probe"));
                prefaulted("first-fdatasync", "first sync of one page after such a prefault, fdatasync",
                    (handle, mapping) -> handle.sync());
            } catch (final MapcaskException e) {
                refusal = e.getMessage();
            }
        }
        final List<ProbeCell> cells = new ArrayList<>();
        times.forEach((name, histogram) -> cells.add(ProbeCell.measured(ProbeCell.Part.FILE, name, labels.get(name),
            List.of(histogram), Map.of(MIB, written.get(name) / histogram.getTotalCount()))));
        if (refusal != null) {
            cells.add(ProbeCell.refused(ProbeCell.Part.FILE, "rest", "the steps after these", refusal));
        }
        return cells;
    }

    private void zeroed() throws IOException {
        final Path path = work.file("zeroed");
        final int length = work.settings().fileLength();
        try (FileHandle handle = nativeAccess.open(path, OpenFlag.WRITE, OpenFlag.CREATE_NEW)) {
            time("zero", "zeros written over it in pieces of 4 KiB", () -> handle.writeZeros(0, length));
            time("zero-sync", "fdatasync of these", handle::sync);
        }
        final Path directory = work.directory();
        time("directory", "fsync of the directory, with one new name", () -> nativeAccess.syncDirectory(directory));
        time("unlink", "removal of a file that is in the page cache", () -> Files.delete(path));
    }

    /** What syncs one page of a mapping. */
    private interface PageSync {
        void sync(FileHandle handle, MappedByteBuffer mapping);
    }

    private void prefaulted(final String name, final String label, final PageSync sync) throws IOException {
        final Path path = work.file("prefaulted");
        final int length = work.settings().fileLength();
        try (FileHandle handle = nativeAccess.open(path, OpenFlag.WRITE, OpenFlag.CREATE_NEW)) {
            time("allocate", "blocks by fallocate", () -> handle.allocate(length));
            final MappedByteBuffer mapping = handle.map(length, true);
            final boolean[] populated = new boolean[1];
            time("prefault", "MADV_POPULATE_WRITE of all pages", () ->
                populated[0] = nativeAccess.populate(BufferUtil.address(mapping), length, true, "probe"));
            if (populated[0]) {
                mapping.put(0, (byte) 1);
                time(name, label, () -> sync.sync(handle, mapping));
            }
            time("unmap", "unmapping it", () -> IoUtil.unmap(mapping));
        } finally {
            Files.deleteIfExists(path);
        }
    }

    private void time(final String name, final String label, final Step step) throws IOException {
        final Histogram histogram = times.computeIfAbsent(name, key -> IntervalRecorder.newHistogram());
        labels.put(name, label);
        if (histogram.getTotalCount() == 0) {
            histogram.setStartTimeStamp(System.currentTimeMillis());
        }
        final WriteCounters before = WriteCounters.now(work.directory());
        final long beginNs = System.nanoTime();
        step.run();
        final long tookNs = System.nanoTime() - beginNs;
        histogram.recordValue(Math.min(tookNs, IntervalRecorder.HIGHEST_NS));
        histogram.setEndTimeStamp(System.currentTimeMillis());
        final long bytes = WriteCounters.now(work.directory()).minus(before).deviceBytes();
        written.merge(name, bytes < 0 ? Double.NaN : bytes / (double) (1 << 20), Double::sum);
    }
}
