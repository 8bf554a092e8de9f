package org.mapcask;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mapcask.crashstates.Paging;
import org.mapcask.engine.BatchEntries;
import org.mapcask.engine.Condition;
import org.mapcask.engine.Engine;
import org.mapcask.engine.EngineCheckpoints;
import org.mapcask.engine.EngineSettings;
import org.mapcask.engine.ReadContext;
import org.mapcask.keydir.DirectChunkAllocator;
import org.mapcask.keydir.FewFrames;
import org.mapcask.keydir.Keydir;
import org.mapcask.keydir.KeydirSpread;
import org.mapcask.merge.MergeByHand;
import org.mapcask.recovery.Recovery;
import org.mapcask.recovery.RecoverySettings;
import org.mapcask.recovery.VerifyReport;
import org.mapcask.segment.Log;
import org.mapcask.support.EngineStore;
import org.mapcask.support.KillableFiles;
import org.mapcask.support.MemoryFileOps;
import org.mapcask.sync.SyncPolicy;

/**
 * The story: anything is put, deleted, expires, and is merged, and the process is killed at any operation on a file,
 * of a write, of a merge, of the removal or recycling of what was merged, of a close, or of the recovery from an
 * earlier kill. What the page cache holds is opened again, and holds everything that was acknowledged, and all or
 * nothing of the write that was under way. So with a keydir in memory, and with one that does not fit: then there are
 * checkpoints, and puts that wait for their page.
 */
class MergeKillModelTest {
    private static final long SEED = 0x6b69_6c6cL;
    private static final Path DIRECTORY = Path.of("store");
    private static final int KEYS = 50;
    /** A merge has fewer operations. */
    private static final int KILL_MAX = 40;

    private static long kills;
    private static long recycled;

    @Test
    void shouldEqualTheModelWhateverIsKilled() {
        run(SEED, 60, 100);
    }

    @Test
    @Tag("slow")
    @Timeout(value = 60, unit = TimeUnit.MINUTES)
    void shouldEqualTheModelInAThousandHistoriesWithKills() {
        run(Long.getLong("mapcask.model.seed", SEED) + 10_000, 1000, 300);
    }

    private static void run(final long seed, final int histories, final int steps) {
        kills = 0;
        recycled = 0;
        for (int i = 0; i < histories; i++) {
            new History(seed + i).run(steps);
        }
        System.out.println(histories + " histories, seeds from " + seed + ": " + kills + " kills in the middle, " +
            recycled + " segments recycled");
        assertTrue(kills > histories / 4 && recycled > 0, "there was something to see");
    }

    /** One history; everything in it follows from the seed. */
    private static final class History {
        private record Value(String text, long expiry) {
        }

        private final long seed;
        private final Random random;
        private final MemoryFileOps memory = new MemoryFileOps();
        private final KillableFiles files = new KillableFiles(memory);
        private final int segmentLength;
        private final SyncPolicy policy;
        private final Paging paging;
        private Map<String, Value> model = new TreeMap<>();
        /** What the model is if the write under way happened. */
        private Map<String, Value> next = model;
        private long clock = 1_000_000;
        private Engine engine;
        private Keydir keydir;

        History(final long seed) {
            this.seed = seed;
            random = new Random(seed);
            segmentLength = 8192 << random.nextInt(3);
            policy = random.nextBoolean() ? SyncPolicy.NONE : new SyncPolicy(0, 0, true);
            paging = random.nextBoolean() ? Paging.numbered(random.nextInt(4)) : Paging.NONE;
        }

        void run(final int steps) {
            try {
                open();
                for (int i = 0; i < steps; i++) {
                    if (random.nextInt(4) == 0) {
                        files.killAfter(random.nextInt(KILL_MAX));
                    }
                    surviving(this::step);
                }
                surviving(this::reopen);
                engine.close();
                final VerifyReport report = EngineStore.verify(memory, DIRECTORY);
                assertTrue(report.sound(), report::toString);
            } catch (final RuntimeException | Error ex) {
                throw new AssertionError("seed " + seed, ex);
            }
        }

        /** Does something; if it is killed, opens what is left, which may be killed as well, and looks at it. */
        private void surviving(final Runnable step) {
            try {
                step.run();
                files.revive();
                model = next;
                return;
            } catch (final KillableFiles.Killed ex) {
                kills++;
            } catch (final RuntimeException | Error ex) {
                if (!files.isDead()) {
                    throw ex;
                }
                kills++; // it came as the cause of another one
            }
            abandon();
            files.revive();
            if (random.nextInt(3) == 0) {
                files.killAfter(random.nextInt(KILL_MAX));
                try {
                    open();
                } catch (final KillableFiles.Killed ex) {
                    kills++;
                }
                abandon();
                files.revive();
            }
            open();
            final Map<String, String> found = contents();
            model = found.equals(alive(next)) ? next : model;
            assertEquals(alive(model), found);
            next = model;
        }

        private void open() {
            final RecoverySettings settings = new RecoverySettings(files, DIRECTORY,
                paging.hasCheckpoints() ? new FewFrames(paging.frames()) : new DirectChunkAllocator(), true, false,
                false, true, 1000, (phase, done, total) -> {
                }, () -> clock, paging.hasCheckpoints(), paging.budget());
            try (Recovery recovery = new Recovery(settings)) {
                final Log log = recovery.run();
                engine = new Engine(new EngineSettings(segmentLength, true, 0, true, 1000, policy, true, "kill",
                    false, 0, () -> clock, paging.eager() ? 1 : 0, 0,
                    paging.hasCheckpoints() ? 1 : 0, true), log, recovery.keydir(),
                    recovery.report().bytes(), false, null, recovery.checkpoints(), recovery.report().bytes());
                if (paging.hasCheckpoints()) {
                    KeydirSpread.over(recovery.keydir(), Paging.PAGES);
                }
                keydir = recovery.keydir();
                recovery.handOver();
            }
        }

        private void abandon() {
            if (keydir != null) {
                recycled += engine.merging().factory().recycled();
                keydir.close();
                keydir = null;
            }
        }

        private long liveBytes() {
            if (paging.hasCheckpoints()) {
                EngineCheckpoints.settle(engine);
            }
            return engine.stats().liveBytes();
        }

        private void reopen() {
            final long live = liveBytes();
            recycled += engine.merging().factory().recycled();
            engine.close();
            keydir = null;
            open();
            assertEquals(live, liveBytes(), "live bytes after a reopen");
            assertEquals(alive(model), contents());
        }

        private void step() {
            final int choice = random.nextInt(100);
            clock += random.nextInt(8);
            if (choice < 45) {
                for (int i = random.nextInt(12); i >= 0; i--) {
                    write();
                }
            } else if (choice < 52) {
                writeBatch();
            } else if (choice < 66) {
                engine.housekeep();
            } else if (choice < 84) {
                mergeSome();
            } else if (choice < 87) {
                engine.sync();
            } else if (choice < 90) {
                if (paging.hasCheckpoints()) {
                    EngineCheckpoints.make(engine);
                }
            } else if (choice < 93) {
                assertEquals(alive(model), contents());
            } else {
                reopen();
            }
        }

        private String key() {
            return "key-" + random.nextInt(KEYS);
        }

        private void write() {
            final String key = key();
            final DirectBuffer keyBytes = bytes(key);
            next = new TreeMap<>(model);
            final ReadContext context = engine.enter();
            try {
                if (random.nextInt(4) == 0) {
                    next.remove(key);
                    engine.write(context, Condition.PRESENT, keyBytes, 0, keyBytes.capacity(), null, 0, 0, null, 0, 0);
                } else {
                    final int length = random.nextInt(30) == 0 ? random.nextInt(2 * segmentLength) :
                        random.nextInt(400);
                    final String text = Character.toString('a' + random.nextInt(26)).repeat(length);
                    final long expiry = random.nextInt(3) == 0 ? clock + 1 + random.nextInt(300) : Mapcask.NEVER;
                    next.put(key, new Value(text, expiry));
                    engine.write(context, Condition.NONE, keyBytes, 0, keyBytes.capacity(), bytes(text), 0, length,
                        expiry, null, 0, 0);
                }
            } finally {
                context.exit();
            }
            model = next;
        }

        private void writeBatch() {
            final BatchEntries batch = new BatchEntries();
            next = new TreeMap<>(model);
            for (int i = random.nextInt(20); i >= 0; i--) {
                final String key = key();
                final DirectBuffer keyBytes = bytes(key);
                if (random.nextInt(3) == 0) {
                    next.remove(key);
                    batch.add(keyBytes, 0, keyBytes.capacity(), null, 0, 0);
                } else {
                    final String text = "b".repeat(random.nextInt(900));
                    next.put(key, new Value(text, Mapcask.NEVER));
                    batch.add(keyBytes, 0, keyBytes.capacity(), bytes(text), 0, text.length());
                }
            }
            final ReadContext context = engine.enter();
            try {
                engine.write(context, batch);
            } finally {
                context.exit();
            }
        }

        private void mergeSome() {
            engine.merging().rollActive();
            final MergeByHand merges = EngineMerges.of(engine, segmentLength);
            final List<Long> ids = new ArrayList<>(merges.eligible());
            Collections.shuffle(ids, random);
            final int count = ids.isEmpty() ? 0 : 1 + random.nextInt(Math.min(8, ids.size()));
            merges.merge(new HashSet<>(ids.subList(0, count)));
            assertEquals(List.of(), merges.stats().damaged());
        }

        private Map<String, String> alive(final Map<String, Value> of) {
            final Map<String, String> alive = new TreeMap<>();
            of.forEach((key, value) -> {
                if (value.expiry() > clock) {
                    alive.put(key, value.text());
                }
            });
            return alive;
        }

        private Map<String, String> contents() {
            final Map<String, String> contents = new TreeMap<>();
            engine.forEach((record, reader) -> {
                final String key = text(record, reader.keyOffset(), reader.keyLength());
                if (contents.put(key, text(record, reader.valueOffset(), reader.valueLength())) != null) {
                    throw new AssertionError("key came twice: " + key);
                }
            });
            return contents;
        }

        private static DirectBuffer bytes(final String text) {
            return new UnsafeBuffer(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        private static String text(final DirectBuffer buffer, final int offset, final int length) {
            final byte[] bytes = new byte[length];
            buffer.getBytes(offset, bytes);
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }
}
