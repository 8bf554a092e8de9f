package org.mapcask.crashstates;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Explores one script after another, first those written by hand, until enough states were opened. */
final class CrashCampaign {
    /**
     * What is explored.
     *
     * @param seed          of the first script; the following ones count up.
     * @param wal           whether the scripts are those with a write-ahead log.
     * @param firstScript   number of the first script.
     * @param dropped       sync sites that do nothing.
     * @param wordTears     whether a page may be written back while it is being stored to.
     * @param thorough      whether each script is explored to the bottom; otherwise more scripts are, for the same
     *                      number of states.
     * @param statesWanted  the end of it, when the script at hand is done.
     * @param violationsMax the end of it at once.
     */
    record Plan(
        long seed, int firstScript, boolean wal, Set<SyncSite> dropped, boolean wordTears, boolean thorough,
        long statesWanted, int violationsMax) {
        /** From the first script on. */
        Plan(
            final long seed, final boolean wal, final Set<SyncSite> dropped, final boolean wordTears,
            final boolean thorough, final long statesWanted, final int violationsMax) {
            this(seed, 0, wal, dropped, wordTears, thorough, statesWanted, violationsMax);
        }

        private CrashExplorer.Effort effort(final int script, final int violationsLeft) {
            return new CrashExplorer.Effort(seed + script, dropped, wal, wordTears, thorough ? 16 : 6, DEPTH,
                thorough ? 120 : 400, violationsLeft);
        }
    }

    private static final int DEPTH = 3;
    private static final int PROGRESS_EVERY = 50_000;

    private final Plan plan;
    private final Consumer<String> progress;
    private final List<CrashExplorer.Violation> violations = new ArrayList<>();
    private final long[] statesByDepth = new long[DEPTH];
    private long states;
    private int scripts;

    /**
     * A campaign.
     *
     * @param progress told a line now and then.
     */
    CrashCampaign(final Plan plan, final Consumer<String> progress) {
        this.plan = plan;
        this.progress = progress;
    }

    CrashCampaign run() {
        long told = 0;
        while (states < plan.statesWanted() && violations.size() < plan.violationsMax()) {
            final int script = plan.firstScript() + scripts;
            final CrashExplorer explorer =
                new CrashExplorer(plan.effort(script, plan.violationsMax() - violations.size()));
            explorer.explore(plan.wal() ? WalScripts.numbered(script, explorer.random()) :
                Scripts.numbered(script, explorer.random()));
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
        return (plan.wal() ? "with" : "without") + " a write-ahead log: " + states +
            " states after one crash, two, and three: " + Arrays.toString(statesByDepth) + "; " + scripts +
            " scripts, seeds from " + plan.seed() + "; violations: " + violations.size();
    }
}
