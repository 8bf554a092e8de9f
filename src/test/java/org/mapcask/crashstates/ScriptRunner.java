package org.mapcask.crashstates;

import java.util.ArrayList;
import java.util.List;

/** Carries out the steps of a script, and keeps its history. One thread. */
final class ScriptRunner {
    private final CrashFileOps files;
    private final History history;
    private final List<Step> done = new ArrayList<>();
    private ScriptedStore store;
    private StoreMode mode;
    private final boolean checkpoints;
    private int opens;

    ScriptRunner(final CrashFileOps files, final History history, final boolean checkpoints) {
        this.files = files;
        this.history = history;
        this.checkpoints = checkpoints;
    }

    /** The steps so far, the present one included. */
    List<Step> done() {
        return done;
    }

    void perform(final Step step) {
        done.add(step);
        if (step.action() == Step.Action.KILL_IN_NEXT) {
            files.killAfter(step.operations());
            return;
        }
        try {
            performAlive(step);
            files.revive();
        } catch (final CrashFileOps.ProcessKilled ex) {
            files.revive();
            kill();
            open();
        }
        if (checkpoints && store != null) {
            store.check(history.contents(history.acknowledged()));
        }
    }

    /** Does something in the middle of an iteration. */
    void whileIterating(final Runnable work) {
        store.whileIterating(work);
    }

    private void kill() {
        if (store != null) {
            store.abandon();
            store = null;
        }
    }

    private void performAlive(final Step step) {
        switch (step.action()) {
            case OPEN:
                mode = step.mode();
                open();
                break;
            case FAIL:
                store.writeAndFail(step.entries().get(0).key(), step.entries().get(0).valueLength());
                break;
            case WRITE, BATCH:
                write(step);
                break;
            case SYNC:
                store.sync();
                history.makeDurable();
                break;
            case HOUSEKEEP:
                store.housekeep();
                break;
            case MERGE:
                store.prepareMerge();
                amid(step, false, () -> store.merge(step.choice()));
                break;
            case FORGET_CHECKPOINT:
                store.forgetCheckpoint();
                break;
            case CHECKPOINT:
                amid(step, true, store::makeCheckpoint);
                break;
            case CLOSE:
                store.close();
                store = null;
                history.close();
                break;
            case KILL:
                kill();
                break;
            default:
                throw new IllegalArgumentException(step.toString());
        }
        if (checkpoints && store != null) {
            history.checkpoint(store.checkpoint());
        }
    }

    private void open() {
        history.open();
        final long before = history.checkpoint();
        history.checkpoint(-1);
        store = ScriptedStore.open(files, mode, checkpoints ? Paging.numbered(opens++) : Paging.NONE);
        history.resolve((int)store.recoveredSequence());
        if (store.openedFrom() < before) {
            throw new AssertionError("opened from checkpoint " + store.openedFrom() + " where " + before + " was");
        }
        history.checkpoint(store.openedFrom());
    }

    /** Does something, and after some operations of it the writes of the step. */
    private void amid(final Step step, final boolean ofCheckpoint, final Runnable work) {
        final int[] left = {step.operations()};
        files.interruption(step.entries().isEmpty() ? null : operation -> {
            if (ofCheckpoint && !SyncSite.isOfCheckpoint(operation) || store.holdsLock() || left[0]-- > 0) {
                return false;
            }
            step.entries().forEach(entry -> write(new Step(Step.Action.WRITE, List.of(entry), null, 0, 0)));
            return true;
        });
        try {
            work.run();
        } finally {
            files.interruption(null);
        }
    }

    private void write(final Step step) {
        final List<History.Change> changes = new ArrayList<>();
        for (final Step.Entry entry : step.entries()) {
            changes.add(new History.Change(
                entry.key(), entry.isDelete() ? null : History.freshValue(entry.valueLength())));
        }
        final boolean expected = history.begin(changes);
        if (step.action() == Step.Action.BATCH) {
            store.write(changes);
        } else if (store.write(changes.get(0).key(), changes.get(0).value()) != expected) {
            throw new AssertionError("a write did not tell what it did: " + done);
        }
        history.acknowledge();
        if (expected && mode.everyWrite()) {
            history.makeDurable();
        }
    }
}
