/**
 * Which setting wins on this host, and how sure is that. A job file ({@link org.mapcask.lab.sweep.SweepJob}) names
 * workloads and knobs with their values. {@link org.mapcask.lab.sweep.SweepRun} measures each setting in rounds, in
 * random order, every time in a JVM of its own, and keeps what is done in the results folder, so that it can go on
 * after an interruption. {@link org.mapcask.lab.sweep.SweepResult} compares each value of a knob with its baseline, by
 * pairs of one round; {@link org.mapcask.lab.sweep.Recommendation} turns that into options of a store for a goal.
 */
package org.mapcask.lab.sweep;
