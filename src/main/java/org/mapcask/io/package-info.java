/**
 * Mapped files, file operations behind one seam, whether reads come from the device, and the lock of a store directory.
 */
package org.mapcask.io;
