package org.mapcask.lab.results;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.mapcask.lab.host.Environment;

/**
 * What every results folder has besides its figures: the environment, the command, a README that begins alike, and a
 * {@code summary.json}. Used by one thread.
 */
public final class RunReport {
    private final ResultFolder folder;
    private final Environment environment;
    private final Path data;
    private final String command;
    private Map<String, Object> summary;
    private Path closed;

    private RunReport(
        final ResultFolder folder, final Environment environment, final Path data, final String command) {
        this.folder = folder;
        this.environment = environment;
        this.data = data;
        this.command = command;
    }

    /**
     * Makes the folder and looks at the machine.
     *
     * @param results directory of all results.
     * @param label   end of the folder's name.
     * @param data    where the stores will be.
     * @param command what the user typed.
     */
    public static RunReport begin(final Path results, final String label, final Path data, final String command)
        throws IOException {
        return begin(results, label, data, command, Environment.capture(data));
    }

    /**
     * As {@link #begin(Path, String, Path, String)}, for a run whose folder is made after it.
     *
     * @param environment captured before the run.
     */
    public static RunReport begin(
        final Path results, final String label, final Path data, final String command, final Environment environment)
        throws IOException {
        final ResultFolder folder = ResultFolder.create(results, LocalDate.now(), label);
        return new RunReport(folder, environment, data, Environment.anonymous(command, data));
    }

    /**
     * Looks at the machine.
     *
     * @param folder  for the results.
     * @param data    where the stores will be.
     * @param command what the user typed.
     */
    public static RunReport begin(final ResultFolder folder, final Path data, final String command) {
        return new RunReport(folder, Environment.capture(data), data, Environment.anonymous(command, data));
    }

    /** Where the results go. */
    public ResultFolder folder() {
        return folder;
    }

    /** Adds the hiccups of the host, in nanoseconds, to what is told of the noise. */
    public void hiccups(final Histogram hiccups) {
        if (hiccups.getTotalCount() > 0) {
            environment.hiccups(SummaryTable.time(hiccups.getValueAtPercentile(99)) + " (p99), "
                + SummaryTable.time(hiccups.getValueAtPercentile(99.9)) + " (p99.9), "
                + SummaryTable.time(hiccups.getMaxValue()) + " at the most");
        }
    }

    /** Marks the run as failed by an exception, which is printed too. */
    public void fail(final Throwable cause) {
        folder.fail("ended by " + Environment.anonymous(cause.toString(), data));
        cause.printStackTrace(System.err);
    }

    /** What a run does. */
    @FunctionalInterface
    public interface Work {
        /** Does it; an exception ends the run. */
        void run() throws IOException, InterruptedException;
    }

    /** Does the work of the run. Whatever ends it early marks the run as failed; what was measured is kept. */
    public void attempt(final Work work) {
        try {
            work.run();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            fail(e);
        } catch (final IOException | RuntimeException e) {
            fail(e);
        }
    }

    /**
     * Writes the files that every folder has, and closes the folder.
     *
     * @param figures  for {@code summary.json}; what every summary has is added.
     * @param question of the README, one or two sentences.
     * @param body     of the README, behind command and machine.
     * @return whether nothing failed.
     */
    public boolean write(final Map<String, Object> figures, final String question, final String body)
        throws IOException {
        environment.complete();
        final Map<String, Object> all = new LinkedHashMap<>();
        all.put("command", command);
        all.put("passed", folder.failures().isEmpty());
        all.put("failures", folder.failures());
        all.putAll(figures);
        all.put("environment", environment.toMap());
        summary = all;
        folder.write("environment.txt", environment.toText());
        folder.write("environment.json", Json.render(environment.toMap()));
        folder.write("command.txt", command + "\n");
        folder.write("README.md", readme(question, body));
        folder.write(ResultFolder.SUMMARY, Json.render(all));
        closed = folder.close();
        return folder.failures().isEmpty();
    }

    /** Where the results are, once they have been written. */
    public Path path() {
        return closed;
    }

    /** What is in {@code summary.json}, once it has been written. */
    public Map<String, Object> summary() {
        return summary;
    }

    /**
     * As {@link #write}, and prints.
     *
     * @param figures  for {@code summary.json}; what every summary has is added.
     * @param question of the README, one or two sentences.
     * @param body     of the README, behind command and machine.
     * @param table    printed to {@code out}, unless the summary is wanted there.
     * @param json     whether {@code out} gets the summary.
     * @param out      for the result.
     * @return whether nothing failed.
     */
    public boolean finish(
        final Map<String, Object> figures, final String question, final String body, final String table,
        final boolean json, final PrintStream out) throws IOException {
        final boolean passed = write(figures, question, body);
        final PrintStream talk = json ? System.err : out;
        talk.println();
        talk.print(table);
        folder.failures().forEach(failure -> talk.println("FAILED: " + failure));
        talk.println("written to " + closed);
        if (json) {
            out.print(Json.render(summary));
        }
        return passed;
    }

    private String readme(final String question, final String body) {
        final StringBuilder out = new StringBuilder();
        out.append("# ").append(folder.path().getFileName()).append("\n\n");
        if (!folder.failures().isEmpty()) {
            out.append("**This run FAILED; cite no number of it.**\n\n");
            folder.failures().forEach(failure -> out.append("* ").append(failure).append('\n'));
            out.append('\n');
        }
        out.append(question).append("\n\n");
        out.append("* Command: `").append(command).append("`\n");
        out.append("* Machine: ").append(environment.headline()).append('\n');
        out.append("* Source: ").append(environment.get("source", "revision")).append(", changes not committed: ")
            .append(environment.get("source", "changes that are not committed")).append("\n\n");
        return out.append(body).toString();
    }
}
