package org.mapcask.lab.doctor;

import java.nio.file.Path;
import org.mapcask.lab.host.MountPoint;

/**
 * Looks at this host, at the disk of one directory, and at the flags of this JVM. Reads only: nothing on the host is
 * changed, no file is made. Needs no rights beyond those of any user, and tells what it could not see. Any thread.
 *
 * <p>The flags and limits are those of the calling process, so a service that embeds a store may call it, too, and log
 * what is not a PASS.
 */
public final class Doctor {
    private Doctor() {
    }

    /**
     * Makes all checks.
     *
     * @param directory where a store is or will be; need not be there.
     * @return what was found.
     */
    public static DoctorReport examine(final Path directory) {
        return examine(Host.ofThisProcess(directory));
    }

    /** Makes all checks of a host that may be made up. */
    static DoctorReport examine(final Host host) {
        final Findings findings = new Findings();
        final MountPoint mount = MountPoint.of(host.files(), host.directory().path());
        new StorageChecks(host, mount, findings).run();
        new DeviceChecks(host, mount, findings).run();
        new MemoryChecks(host, findings).run();
        new LimitChecks(host, findings).run();
        new CgroupChecks(host, findings).run();
        new CpuChecks(host, findings).run();
        new JvmChecks(host, findings).run();
        return new DoctorReport(host.directory().path(), host.directory().missing(), findings.list());
    }
}
