package org.mapcask.lab.doctor;

import java.nio.file.Path;
import java.util.List;
import org.mapcask.lab.host.HostFiles;
import org.mapcask.lab.host.MountPoint;
import org.mapcask.nativeaccess.NativeAccess;

/** The flags of this JVM. Whoever embeds a store has to give them to its own. */
final class JvmChecks {
    private static final String ADD_OPENS = "--add-opens java.base/jdk.internal.misc=ALL-UNNAMED";
    private static final int SHARE_OF_HEAP_PERCENT = 75;
    private static final int PERCENT = 100;

    private final JvmFacts jvm;
    private final HostFiles files;
    private final Findings findings;

    JvmChecks(final Host host, final Findings findings) {
        jvm = host.jvm();
        files = host.files();
        this.findings = findings;
    }

    void run() {
        findings.begin("JVM");
        findings.judge(jvm.operatingSystem().equals("Linux"), Verdict.FAIL, "system",
            jvm.operatingSystem() + " on " + jvm.architecture() + ", Java " + jvm.version(), "Linux",
            "mappings, syncs and locks are those of Linux", "run it on Linux");
        findings.judge(jvm.miscOpen(), Verdict.FAIL, "--add-opens", jvm.miscOpen() ? "open" : "missing",
            ADD_OPENS, "Agrona's buffers need jdk.internal.misc; without it a store does not open",
            "java " + ADD_OPENS + " …");
        nativeAccess();
        sharedMemory();
        heap();
        final String collectors = String.join(", ", jvm.collectors());
        findings.pass("garbage collector", collectors, "any",
            "get and put by DirectBuffer allocate nothing; pauses are those of what else the process allocates");
        findings.judge(!jvm.unchecked(), Verdict.WARN, "bounds checks", jvm.unchecked() ? "off" : "on", "on",
            "without them an index out of a buffer reads or overwrites other memory in place of an exception",
            "leave out -Dagrona.disable.bounds.checks=true");
        agents();
    }

    private void nativeAccess() {
        final boolean isNative = jvm.nativeMode().equals("jna");
        findings.judge(isNative, Verdict.WARN, "native calls", jvm.nativeMode(), "jna",
            "without them syncs cover whole files, durable writes cannot pass the page cache, and prefault and other"
                + " hints are off", "let java.io.tmpdir, or -Djna.tmpdir=, be a directory that is not mounted noexec;"
                + " and do not set -D" + NativeAccess.PROPERTY + "=java");
        findings.judge(jvm.nativeEnabled(), Verdict.WARN, "--enable-native-access",
            jvm.nativeEnabled() ? "not needed, or given" : "missing", "--enable-native-access=ALL-UNNAMED",
            "from 24 on the JVM warns about native code without it, and a later one will refuse it",
            "java --enable-native-access=ALL-UNNAMED …");
    }

    private void sharedMemory() {
        final String name = "PerfDisableSharedMem";
        final String threshold = "-XX:+PerfDisableSharedMem";
        final String why = "the JVM keeps a file under /tmp mapped and stores into it at each safepoint; a store that"
            + " meets write-back of that disk stops all threads. Without the file jps and jstat do not see the process";
        if (jvm.sharedMemory() == null) {
            findings.skip(name, "this JVM does not tell", threshold, why);
            return;
        }
        final MountPoint temporary = MountPoint.of(files, Path.of("/tmp"));
        final boolean inMemory = temporary != null && temporary.type().equals("tmpfs");
        findings.judge(!jvm.sharedMemory() || inMemory, Verdict.WARN, name,
            !jvm.sharedMemory() ? "no file is mapped" : inMemory ? "a file is mapped, in memory" : "a file is mapped",
            threshold, why, "java -XX:+PerfDisableSharedMem …");
    }

    private void heap() {
        final long total = files.kilobytes("/proc/meminfo", "MemTotal");
        final String threshold = "at most " + SHARE_OF_HEAP_PERCENT + " % of memory";
        final String why = "what the heap takes is missing in the page cache, where segments are, and for the keydir";
        if (total <= 0) {
            findings.skip("heap", files.reason("/proc/meminfo"), threshold, why);
        } else {
            findings.judge(jvm.heapMax() <= total / PERCENT * SHARE_OF_HEAP_PERCENT, Verdict.WARN, "heap",
                "at most " + Units.bytes(jvm.heapMax()) + " of " + Units.bytes(total), threshold, why, "lower -Xmx");
        }
    }

    private void agents() {
        final List<String> debug = jvm.arguments().stream()
            .filter(argument -> argument.startsWith("-agentlib:jdwp") || argument.startsWith("-Xrunjdwp")
                || argument.equals("-Xint")).toList();
        findings.judge(debug.isEmpty(), Verdict.WARN, "debugging", debug.isEmpty() ? "off" : String.join(" ", debug),
            "off", "code that is debugged or interpreted is many times slower", "start without these flags");
    }
}
