package org.mapcask.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.mapcask.Mapcask;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code stat DIR}: what is in a store and how opening it went, without changing it. */
@Command(name = "stat", description = "Show figures of a store and the report of its recovery. Changes nothing.")
final class StatCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final StoreArguments store;

    @Option(names = "--json", description = "One JSON object; the recovery report is its member \"recovery\".")
    private boolean json;

    StatCommand(final Terminal terminal) {
        this.terminal = terminal;
        this.store = new StoreArguments(terminal);
    }

    @Override
    public Integer call() {
        try (Mapcask mapcask = store.openForReading()) {
            if (json) {
                final Map<String, Object> all = new LinkedHashMap<>(mapcask.stats().asMap());
                all.put("recovery", mapcask.recoveryReport().asMap());
                terminal.line(Json.of(all));
            } else {
                terminal.line(mapcask.stats().toString().stripTrailing());
                terminal.line(mapcask.recoveryReport().toString().stripTrailing());
            }
        }
        return ExitStatus.DONE;
    }
}
