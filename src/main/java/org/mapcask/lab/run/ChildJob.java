package org.mapcask.lab.run;

import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.mapcask.lab.results.HistogramFiles;

/**
 * Measures one job in a JVM of its own, so that no job finds the compiled code, the heap or the mappings of another.
 * The two sides talk through files: {@code job.properties}, {@code result.properties} and {@code <tag>.hlog}.
 */
public final class ChildJob {
    /** What every JVM with a store in it is started with. */
    public static final List<String> FLAGS = List.of("--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
        "--enable-native-access=ALL-UNNAMED", "-XX:+PerfDisableSharedMem");

    private static final String JOB_FILE = "job.properties";
    private static final String RESULT_FILE = "result.properties";
    private static final String ERROR_FILE = "error.txt";
    private static final int ERROR_LENGTH_MAX = 2000;

    private ChildJob() {
    }

    /**
     * Starts the JVM, waits for its end, and reads what it wrote.
     *
     * @param job     what to do.
     * @param tag     name of the measurement and of the {@code .hlog}.
     * @param data    where the store is made.
     * @param output  receives the files; made if it is not there.
     * @param flags   more flags of that JVM, after {@link #FLAGS}: its heap for instance.
     * @param timeout after which it is ended, in seconds.
     * @return the figures. A JVM that died gives a result without any, that failed.
     * @throws IOException          if it cannot be started, or files cannot be written or read.
     * @throws InterruptedException if this thread was interrupted; the JVM is ended then.
     */
    public static JobResult run(
        final Job job, final String tag, final Path data, final Path output, final List<String> flags,
        final long timeout) throws IOException, InterruptedException {
        Files.createDirectories(output);
        Files.deleteIfExists(output.resolve(RESULT_FILE));
        try (Writer writer = Files.newBufferedWriter(output.resolve(JOB_FILE), StandardCharsets.UTF_8)) {
            job.toProperties().store(writer, null);
        }
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        command.addAll(flags);
        command.addAll(List.of("-cp", absolute(System.getProperty("java.class.path")), ChildJob.class.getName(), tag,
            data.toAbsolutePath().toString(), output.toAbsolutePath().toString()));
        final Path error = output.resolve(ERROR_FILE);
        final Process process = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(error.toFile()).start();
        try {
            if (!process.waitFor(timeout, TimeUnit.SECONDS)) {
                return new JobResult(Map.of(), List.of(tag + ": not done in " + timeout + " s"), List.of());
            }
            if (!Files.exists(output.resolve(RESULT_FILE))) {
                return new JobResult(Map.of(), List.of(tag + ": the JVM ended with status "
                    + process.exitValue() + ": " + beginning(error)), List.of());
            }
            Files.deleteIfExists(error);
            return JobResult.read(output.resolve(RESULT_FILE));
        } finally {
            process.destroyForcibly();
        }
    }

    private static String absolute(final String classPath) {
        final List<String> entries = new ArrayList<>();
        for (final String entry : classPath.split(File.pathSeparator)) {
            entries.add(Path.of(entry).toAbsolutePath().toString());
        }
        return String.join(File.pathSeparator, entries);
    }

    private static String beginning(final Path error) throws IOException {
        final String text = Files.readString(error).strip().replace('\n', ' ');
        return text.length() > ERROR_LENGTH_MAX ? text.substring(0, ERROR_LENGTH_MAX) : text;
    }

    /**
     * The other side.
     *
     * @param arguments tag, directory for the store, directory of the files.
     * @throws IOException if a file cannot be read or written.
     */
    public static void main(final String[] arguments) throws IOException {
        final Path output = Path.of(arguments[2]);
        final Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(output.resolve(JOB_FILE), StandardCharsets.UTF_8)) {
            properties.load(reader);
        }
        final Outcome outcome = JobRunner.run(Job.parse(properties), arguments[0], Path.of(arguments[1]), null);
        HistogramFiles.write(output, outcome.measurement());
        outcome.result().write(output.resolve(RESULT_FILE));
    }
}
