/**
 * What this host is like for a store: a check that reads {@code /proc}, {@code /sys} and the flags of the JVM, and
 * changes nothing. {@link org.mapcask.lab.doctor.Doctor} looks, {@link org.mapcask.lab.doctor.DoctorReport} tells.
 *
 * <p>Each check gives one {@link org.mapcask.lab.doctor.Finding}: what was found, what would be right, why it matters
 * to Mapcask, and the command that changes it. FAIL is kept for what breaks a guarantee of the store or stops it from
 * working; what costs time is a WARN; what cannot be seen is a SKIP that says so, never a silent pass. All files are
 * read below a root, so that tests look at hosts that were made up.
 */
package org.mapcask.lab.doctor;
