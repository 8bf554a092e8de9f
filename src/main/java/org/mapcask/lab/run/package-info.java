/**
 * One job at a time: what to measure ({@link org.mapcask.lab.run.Job}), how
 * ({@link org.mapcask.lab.run.JobRunner} in this JVM, {@link org.mapcask.lab.run.ChildJob} in one of its own), and what
 * came of it ({@link org.mapcask.lab.run.JobResult}). {@link org.mapcask.lab.run.Bench} makes a
 * results folder of several jobs.
 */
package org.mapcask.lab.run;
