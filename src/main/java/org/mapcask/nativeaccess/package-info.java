/**
 * The one place that calls the operating system by hand: JNA direct mapping of libc on Linux, and a pure-Java stand-in.
 *
 * <p>{@link org.mapcask.nativeaccess.NativeAccess#get()} chooses once, by the system property {@code mapcask.native}:
 * {@code auto} (JNA, else Java, with one warning that names the reason), {@code jna} (fail where it cannot load),
 * {@code java}.
 *
 * <table>
 * <caption>What each mode does</caption>
 * <tr><th>wanted</th><th>jna</th><th>java</th></tr>
 * <tr><td>read and write at an offset</td><td>pread, pwrite</td><td>RandomAccessFile under a lock</td></tr>
 * <tr><td>real blocks behind a file</td><td>fallocate, else zeros</td><td>zeros are written</td></tr>
 * <tr><td>length, time and number of a file</td><td>statx</td><td>readAttributes</td></tr>
 * <tr><td>contents durable</td><td>fdatasync, msync</td><td>FileDescriptor.sync (fsync), force(range)</td></tr>
 * <tr><td>names durable</td><td>fsync of the directory</td><td>force of the directory</td></tr>
 * <tr><td>off-heap memory</td><td>mmap, 2 MiB aligned, huge pages</td><td>direct ByteBuffer</td></tr>
 * <tr><td>hints: madvise, fadvise, write-back, punched holes, mlock</td><td>the call</td><td>false</td></tr>
 * </table>
 *
 * <p>Rules of the house. Widths are explicit: {@code long} for addresses, sizes and offsets, {@code int} for
 * descriptors and flags. Every result is checked, and an error tells call, file, range, size and errno. Reads and
 * writes that a signal interrupts are repeated. A sync is never repeated: after a failure the kernel marks the pages
 * clean, and a second call would report success for bytes that never reached the disk. Interrupting a Java thread never
 * closes a file and never loses a lock.
 *
 * <p>{@code open} and {@code ioctl} are variadic in C. A variadic call with integer arguments is passed like any other
 * on Linux x86-64 and arm64 (it is not on other systems), so native access is only offered on Linux on processors that
 * are known to do so.
 */
package org.mapcask.nativeaccess;
