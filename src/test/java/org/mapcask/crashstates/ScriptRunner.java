package org.mapcask.crashstates;

import java.util.ArrayList;
import java.util.List;

/** Carries out the steps of a script, and keeps its history. One thread. */
final class ScriptRunner {
    private final CrashFileOps files;
    private final History history;
    private final List<Step> done = new ArrayList<>();
    private ScriptedStore store;

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
            files.killAfter(step.valueLength());
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
                open();
                break;
            case PUT:
                write(step.key(), History.freshValue(step.valueLength()));
                break;
            case FAIL:
                store.writeAndFail(step.key(), step.valueLength());
                break;
            case DELETE:
                write(step.key(), null);
                break;
            case SYNC:
                store.sync();
                history.makeDurable();
                break;
            case HOUSEKEEP:
                store.housekeep();
                break;
            case MERGE:
                store.merge(step.valueLength());
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
        store = ScriptedStore.open(files);
        history.resolve((int)store.report().lastSequence());
    }

    private void write(final String key, final byte[] value) {
        final boolean expected = value != null || history.contains(key);
        if (expected) {
            history.begin(key, value);
        }
        if (store.write(key, value) != expected) {
            throw new AssertionError("a write did not tell what it did: " + done);
        }
        history.acknowledge();
    }
}
