package org.mapcask.crash;

import java.io.IOException;
import java.nio.file.Path;
import org.mapcask.Mapcask;
import org.mapcask.MapcaskOptions;
import org.mapcask.nativeaccess.NativeAccess;
import org.mapcask.support.ChildJvm;

/** The process that is killed: waits for its orders, opens the store, checks it, and writes until its end. */
final class WriteLoadMain {
    private static final int FAILED = 3;

    private WriteLoadMain() {
    }

    /** Order for such a process. */
    static String order(
        final Path directory, final Path ledger, final int segmentLength, final long loadSeed, final long runSeed) {
        return directory + "\t" + ledger + "\t" + segmentLength + "\t" + loadSeed + "\t" + runSeed;
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
            work(Path.of(words[0]), Path.of(words[1]), Integer.parseInt(words[2]), Long.parseLong(words[3]),
                Long.parseLong(words[4]));
        } catch (final RuntimeException ex) {
            fail(ex);
        }
    }

    private static void work(
        final Path directory, final Path ledgerFile, final int segmentLength, final long loadSeed, final long runSeed)
        throws IOException {
        final Ledger ledger = new Ledger(ledgerFile, WriteLoad.KEYS);
        final Mapcask store = Mapcask.open(directory, options(segmentLength));
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

    static MapcaskOptions options(final int segmentLength) {
        return MapcaskOptions.builder().segmentLength(segmentLength).build();
    }

    private static void fail(final Throwable ex) {
        ex.printStackTrace();
        Runtime.getRuntime().halt(FAILED);
    }
}
