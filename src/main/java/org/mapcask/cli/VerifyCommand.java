package org.mapcask.cli;

import java.util.concurrent.Callable;
import org.mapcask.Mapcask;
import org.mapcask.lab.results.Json;
import org.mapcask.recovery.VerifyReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code verify DIR}: checks every byte of a store that nobody has open. */
@Command(name = "verify",
    description = "Check every byte of a store; status 3 if anything is damaged. Changes nothing.")
final class VerifyCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final StoreArguments store;

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    VerifyCommand(final Terminal terminal) {
        this.terminal = terminal;
        this.store = new StoreArguments(terminal);
    }

    @Override
    public Integer call() {
        store.requireStore();
        final VerifyReport report;
        try (ProgressLine progress = terminal.progress()) {
            report = Mapcask.verify(store.directory(), progress);
        }
        terminal.line(json ? Json.compact(report.asMap()) : report.toString());
        return report.sound() ? ExitStatus.DONE : ExitStatus.CORRUPTION;
    }
}
