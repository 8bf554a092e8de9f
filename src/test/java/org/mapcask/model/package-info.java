/** Tests of the whole store against models of it: one thread, many threads, and recorded histories. */
package org.mapcask.model;
