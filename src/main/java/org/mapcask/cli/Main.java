package org.mapcask.cli;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.mapcask.MapcaskOptions;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.TextTable;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * Entry of the command line, and the one place where an error becomes a line on standard error and an exit status; the
 * package description lists them. Commands let errors through.
 */
@Command(name = "mapcask", mixinStandardHelpOptions = true, scope = ScopeType.INHERIT,
    versionProvider = Main.Version.class,
    description = "A key-value store in an append-only, memory-mapped log.",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:done", "1:not found, or a check failed", "2:wrong usage", "3:corruption found",
        "4:store or I/O error, no store in the directory"})
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec;

    private final Terminal terminal;

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Print the stack trace of an error.")
    private boolean debug;

    @Option(names = "--progress", scope = ScopeType.INHERIT,
        description = "Show progress even if standard error is not a terminal.")
    private boolean progress;

    private Main(final Terminal terminal) {
        this.terminal = terminal;
    }

    /** Runs the command that the arguments name and ends the process with its status. */
    public static void main(final String[] args) {
        System.exit(run(RawArguments.restored(args), Terminal.ofProcess()));
    }

    /**
     * Runs a command within this process. The streams are flushed and stay open.
     *
     * @param args as on the command line, without the program's name.
     * @param in   standard input.
     * @param out  takes data.
     * @param err  takes messages; no progress is shown unless {@code --progress} is among the arguments.
     * @return the exit status.
     */
    public static int run(final String[] args, final InputStream in, final OutputStream out, final OutputStream err) {
        return run(args, new Terminal(in, out, err, false));
    }

    private static int run(final String[] args, final Terminal terminal) {
        final Main main = new Main(terminal);
        final CommandLine line = new CommandLine(main);
        line.addSubcommand(new PutCommand(terminal)).addSubcommand(new GetCommand(terminal))
            .addSubcommand(new DeleteCommand(terminal)).addSubcommand(new ScanCommand(terminal))
            .addSubcommand(new StatCommand(terminal)).addSubcommand(new VerifyCommand(terminal))
            .addSubcommand(new DoctorCommand(terminal)).addSubcommand(new ProbeCommand(terminal))
            .addSubcommand(new ExplainCommand(terminal))
            .addSubcommand(new RecoverCommand(terminal)).addSubcommand(new CompactCommand(terminal))
            .addSubcommand(new BackupCommand(terminal)).addSubcommand(new BenchCommand(terminal))
            .addSubcommand(new ReportCommand(terminal)).addSubcommand(new SweepCommand(terminal))
            .addSubcommand(new RecommendCommand(terminal))
            .addSubcommand(DictCommand.commandLine(terminal));
        line.setExpandAtFiles(false);
        line.getCommandSpec().usageMessage().footer(optionsHelp());
        line.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
        line.setParameterExceptionHandler((error, arguments) -> main.usageError(error));
        line.setExecutionExceptionHandler((error, command, parsed) -> main.failed(error));
        line.setExecutionStrategy(parsed -> {
            terminal.configure(main.debug, main.progress);
            return new CommandLine.RunLast().execute(parsed);
        });
        return main.flushed(main.executed(line, args));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    private int usageError(final ParameterException error) {
        final CommandSpec command = error.getCommandLine().getCommandSpec();
        terminal.say(error.getMessage().replace('\n', ' ') + "; try: " + command.qualifiedName() + " --help");
        return ExitStatus.USAGE;
    }

    /** The store options: name, default, allowed values and meaning, in lines that picocli formats once more. */
    private static String[] optionsHelp() {
        final TextTable table = TextTable.forColumns(Help.defaultColorScheme(Help.Ansi.OFF),
            new Column(21, 0, Column.Overflow.SPAN), new Column(9, 0, Column.Overflow.SPAN),
            new Column(50, 0, Column.Overflow.WRAP));
        MapcaskOptions.help().lines().forEach(line -> table.addRowValues(line.split(" +", 3)));
        return ("%nOptions of a store, for --option and --options:%n" + table.toString().replace("%", "%%"))
            .split("\n");
    }

    /** Errors of the virtual machine pass by the handler for exceptions. */
    private int executed(final CommandLine line, final String[] args) {
        try {
            return line.execute(args);
        } catch (final Error error) {
            return failed(error);
        }
    }

    private int failed(final Throwable error) {
        terminal.fail(error);
        return ExitStatus.of(error);
    }

    private int flushed(final int status) {
        try {
            return terminal.flush() || status != ExitStatus.DONE ? status : ExitStatus.STORE_ERROR;
        } catch (final RuntimeException e) {
            terminal.fail(e);
            return status == ExitStatus.DONE ? ExitStatus.STORE_ERROR : status;
        }
    }

    /** Tells the version of the jar, or that there is none when run from classes. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            final String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"mapcask " + (version == null ? "(unpackaged)" : version) + ", Java "
                + System.getProperty("java.version")};
        }
    }
}
