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

    ScriptRunner(final CrashFileOps files, final History history) {
        this.files = files;
        this.history = history;
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
                store.merge(step.operations());
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
    }

    private void open() {
        history.open();
        store = ScriptedStore.open(files, mode);
        history.resolve((int)store.recoveredSequence());
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
