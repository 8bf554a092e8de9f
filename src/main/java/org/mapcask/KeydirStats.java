package org.mapcask;

import java.util.LinkedHashMap;
import java.util.Map;
import org.mapcask.engine.CheckpointFigures;
import org.mapcask.engine.EngineStats;
import org.mapcask.keydir.KeydirFigures;

/**
 * Figures of the key directory and of its checkpoints at about one moment. Immutable.
 *
 * @param memory              bytes that it may take; {@link Long#MAX_VALUE} where nothing bounds it.
 * @param residentBytes       of memory that it takes.
 * @param totalBytes          of all its pages, in memory or not.
 * @param pagesInMemory       pages that are in memory.
 * @param pending             writes that wait for their page to come into memory; {@code keys} does not count them yet.
 * @param pageReads           pages that lookups read since the store was opened, since they were not in memory.
 * @param hitRate             share of lookups that read none.
 * @param pageLoads           pages that writers brought into memory.
 * @param evictions           pages that went from memory.
 * @param splits              pages that were divided in two by writers.
 * @param doublings           how often the table of pages was doubled for that.
 * @param longestPauseMs      longest piece of work on the directory for which a writer had to wait: a division, a page
 *                            that came into memory, a step of a checkpoint under the lock of the writers.
 * @param longestBusyMs       most processor time of such a piece of work: without that in which its thread was kept
 *                            from a processor or waited for another; for a page that came into memory all of it counts.
 * @param pausesMs            all such pieces of work together.
 * @param pauses              how many such pieces of work there were, by microseconds in powers of two.
 * @param checkpoint          number of the newest checkpoint, or -1.
 * @param checkpoints         made since the store was opened.
 * @param checkpointAgeMs     milliseconds since the last one was made, or since the store was opened.
 * @param checkpointMs        milliseconds that it took.
 * @param checkpointRunningMs milliseconds since the one that is being made was begun, or -1.
 * @param checkpointPages     pages that it wrote.
 * @param checkpointBytes     length of the file of pages.
 * @param checkpointFailure   why the last one failed, or null.
 * @param openedFrom          checkpoint that the store was opened from, or -1.
 * @param replayedRecords     records of the log that were entered at that.
 * @param replayedBytes       bytes of them.
 * @param hintedRecords       how many of them were not read, since hint files told of them.
 */
public record KeydirStats(
    long memory, long residentBytes, long totalBytes, int pagesInMemory, int pending, long pageReads, double hitRate,
    long pageLoads, long evictions, long splits, long doublings, double longestPauseMs, double longestBusyMs,
    double pausesMs, Map<String, Long> pauses,
    long checkpoint, long checkpoints, double checkpointAgeMs, double checkpointMs, double checkpointRunningMs,
    long checkpointPages, long checkpointBytes, String checkpointFailure, long openedFrom,
    long replayedRecords, long replayedBytes, long hintedRecords) {
    private static final double NS_PER_MS = 1e6;

    static KeydirStats of(final StoreOpener.Opened opened, final EngineStats engine) {
        final KeydirFigures keydir = engine.keydir();
        final CheckpointFigures made = engine.checkpoints();
        return new KeydirStats(opened.keydirMemory(), keydir.residentBytes(), keydir.totalBytes(),
            keydir.pagesInMemory(), keydir.pending(), engine.pageReads(),
            engine.gets() == 0 ? 1 : 1 - (double)engine.pageReads() / engine.gets(), keydir.writerLoads(),
            keydir.evictions(), keydir.splits(), keydir.doublings(), keydir.longestPauseNs() / NS_PER_MS,
            keydir.longestBusyNs() / NS_PER_MS, keydir.pausesNs() / NS_PER_MS, keydir.pauses(), made.number(),
            made.made(), made.ageNs() / NS_PER_MS, made.durationNs() / NS_PER_MS,
            made.runningNs() < 0 ? -1 : made.runningNs() / NS_PER_MS, made.pagesWritten(), made.fileBytes(),
            made.failure(), opened.report().checkpoint(), opened.report().records(), opened.report().bytes(),
            opened.report().hintedRecords());
    }

    /** The fields by name, in order. */
    public Map<String, Object> asMap() {
        final Map<String, Object> map = new LinkedHashMap<>();
        map.put("memory", memory);
        map.put("residentBytes", residentBytes);
        map.put("totalBytes", totalBytes);
        map.put("pagesInMemory", pagesInMemory);
        map.put("pending", pending);
        map.put("pageReads", pageReads);
        map.put("hitRate", hitRate);
        map.put("pageLoads", pageLoads);
        map.put("evictions", evictions);
        map.put("splits", splits);
        map.put("doublings", doublings);
        map.put("longestPauseMs", longestPauseMs);
        map.put("longestBusyMs", longestBusyMs);
        map.put("pausesMs", pausesMs);
        map.put("pauses", pauses);
        map.put("checkpoint", checkpoint);
        map.put("checkpoints", checkpoints);
        map.put("checkpointAgeMs", checkpointAgeMs);
        map.put("checkpointMs", checkpointMs);
        map.put("checkpointRunningMs", checkpointRunningMs);
        map.put("checkpointPages", checkpointPages);
        map.put("checkpointBytes", checkpointBytes);
        map.put("checkpointFailure", checkpointFailure);
        map.put("openedFrom", openedFrom);
        map.put("replayedRecords", replayedRecords);
        map.put("replayedBytes", replayedBytes);
        map.put("hintedRecords", hintedRecords);
        return map;
    }
}
