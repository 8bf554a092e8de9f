package org.mapcask.lab.sweep;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.InvalidArgumentException;
import org.mapcask.lab.host.HostFingerprint;
import org.mapcask.lab.results.HistogramFiles;
import org.mapcask.lab.results.ResultFolder;
import org.mapcask.lab.run.JobResult;

/**
 * What a sweep keeps in its results folder while it goes on: {@code sweep.properties}, the job; {@code
 * host.properties}, the machine; and {@code cells/<cell>.properties}, the figures of each measurement, which are moved
 * into place whole. A folder with a {@code summary.json} is finished. Used by one thread.
 */
final class SweepFolder {
    static final String HOST_FILE = "host.properties";
    private static final String JOB_FILE = "sweep.properties";
    private static final String CELLS = "cells";
    private static final String SUFFIX = ".properties";
    private static final String LOG_SUFFIX = ".hlog";

    private final Path path;

    SweepFolder(final Path path) {
        this.path = path;
    }

    /** The newest folder of a label in which this very job was begun and not ended. */
    static Optional<Path> unfinished(final Path results, final String label, final SweepJob job) throws IOException {
        return ResultFolder.unfinished(results, label, JOB_FILE, job.text());
    }

    /** Makes a folder for a job. */
    static Path create(final Path results, final String label, final SweepJob job, final HostFingerprint host)
        throws IOException {
        final ResultFolder folder = ResultFolder.create(results, LocalDate.now(), label);
        Files.createDirectory(folder.path().resolve(CELLS));
        folder.write(HOST_FILE, host.facts().entrySet().stream()
            .map(fact -> fact.getKey() + '=' + fact.getValue().replace("\\", "\\\\") + '\n')
            .collect(Collectors.joining()));
        // The job last: with it the folder counts.
        folder.write(JOB_FILE, job.text());
        return folder.path();
    }

    Path path() {
        return path;
    }

    static boolean isOne(final Path folder) {
        return Files.exists(folder.resolve(JOB_FILE));
    }

    /** Response times of a measurement; nothing if it has no log. */
    List<Histogram> latency(final Cell cell) throws IOException {
        final Path log = path.resolve(CELLS).resolve(cell.id() + LOG_SUFFIX);
        return Files.exists(log) ? HistogramFiles.read(log).getOrDefault(cell.id(), List.of()) : List.of();
    }

    SweepJob job() throws IOException {
        final Path file = path.resolve(JOB_FILE);
        try {
            return SweepJobFile.parse(Files.readString(file), file.toString(), Double.MAX_VALUE);
        } catch (final NoSuchFileException e) {
            throw new InvalidArgumentException(ErrorText.what("no results of a sweep").where(path)
                .expected("a folder that sweep wrote, with " + JOB_FILE + " in it").found("no such file")
                .todo("name the folder that sweep printed at its end"), e);
        }
    }

    HostFingerprint host() throws IOException {
        final Properties facts = new Properties();
        try (Reader reader = Files.newBufferedReader(path.resolve(HOST_FILE), StandardCharsets.UTF_8)) {
            facts.load(reader);
        }
        final Map<String, String> map = new TreeMap<>();
        facts.stringPropertyNames().forEach(name -> map.put(name, facts.getProperty(name)));
        return new HostFingerprint(map);
    }

    /** The measurements that are done, in the order in which they were to be made. */
    Map<Cell, JobResult> done(final SweepJob job) throws IOException {
        final Map<Cell, JobResult> done = new LinkedHashMap<>();
        for (final Cell cell : job.order()) {
            final Path file = file(cell);
            if (Files.exists(file)) {
                done.put(cell, JobResult.read(file));
            }
        }
        return done;
    }

    /** Keeps the figures of a cell, and the histograms that lie in a directory under its name. */
    void keep(final Cell cell, final JobResult result, final Path output) throws IOException {
        final Path log = output.resolve(cell.id() + LOG_SUFFIX);
        if (Files.exists(log)) {
            Files.copy(log, path.resolve(CELLS).resolve(cell.id() + LOG_SUFFIX), StandardCopyOption.REPLACE_EXISTING);
        }
        final Path part = path.resolve(CELLS).resolve("unfinished");
        result.write(part);
        Files.move(part, file(cell), StandardCopyOption.ATOMIC_MOVE);
    }

    private Path file(final Cell cell) {
        return path.resolve(CELLS).resolve(cell.id() + SUFFIX);
    }
}
