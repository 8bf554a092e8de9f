package org.mapcask.lab.rig;

/**
 * Makes the operations of the rig's threads; each thread gets its own, so that operations share nothing but the store.
 */
public interface Workload {
    /**
     * Makes the operation of one thread.
     *
     * @param thread  index of the thread, from 0.
     * @param threads number of threads in this measurement.
     * @return a fresh operation, used by that thread alone.
     */
    public Operation newOperation(int thread, int threads);
}
