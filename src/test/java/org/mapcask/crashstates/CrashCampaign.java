package org.mapcask.crashstates;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Explores one script after another, first those written by hand, until enough states were opened. */
final class CrashCampaign {
    private static final int RANDOM_STATES = 16;
    private static final int DEPTH = 3;
    private static final int FOLLOW_EVERY = 120;
    private static final int PROGRESS_EVERY = 50_000;

    private final long seed;
    private final Set<SyncSite> dropped;
    private final boolean wal;
    private final boolean wordTears;
    private final long statesWanted;
    private final int violationsMax;
    private final Consumer<String> progress;
    private final List<CrashExplorer.Violation> violations = new ArrayList<>();
    private final long[] statesByDepth = new long[DEPTH];
    private long states;
    private int scripts;

    /**
     * A campaign.
     *
     * @param seed         of the first script; the following ones count up.
     * @param dropped      sync sites that do nothing.
     * @param wal          whether the scripts are those with a write-ahead log.
     * @param wordTears    whether a page may be written back while it is being stored to.
     * @param violationsMax ends it early.
     * @param progress     told a line now and then.
     */
    CrashCampaign(
        final long seed, final Set<SyncSite> dropped, final boolean wal, final boolean wordTears,
        final long statesWanted, final int violationsMax, final Consumer<String> progress) {
        this.seed = seed;
        this.dropped = dropped;
        this.wal = wal;
        this.wordTears = wordTears;
        this.statesWanted = statesWanted;
        this.violationsMax = violationsMax;
        this.progress = progress;
    }

    CrashCampaign run() {
        long told = 0;
        while (states < statesWanted && violations.size() < violationsMax) {
            final CrashExplorer explorer = new CrashExplorer(new CrashExplorer.Effort(
                seed + scripts, dropped, wal, wordTears, RANDOM_STATES, DEPTH, FOLLOW_EVERY,
                violationsMax - violations.size()));
            explorer.explore(wal ? WalScripts.numbered(scripts, explorer.random()) :
                Scripts.numbered(scripts, explorer.random()));
            scripts++;
            states += explorer.states();
            for (int i = 0; i < DEPTH; i++) {
                statesByDepth[i] += explorer.statesByDepth()[i];
            }
            violations.addAll(explorer.violations());
            if (states - told >= PROGRESS_EVERY) {
                told = states;
                progress.accept(this.toString());
            }
        }
        return this;
    }

    long states() {
        return states;
    }

    List<CrashExplorer.Violation> violations() {
        return violations;
    }

    @Override
    public String toString() {
        return states + " states after one crash, two, and three: " + Arrays.toString(statesByDepth) + "; " +
            scripts + " scripts, seeds from " + seed + "; violations: " + violations.size();
    }
}
