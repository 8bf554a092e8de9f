package org.mapcask.lab.rig;

/**
 * One operation of a workload, repeated by one thread of the rig. Only {@link #perform()} is inside the clock.
 *
 * <p>Used by one thread. An exception out of any method ends the measurement and marks the run failed.
 */
public interface Operation {
    /** Chooses what comes next and fills the buffers. Not timed. */
    public void prepare();

    /** Does what {@link #prepare()} chose. Timed; should allocate nothing. */
    public void perform();

    /**
     * The kind of what {@link #prepare()} chose; kinds are recorded apart where the rig is asked for it. Not timed.
     *
     * @return from 0 on.
     */
    public default int kind() {
        return 0;
    }

    /**
     * Checks the answer of the last {@link #perform()}. Not timed.
     *
     * @return true if the answer was right.
     */
    public boolean verify();
}
