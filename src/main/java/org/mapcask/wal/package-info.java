/**
 * The write-ahead log: a ring of files that makes each acknowledged write durable with one write to the device.
 */
package org.mapcask.wal;
