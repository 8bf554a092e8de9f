/**
 * The errors that a caller can meet. A leaf: it knows no other package. A miss is never an error, and damage is
 * never a miss.
 */
package org.mapcask.errors;
