package org.mapcask.cli;

import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code dict …}: a dictionary of English, WordNet, in a store. */
@Command(name = "dict", description = "An English dictionary, WordNet, in a store.")
final class DictCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    /** The command with those below it. */
    static CommandLine commandLine(final Terminal terminal) {
        return new CommandLine(new DictCommand()).addSubcommand(new DictImportCommand(terminal))
            .addSubcommand(new DictLookupCommand(terminal)).addSubcommand(new DictUpdateCommand(terminal))
            .addSubcommand(new DictRandomCommand(terminal)).addSubcommand(new DictLicenseCommand(terminal));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing after dict");
    }

    /** Tells that a store has no word in it, and the command that imports them. */
    static String emptyStore(final Path directory) {
        return "the store is empty; import a dictionary with: "
            + Invocation.of("dict import " + Invocation.quoted(directory.toString()));
    }
}
