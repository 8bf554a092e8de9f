/**
 * Mapped files, file operations behind one seam, and the lock of a store directory.
 */
package org.mapcask.io;
