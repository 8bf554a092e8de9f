package org.mapcask.lab.doctor;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mapcask.MapcaskOptions;
import org.mapcask.lab.host.HostFiles;

/** The limits of the process, by {@code /proc/self/limits}. */
final class LimitChecks {
    private static final String LIMITS = "/proc/self/limits";
    private static final long FILES_GOOD = 4096;
    private static final long FILES_LEAST = 128;

    private final HostFiles files;
    private final Findings findings;

    LimitChecks(final Host host, final Findings findings) {
        files = host.files();
        this.findings = findings;
    }

    void run() {
        findings.begin("limits");
        openFiles();
        fileSize();
        addressSpace();
        lockedMemory();
    }

    /** The soft limit of this name; null where it cannot be seen, {@link Long#MAX_VALUE} where there is none. */
    private Long limit(final String name) {
        final String text = files.read(LIMITS);
        final Matcher line = Pattern.compile("(?m)^" + Pattern.quote(name) + " +(unlimited|\\d{1,20}) ")
            .matcher(text == null ? "" : text);
        if (!line.find()) {
            return null;
        }
        final boolean none = line.group(1).equals("unlimited") || line.group(1).length() > 18;
        return none ? Long.MAX_VALUE : Long.valueOf(line.group(1));
    }

    private void openFiles() {
        final String name = "open files";
        final String threshold = "at least " + FILES_GOOD;
        final long segmentLength = MapcaskOptions.defaults().segmentLength();
        final String why = "each segment of the log keeps a file open, whether it is mapped or not";
        final Long limit = limit("Max open files");
        if (limit == null) {
            findings.skip(name, files.reason(LIMITS), threshold, why);
            return;
        }
        final String value = limit == Long.MAX_VALUE ? "unlimited" : limit + ", enough for "
            + Units.bytes(limit * segmentLength) + " in segments of " + Units.bytes(segmentLength);
        findings.judge(limit >= FILES_GOOD, limit < FILES_LEAST ? Verdict.FAIL : Verdict.WARN, name, value, threshold,
            why, "ulimit -n 65536, LimitNOFILE= of the systemd unit, or /etc/security/limits.conf");
    }

    private void fileSize() {
        final String name = "file size";
        final long segmentLength = MapcaskOptions.defaults().segmentLength();
        final String threshold = "at least segmentLength, " + Units.bytes(segmentLength);
        final String why = "a segment has its full length from the first record on, and a value that is longer than a"
            + " segment gets one of its own";
        final Long limit = limit("Max file size");
        if (limit == null) {
            findings.skip(name, files.reason(LIMITS), threshold, why);
        } else {
            findings.judge(limit >= segmentLength, Verdict.FAIL, name, text(limit), threshold, why,
                "ulimit -f unlimited, or a smaller segmentLength");
        }
    }

    private void addressSpace() {
        final String name = "address space";
        final String why = "mapped segments count, and so does what a JVM reserves without using it";
        final Long limit = limit("Max address space");
        if (limit == null) {
            findings.skip(name, files.reason(LIMITS), "unlimited", why);
        } else {
            findings.judge(limit == Long.MAX_VALUE, Verdict.WARN, name, text(limit), "unlimited", why,
                "ulimit -v unlimited");
        }
    }

    private void lockedMemory() {
        final String name = "locked memory";
        final String threshold = "any";
        final String why = "the store pins no memory, so no limit is too low for it; it matters to a process that calls"
            + " mlockall, as some low-latency services do: then segments and keydir are pinned, too";
        final Long limit = limit("Max locked memory");
        if (limit == null) {
            findings.skip(name, files.reason(LIMITS), threshold, why);
        } else {
            findings.pass(name, text(limit), threshold, why);
        }
    }

    private static String text(final long limit) {
        return limit == Long.MAX_VALUE ? "unlimited" : Units.bytes(limit);
    }
}
