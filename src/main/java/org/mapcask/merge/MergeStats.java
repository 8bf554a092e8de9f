package org.mapcask.merge;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What merges did since the store was opened. Immutable.
 *
 * @param running        whether a run is under way.
 * @param paused         whether merging is paused.
 * @param runs           runs that came to their end.
 * @param givenUp        runs that were given up; nothing had changed then.
 * @param movedRecords   records that were copied because they live.
 * @param expiredRecords records that were left out because their time was over.
 * @param movedBytes     bytes of records that were copied, deletions included.
 * @param reclaimedBytes bytes of records that are gone.
 * @param retiring       segments that are out of use, and not removed yet since somebody may be reading them.
 * @param recycled       segments of the log that were made out of the files of removed ones.
 * @param lastFailure    why the last run that was given up was, or null if one has come to its end since.
 * @param damaged        names of segments that cannot be merged since something in them is damaged.
 */
public record MergeStats(
    boolean running, boolean paused, long runs, long givenUp, long movedRecords, long expiredRecords, long movedBytes,
    long reclaimedBytes, int retiring, long recycled, String lastFailure, List<String> damaged) {
    /** Of a store that does not merge. */
    public static final MergeStats NONE = new MergeStats(false, false, 0, 0, 0, 0, 0, 0, 0, 0, null, List.of());

    /** Copies the list. */
    public MergeStats {
        damaged = List.copyOf(damaged);
    }

    /** The fields by name, in order. */
    public Map<String, Object> asMap() {
        final Map<String, Object> map = new LinkedHashMap<>();
        map.put("running", running);
        map.put("paused", paused);
        map.put("runs", runs);
        map.put("givenUp", givenUp);
        map.put("movedRecords", movedRecords);
        map.put("expiredRecords", expiredRecords);
        map.put("movedBytes", movedBytes);
        map.put("reclaimedBytes", reclaimedBytes);
        map.put("retiring", retiring);
        map.put("recycled", recycled);
        map.put("lastFailure", lastFailure);
        map.put("damaged", damaged);
        return map;
    }
}
