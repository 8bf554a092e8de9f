package org.mapcask.keydir;

/**
 * Pages on their way to the {@link PageStore}, some at a time: {@link #capture()}, {@link #copy()}, {@link #copyRest()}
 * if that left some, {@link #write()}, {@link #confirm()}, over and over. The writer is held up by the first and the
 * last only, which do no more than note what is to be copied and what became of it. Belongs to one thread, which takes
 * the writer's part where it says so.
 */
public interface KeydirStep {
    /** Chooses the pages. Writer. */
    void capture();

    /**
     * Copies them, beside the writer.
     *
     * @return whether that went well with all; one that the writer keeps changing does not.
     */
    boolean copy();

    /** Copies the rest. Writer. */
    void copyRest();

    /** Writes what was copied, beside the writer. */
    void write();

    /** Ends the step: what was written stands in its slots. Has to come even if the write failed. Writer. */
    void confirm();
}
