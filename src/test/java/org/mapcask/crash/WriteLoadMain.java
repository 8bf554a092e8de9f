package org.mapcask.crash;

import java.io.IOException;
import java.nio.file.Path;
import org.mapcask.Mapcask;
import org.mapcask.MapcaskOptions;
import org.mapcask.nativeaccess.NativeAccess;
import org.mapcask.support.ChildJvm;
import org.mapcask.support.DurabilityPolicy;

/** The process that is killed: waits for its orders, opens the store, checks it, and writes until its end. */
final class WriteLoadMain {
    private static final int FAILED = 3;

    private WriteLoadMain() {
    }

    /**
     * How such a process opens the store.
     *
     * @param walLength for a policy with a write-ahead log.
     */
    record Setup(DurabilityPolicy policy, int segmentLength, int walLength) {
        /** With merges all the time. */
        MapcaskOptions options() {
            return policy.builder(segmentLength, walLength).mergeIntervalMs(20).mergeMinSegments(1).build();
        }
    }

    /** Order for such a process. */
    static String order(
        final Path directory, final Path ledger, final Setup setup, final long loadSeed, final long runSeed) {
        return directory + "\t" + ledger + "\t" + setup.segmentLength() + "\t" + loadSeed + "\t" + runSeed + "\t"
            + setup.policy() + "\t" + setup.walLength();
    }

    /** Entry of the child. */
    public static void main(final String[] arguments) throws IOException {
        NativeAccess.get();
        MapcaskOptions.defaults();
        ChildJvm.toParent("ready");
        final String order = ChildJvm.fromParent();
        if (order == null) {
            return;
        }
        final String[] words = order.split("\t");
        try {
            final Setup setup = new Setup(
                DurabilityPolicy.valueOf(words[5]), Integer.parseInt(words[2]), Integer.parseInt(words[6]));
            work(Path.of(words[0]), Path.of(words[1]), setup, Long.parseLong(words[3]), Long.parseLong(words[4]));
        } catch (final RuntimeException ex) {
            fail(ex);
        }
    }

    private static void work(
        final Path directory, final Path ledgerFile, final Setup setup, final long loadSeed, final long runSeed)
        throws IOException {
        final Ledger ledger = new Ledger(ledgerFile, WriteLoad.KEYS);
        final Mapcask store = Mapcask.open(directory, setup.options());
        final WriteLoad load = new WriteLoad(loadSeed, store, ledger);
        load.checkAndSettle();
        ChildJvm.toParent("open");
        for (int i = 0; i < WriteLoad.THREADS; i++) {
            final int thread = i;
            new Thread(() -> {
                try {
                    load.run(thread, runSeed + thread);
                } catch (final RuntimeException | Error ex) {
                    fail(ex);
                }
            }).start();
        }
    }

    private static void fail(final Throwable ex) {
        ex.printStackTrace();
        Runtime.getRuntime().halt(FAILED);
    }
}
