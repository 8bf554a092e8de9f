package org.mapcask.support;

import com.sun.jna.Native;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.agrona.DirectBuffer;
import org.mapcask.Mapcask;
import org.mapcask.nativeaccess.NativeAccess;

/**
 * Another JVM with the classes and the flags of this one, that runs a {@code main} of a test, talks in lines, and can
 * be killed with SIGKILL. What it writes to its error stream appears in that of the test. Closing kills it. Used by
 * one thread.
 */
public final class ChildJvm implements AutoCloseable {
    private static final long EXIT_SECONDS_MAX = 120;

    private final Process process;
    private final BufferedReader output;
    private final Writer input;

    private ChildJvm(final Process process) {
        this.process = process;
        output = process.inputReader(StandardCharsets.UTF_8);
        input = process.outputWriter(StandardCharsets.UTF_8);
    }

    /** Starts a JVM for a {@code main}, tuned to start fast. */
    public static ChildJvm start(final Class<?> main, final String... arguments) throws IOException {
        return start(List.of(), List.of("-XX:TieredStopAtLevel=1", "-Xmx256m"), main, arguments);
    }

    /**
     * Starts a JVM.
     *
     * @param prefix  command line before that of java, such as one that changes the user.
     * @param options further options of java.
     */
    public static ChildJvm start(
        final List<String> prefix, final List<String> options, final Class<?> main, final String... arguments)
        throws IOException {
        final List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-ea", "-XX:+UseSerialGC", "-Xshare:auto", "-XX:+PerfDisableSharedMem",
            "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED", "--enable-native-access=ALL-UNNAMED",
            "-D" + NativeAccess.PROPERTY + "=" + System.getProperty(NativeAccess.PROPERTY, "auto"),
            "-cp", classPath(main)));
        command.addAll(options);
        command.add(main.getName());
        command.addAll(List.of(arguments));
        return new ChildJvm(new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    /** Where the classes came from that a child needs; the class path of this JVM may hold no more than a launcher. */
    private static String classPath(final Class<?> main) {
        final Set<String> places = new LinkedHashSet<>();
        for (final Class<?> type : List.of(
            main, ChildJvm.class, Mapcask.class, DirectBuffer.class, Native.class, Histogram.class)) {
            try {
                places.add(Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString());
            } catch (final URISyntaxException ex) {
                throw new IllegalStateException(ex);
            }
        }
        return String.join(System.getProperty("path.separator"), places);
    }

    /** Its process id. */
    public long pid() {
        return process.pid();
    }

    /** Whether it runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Sends it a line. */
    public void tell(final String line) throws IOException {
        input.write(line + "\n");
        input.flush();
    }

    /** Its next line, or null when it has ended. */
    public String nextLine() throws IOException {
        return output.readLine();
    }

    /** Waits for a line. */
    public void await(final String expected) throws IOException {
        final String line = nextLine();
        if (!expected.equals(line)) {
            throw new IllegalStateException("child " + pid() + " says '" + line + "' instead of '" + expected + "'");
        }
    }

    /** Kills it with SIGKILL, waits until it is gone, and tells its exit status: 137, if it had not ended before. */
    public int kill() throws InterruptedException {
        process.destroyForcibly();
        return process.waitFor();
    }

    /** Waits for its own end, and tells its exit status. */
    public int join() throws InterruptedException {
        if (!process.waitFor(EXIT_SECONDS_MAX, TimeUnit.SECONDS)) {
            kill();
            throw new IllegalStateException("child " + pid() + " did not end");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
            output.close();
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        } catch (final IOException ignored) {
            // the pipe of a process that is gone
        }
    }

    /** For a {@code main}: the next line of the parent, or null when the parent is gone. */
    public static String fromParent() throws IOException {
        return Parent.INPUT.readLine();
    }

    /** For a {@code main}: sends the parent a line. */
    public static void toParent(final String line) throws IOException {
        Parent.OUTPUT.write(line + "\n");
        Parent.OUTPUT.flush();
    }

    private static final class Parent {
        private static final BufferedReader INPUT =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        private static final Writer OUTPUT = new OutputStreamWriter(System.out, StandardCharsets.UTF_8);
    }
}
