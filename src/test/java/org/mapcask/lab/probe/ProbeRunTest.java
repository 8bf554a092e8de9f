package org.mapcask.lab.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.MapcaskOptions;
import org.mapcask.lab.host.Environment;
import org.mapcask.lab.probe.ProbeCell.Part;
import org.mapcask.nativeaccess.NativeAccess;
import org.mapcask.support.ChildJvm;

/** A whole probe with cells of milliseconds, and what becomes of its files. */
class ProbeRunTest {
    private static final long CELL_NS = 3_000_000;
    private static final int FILE_LENGTH = 1 << 20;
    /** Status of a process that SIGTERM ended. */
    private static final int TERMINATED = 128 + 15;

    @TempDir
    private Path temp;

    private Path directory;
    private ProbeSettings settings;

    @BeforeEach
    void makeDirectory() throws IOException {
        directory = Files.createDirectory(temp.resolve("disk"));
        settings = new ProbeSettings(directory, CELL_NS, FILE_LENGTH, 4 * FILE_LENGTH);
    }

    private static void assertEmpty(final Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            assertEquals(List.of(), entries.toList());
        }
    }

    @Test
    void shouldMeasureEachCellOrSayWhyNotAndLeaveNoFile() throws IOException {
        final Set<String> phases = new HashSet<>();
        final ProbeReport report = ProbeRun.measure(settings, (phase, done, total) -> {
            assertTrue(done <= total, phase + ": " + done + " of " + total);
            phases.add(phase);
        });

        assertEmpty(directory);
        assertEquals(0, report.wrong());
        assertTrue(phases.size() > 80, "progress for each cell: " + phases.size());
        assertEquals(2 * 4 * SyncCall.values().length, report.of(Part.SYNC).size());
        for (final Part part : Part.values()) {
            final List<ProbeCell> cells = report.of(part);
            assertFalse(cells.isEmpty(), part.toString());
            assertEquals(cells.size(), cells.stream().map(ProbeCell::name).distinct().count(), "names in " + part);
            for (final ProbeCell cell : cells) {
                assertTrue(cell.isMeasured() ? cell.name().equals("none") || cell.total().getTotalCount() > 0
                    : !cell.refusal().isEmpty(), cell.toString());
            }
        }
        // What pure Java can do is measured in either mode; the rest exactly where there are native calls.
        for (final SyncCall call : SyncCall.values()) {
            final ProbeCell cell = report.measured(Part.SYNC, SyncMatrix.name(128, FileState.ZEROED, call));
            if (!call.needsNative() || NativeAccess.get().isNative() && call != SyncCall.DIRECT
                && call != SyncCall.DIRECT_ALONE) {
                assertTrue(cell != null && cell.total().getTotalCount() > 0, call.toString());
            } else if (!NativeAccess.get().isNative()) {
                assertEquals(null, cell, call.toString());
            }
        }
        assertTrue(report.toString().contains("## What to choose"), report.toString());
    }

    @Test
    void shouldWriteAFolderWhoseHistogramsHoldEveryOperation() throws IOException {
        final Environment environment = Environment.capture(directory);
        final ProbeReport report = ProbeRun.measure(settings, (phase, done, total) -> { });
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        final Path results = temp.resolve("results");
        assertTrue(ProbeRun.write(report, settings, environment, results, "test", "probe " + directory, false,
            new PrintStream(out, true, StandardCharsets.UTF_8)));

        final Path folder;
        try (Stream<Path> entries = Files.list(results)) {
            folder = entries.findFirst().orElseThrow();
        }
        for (final Part part : Part.values()) {
            final Map<String, Long> expected = new TreeMap<>();
            report.of(part).stream().filter(ProbeCell::isMeasured)
                .forEach(cell -> expected.put(cell.name(), cell.total().getTotalCount()));
            final Map<String, Long> found = new TreeMap<>();
            final Path log = folder.resolve(part.name().toLowerCase(Locale.ROOT) + ".hlog");
            assertEquals(!expected.isEmpty(), Files.exists(log), log.toString());
            if (expected.isEmpty()) {
                continue;
            }
            try (HistogramLogReader reader = new HistogramLogReader(log.toFile())) {
                while (reader.hasNext()) {
                    final EncodableHistogram interval = reader.nextIntervalHistogram();
                    found.merge(interval.getTag(), ((Histogram) interval).getTotalCount(), Long::sum);
                }
            }
            assertEquals(expected, found, part.toString());
        }
        final String readme = Files.readString(folder.resolve("README.md"));
        assertTrue(readme.contains("What to choose"), readme);
        assertFalse(readme.contains(directory.toString()), "names no directory of the machine");
        assertTrue(Files.readString(folder.resolve("summary.json")).contains("\"sentence\""));
        assertEquals(report.choice().options(),
            MapcaskOptions.load(folder.resolve("probe.properties")), "a store takes the file");
    }

    @Test
    void shouldRemoveItsFilesWhenItIsInterrupted() throws IOException {
        assertThrows(CancellationException.class, () -> ProbeRun.measure(settings, (phase, done, total) -> {
            if (done == 40) {
                Thread.currentThread().interrupt();
            }
        }));
        assertTrue(Thread.interrupted(), "kept for the caller");
        assertEmpty(directory);
    }

    @Test
    void shouldRemoveItsFilesWhenTheProcessIsToldToEnd() throws Exception {
        try (ChildJvm child = ChildJvm.start(ProbeMain.class, directory.toString())) {
            assertEquals("working", child.nextLine());
            try (Stream<Path> entries = Files.list(directory)) {
                assertEquals(1, entries.count());
            }
            new ProcessBuilder("kill", "-TERM", Long.toString(child.pid())).start().waitFor();
            assertEquals(TERMINATED, child.join());
            assertEmpty(directory);
        }
    }

    @Test
    void shouldRemoveWhatADeadProbeLeftAndNothingElse() throws IOException {
        // Higher than any process number of Linux.
        final Path dead = Files.createDirectory(directory.resolve("mapcask-probe-99999999"));
        Files.writeString(dead.resolve("cold"), "x");
        final Path alive = Files.createDirectory(directory.resolve("mapcask-probe-1"));
        final Path other = Files.createDirectory(directory.resolve("mapcask-probe-notes"));
        assertThrows(CancellationException.class, () -> ProbeRun.measure(settings, (phase, done, total) ->
            Thread.currentThread().interrupt()));
        assertTrue(Thread.interrupted());
        try (Stream<Path> entries = Files.list(directory)) {
            assertEquals(Set.of(alive, other), entries.collect(Collectors.toSet()));
        }
    }
}
