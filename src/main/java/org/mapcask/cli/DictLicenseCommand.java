package org.mapcask.cli;

import java.util.concurrent.Callable;
import org.mapcask.dict.WordNet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code dict license}: prints the terms under which Princeton University gives WordNet away, as its files have them.
 */
@Command(name = "license", description = "Print the licence of WordNet, as it heads its data files.")
final class DictLicenseCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Option(names = "--wordnet", paramLabel = "VERSION", defaultValue = "3.1",
        description = "3.0 or 3.1; ${DEFAULT-VALUE} unless given.")
    private String version;

    DictLicenseCommand(final Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        terminal.out().print(WordNet.open(version).licence());
        return ExitStatus.DONE;
    }
}
