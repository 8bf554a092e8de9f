package org.mapcask.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.mapcask.Mapcask;
import org.mapcask.MapcaskOptions;
import org.mapcask.support.ChildJvm;

/** The process that is killed in the middle of a backup. */
final class BackupMain {
    /** Keys that it writes. */
    static final int KEYS = 2000;

    private BackupMain() {
    }

    /** Entry of the child: the directory, that of the backup, the number of progress reports to wait for. */
    public static void main(final String[] arguments) {
        final int last = Integer.parseInt(arguments[2]);
        final int[] reports = new int[1];
        try (Mapcask store = Mapcask.open(Path.of(arguments[0]), options())) {
            for (int i = 0; i < KEYS; i++) {
                store.put("key-" + i, value(i));
            }
            store.backup(Path.of(arguments[1]), (phase, done, total) -> {
                if (++reports[0] == last) {
                    tell();
                    while (true) {
                        LockSupport.park();
                    }
                }
            });
        }
    }

    private static void tell() {
        try {
            ChildJvm.toParent("middle");
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    static MapcaskOptions options() {
        return MapcaskOptions.builder().segmentLength(64 << 10).mergeIntervalMs(0).build();
    }

    static String value(final int key) {
        return ("value-" + key + '-').repeat(10);
    }
}
