package org.mapcask.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.mapcask.lab.probe.AppendTarget;
import org.mapcask.lab.probe.DirectFile;
import org.mapcask.lab.probe.FileState;
import org.mapcask.lab.probe.SyncCall;
import org.mapcask.lab.rig.Operation;
import org.mapcask.lab.rig.Workload;

/**
 * Appends of one length, each made durable before the next, to a file in a certain state, without an engine: what a way
 * to sync costs on such a file. Each round has a fresh file in that state, so that no round finds what another made of
 * it. Afterwards the file is read, and every append compared.
 */
final class RawAppendArm implements DurableArm {
    /** The ways that a store has, of which three sync a segment and one is the write-ahead log's. */
    static final List<SyncCall> CALLS =
        List.of(SyncCall.MSYNC, SyncCall.FDATASYNC, SyncCall.FORCE, SyncCall.DIRECT);

    /** More appends than that in a second are not expected of a device that has to flush for each. */
    private static final long APPENDS_PER_SECOND_MAX = 16_000;

    private final FileState state;
    private final SyncCall call;
    private final int appendLength;
    private final Path path;
    private String method;
    private AppendTarget target;
    private long appended;

    RawAppendArm(final FileState state, final SyncCall call, final int appendLength, final Path directory) {
        AppendTarget.checkLength(appendLength);
        this.state = state;
        this.call = call;
        this.appendLength = appendLength;
        path = directory.resolve(name());
        method = call.lowerName();
    }

    /** Name of the arm of these three. */
    static String name(final FileState state, final SyncCall call, final int appendLength) {
        return "raw-" + appendLength + "-" + state.lowerName() + "-" + call.lowerName();
    }

    @Override
    public String name() {
        return name(state, call, appendLength);
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public boolean isShared() {
        return false;
    }

    @Override
    public long beginRound(final long durationNs) throws IOException {
        final long operations = capacity(durationNs);
        final int length = Math.toIntExact(operations * appendLength);
        state.make(path, length, call == SyncCall.DIRECT);
        appended = 0;
        target = AppendTarget.open(call, path, length, appendLength);
        method = target.method();
        return operations;
    }

    /** Appends that a file for a round of this time has room for: whole blocks. */
    private long capacity(final long durationNs) {
        final long perBlock = DirectFile.BLOCK_LENGTH / appendLength;
        final long wanted = APPENDS_PER_SECOND_MAX * durationNs / TimeUnit.SECONDS.toNanos(1);
        return (wanted + perBlock) / perBlock * perBlock;
    }

    @Override
    public Workload workload() {
        return (thread, threads) -> new Operation() {
            @Override
            public void prepare() {
                target.fill(appended);
            }

            @Override
            public void perform() {
                target.append(appended);
            }

            @Override
            public boolean verify() {
                appended++;
                return true;
            }
        };
    }

    @Override
    public long endRound() throws IOException {
        target.close();
        target = null;
        final long wrong = AppendTarget.wrong(path, appendLength, appended);
        Files.delete(path);
        return wrong;
    }

    @Override
    public long verify() {
        return 0;
    }

    @Override
    public void close() throws IOException {
        if (target != null) {
            target.close();
        }
        Files.deleteIfExists(path);
    }
}
