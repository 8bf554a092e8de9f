/**
 * When writes become durable: {@link org.mapcask.sync.SyncPolicy}.
 */
package org.mapcask.sync;
