package org.mapcask.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.mapcask.SealedRead;
import org.mapcask.lab.host.PageCache;
import org.mapcask.lab.host.ProcessCounters;
import org.mapcask.nativeaccess.Advice;
import org.mapcask.segment.SegmentFileNames;

/** A way to read sealed segments that is compared with others. */
enum ReadArm {
    /** Mapped, {@code madvise(MADV_NORMAL)}: the kernel reads around a fault. */
    NORMAL(SealedRead.MAPPED, Advice.NORMAL),
    /** Mapped, {@code madvise(MADV_RANDOM)}: a fault reads one page. */
    RANDOM(SealedRead.MAPPED, Advice.RANDOM),
    /** Mapped, {@code madvise(MADV_HUGEPAGE)}; hot ones are populated, so that huge pages come to be. */
    HUGE(SealedRead.MAPPED, Advice.HUGE_PAGE),
    /** {@code pread} into a buffer: no mapping, no fault. */
    PREAD(SealedRead.PREAD, null);

    private static final double MEBIBYTE = 1 << 20;
    private static final long STEP_NS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long LONGEST_NS = TimeUnit.SECONDS.toNanos(10);

    private final SealedRead sealedRead;
    private final Advice advice;

    ReadArm(final SealedRead sealedRead, final Advice advice) {
        this.sealedRead = sealedRead;
        this.advice = advice;
    }

    /** How the store is opened. */
    SealedRead sealedRead() {
        return sealedRead;
    }

    /** Name in tags. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Gives the advice to all that is mapped of a store.
     *
     * @param directory of the store, which is open.
     * @param hot       whether the pages are to be there before the first read.
     * @return what was done, for the reader.
     */
    String prepare(final Path directory, final boolean hot) {
        if (advice == null) {
            return "pread";
        }
        if (advice == Advice.HUGE_PAGE && hot) {
            // Pages that are there stay as small as they are: they have to go before huge ones can come.
            PageCache.drop(directory);
        }
        final int advised = advise(directory);
        String done = "madvise(" + advice + ") on " + advised + " mappings";
        if (advice == Advice.HUGE_PAGE && hot) {
            done += ", populated: " + PageCache.advise(directory, Advice.POPULATE_READ);
        }
        final long huge = ProcessCounters.filePmdBytes();
        return done + (huge < 0 ? "" : String.format(Locale.ROOT, ", %.0f MiB mapped by huge pages", huge / MEBIBYTE));
    }

    /** A store maps its sealed segments, and gives its own advice, soon after it was opened: this one comes last. */
    private int advise(final Path directory) {
        final long segments;
        try (Stream<Path> files = Files.list(directory)) {
            segments = files.filter(file -> SegmentFileNames.isSegment(file.getFileName().toString())).count();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        final long end = System.nanoTime() + LONGEST_NS;
        while (PageCache.advise(directory, advice) < segments && System.nanoTime() < end) {
            LockSupport.parkNanos(STEP_NS);
        }
        LockSupport.parkNanos(STEP_NS);
        return PageCache.advise(directory, advice);
    }
}
