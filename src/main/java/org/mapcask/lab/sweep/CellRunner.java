package org.mapcask.lab.sweep;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.mapcask.lab.run.Job;
import org.mapcask.lab.run.JobResult;

/** Measures one cell; {@link org.mapcask.lab.run.ChildJob} in earnest. */
public interface CellRunner {
    /**
     * Measures.
     *
     * @param job     what to do.
     * @param tag     name of the cell, and of the {@code .hlog} if one is written.
     * @param data    an empty directory for the store.
     * @param output  an empty directory for files.
     * @param flags   of the JVM.
     * @param timeout seconds after which it has failed.
     * @return the figures, or why there are none.
     * @throws IOException          if files cannot be written.
     * @throws InterruptedException if this thread was interrupted.
     */
    JobResult run(Job job, String tag, Path data, Path output, List<String> flags, long timeout)
        throws IOException, InterruptedException;
}
