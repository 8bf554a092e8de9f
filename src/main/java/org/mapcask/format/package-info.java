/**
 * x
 */
package org.mapcask.format;
