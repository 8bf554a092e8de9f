package org.mapcask.bench;

import java.io.IOException;
import org.mapcask.lab.rig.Workload;

/**
 * One way to make writes durable, measured beside others: round after round, each round by other operations on the
 * same files. Used by one thread, which starts those that write.
 */
interface DurableArm extends AutoCloseable {
    /** Name, for tables and files. */
    String name();

    /** How it makes durable, for people. */
    String method();

    /** Whether several threads may write at a time. */
    boolean isShared();

    /**
     * Makes ready what a round needs; not timed.
     *
     * @param durationNs of the round.
     * @return operations after which the round has to stop.
     */
    long beginRound(long durationNs) throws IOException;

    /** Makes the operations of a round. */
    Workload workload();

    /** Ends a round; tells how many of its writes are not found as they were written, if that is to be told now. */
    long endRound() throws IOException;

    /** Reads everything that is left to be read, and tells how many writes are not found as they were written. */
    long verify() throws IOException;

    @Override
    void close() throws IOException;
}
