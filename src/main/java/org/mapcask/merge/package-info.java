/**
 * Gives dead space back: chooses segments ({@link org.mapcask.merge.MergePolicy}), copies what lives in them into new
 * ones and has these take their place ({@link org.mapcask.merge.MergeRun}), in the background, bounded and at a limited
 * rate ({@link org.mapcask.merge.MergeScheduler}). Knows the running store only as a
 * {@link org.mapcask.merge.MergeHost}.
 */
package org.mapcask.merge;
