/**
 * The options as knobs: when each matters, and what was measured about it. {@link org.mapcask.lab.knobs.Knobs} is the
 * list; name, default, allowed values and meaning come from the options themselves.
 */
package org.mapcask.lab.knobs;
