package org.mapcask.bench.peers;

import java.io.IOException;

/** A step did not come to its end because of the store that was measured, and not because of what measures it. */
final class PeerFailure extends IOException {
    /** Of a process that an exception of its store has ended. */
    static final int EXIT_STORE = 3;

    private static final long serialVersionUID = 1L;
    /** From here on a signal has ended the process: its store's native code or memory, since nobody else sends any. */
    private static final int EXIT_SIGNAL = 128;

    PeerFailure(final String message) {
        super(message);
    }

    /** Whether a process that ended with this status was ended by its store. */
    static boolean isOfStore(final int exitStatus) {
        return exitStatus == EXIT_STORE || exitStatus > EXIT_SIGNAL;
    }

    /** Whether something was thrown inside a call of the store's adapter, the class of which begins with this name. */
    static boolean isOfStore(final Throwable thrown, final String adapter) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            for (final StackTraceElement frame : cause.getStackTrace()) {
                if (frame.getClassName().startsWith(adapter)) {
                    return true;
                }
            }
        }
        return false;
    }
}
