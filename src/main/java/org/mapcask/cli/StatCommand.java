package org.mapcask.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.mapcask.Mapcask;
import org.mapcask.SegmentStats;
import org.mapcask.lab.results.Json;
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

    @Option(names = "--segments", description = "Show live and dead bytes of each segment, too.")
    private boolean segments;

    StatCommand(final Terminal terminal) {
        this.terminal = terminal;
        this.store = new StoreArguments(terminal);
    }

    @Override
    public Integer call() {
        try (Mapcask mapcask = store.openForReading()) {
            if (json) {
                final Map<String, Object> all = new LinkedHashMap<>(mapcask.stats().asMap());
                if (segments) {
                    all.put("segmentList", mapcask.stats().segmentList().stream().map(SegmentStats::asMap).toList());
                }
                all.put("recovery", mapcask.recoveryReport().asMap());
                terminal.line(Json.compact(all));
            } else {
                terminal.line(mapcask.stats().toString().stripTrailing());
                if (segments) {
                    mapcask.stats().segmentList().forEach(segment -> terminal.line(line(segment)));
                }
                terminal.line(mapcask.recoveryReport().toString().stripTrailing());
            }
        }
        return ExitStatus.DONE;
    }

    private static String line(final SegmentStats segment) {
        return String.format("%s %-6s %-6s length %d, live %d, expired %d, dead %d, tombstones %d", segment.name(),
            segment.merged() ? "merged" : "log", segment.sealed() ? "sealed" : "open", segment.length(),
            segment.liveBytes(), segment.expiredBytes(), segment.deadBytes(), segment.tombstoneBytes());
    }
}
