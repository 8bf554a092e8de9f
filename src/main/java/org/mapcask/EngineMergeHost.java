package org.mapcask;

import java.util.BitSet;
import java.util.List;
import java.util.function.Supplier;
import org.agrona.DirectBuffer;
import org.mapcask.engine.MergeAccess;
import org.mapcask.merge.MergeHost;
import org.mapcask.segment.CoveredRanges;
import org.mapcask.segment.Segment;
import org.mapcask.segment.SegmentFactory;

/** The running store as merges see it. As thread-safe as {@link MergeAccess}. */
final class EngineMergeHost implements MergeHost {
    private final MergeAccess engine;

    EngineMergeHost(final MergeAccess engine) {
        this.engine = engine;
    }

    @Override
    public List<Segment> segments() {
        return engine.segments();
    }

    @Override
    public List<Segment> settled(final List<Segment> segments) {
        return engine.settled(segments);
    }

    @Override
    public long seals() {
        return engine.seals();
    }

    @Override
    public SegmentFactory factory() {
        return engine.factory();
    }

    @Override
    public CoveredRanges covered() {
        return engine.covered();
    }

    @Override
    public long hashSeed() {
        return engine.hashSeed();
    }

    @Override
    public void live(final long[] hashes, final long[] positions, final int count, final BitSet live) {
        engine.live(hashes, positions, count, live);
    }

    @Override
    public boolean readsPages() {
        return engine.readsPages();
    }

    @Override
    public boolean isAbsent(final long hash, final DirectBuffer key, final int keyOffset, final int keyLength) {
        return engine.isAbsent(hash, key, keyOffset, keyLength);
    }

    @Override
    public long nowMs() {
        return engine.nowMs();
    }

    @Override
    public long lastSequence() {
        return engine.lastSequence();
    }

    @Override
    public void syncLog(final long sequence) {
        engine.syncLog(sequence);
    }

    @Override
    public void checkWritable() {
        engine.checkWritable();
    }

    @Override
    public void latch(final Throwable failure) {
        engine.latch(failure);
    }

    @Override
    public <T> T install(final Supplier<T> steps) {
        return engine.install(steps);
    }

    @Override
    public void publish(final List<Segment> segments) {
        engine.publish(segments);
    }

    @Override
    public long move(
        final long[] hashes, final long[] from, final long[] to, final int[] lengths, final int count) {
        return engine.move(hashes, from, to, lengths, count);
    }

    @Override
    public void retire(final List<Segment> segments, final List<Segment> replacedBy, final long bytes) {
        engine.retire(segments, replacedBy, bytes);
    }

    @Override
    public void removeRetired() {
        engine.removeRetired();
    }

    @Override
    public int retiring() {
        return engine.retiring();
    }

    @Override
    public long rollActive() {
        return engine.rollActive();
    }
}
