package org.mapcask.keydir;

import java.util.Map;

/**
 * Figures of a keydir at about one moment.
 *
 * @param totalBytes    of all pages, in memory or not.
 * @param residentBytes of memory: pages, table, and what belongs to them.
 * @param pending       changes that wait for their pages to come into memory.
 * @param pagesInMemory pages that are in memory.
 * @param changedPages  of them, those that differ from what the store of pages has.
 * @param writerLoads   pages that the writer brought into memory.
 * @param evictions     pages that went.
 * @param splits        pages that were divided in two by writers.
 * @param doublings     how often the table was doubled for that.
 * @param longestPauseNs longest piece of work on the keydir for which a writer had to wait.
 * @param longestBusyNs most processor time of such a piece of work.
 * @param pausesNs      all such pieces of work together.
 * @param pauses        how many such pieces of work there were, by how long they took.
 */
public record KeydirFigures(
    long totalBytes, long residentBytes, int pending, int pagesInMemory, int changedPages, long writerLoads,
    long evictions, long splits, long doublings, long longestPauseNs, long longestBusyNs,
    long pausesNs, Map<String, Long> pauses) {
}
