package org.mapcask.format;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.mapcask.format.HeaderDescriptor.SectorState;

/**
 * Layout of the merge region: the second half of the header page of a segment of kind {@link
 * HeaderDescriptor#KIND_MERGED}; zero until the merge that made the segment counts. Little-endian. It is four sectors
 * of 512 bytes, each with a checksum of its own as {@link HeaderDescriptor} describes it, so that a power cut in the
 * middle of its writing leaves sectors that are whole or zero: it shows as begun, and not as damage.
 * <pre>
 *  SECTOR, four times
 *  +--------------------------------+--------------------------------+
 *  |  state (8)                     |  62 longs of the list          | 2048, 2560, 3072, 3584
 *  +--------------------------------+---------------------+----------+
 *  |  the list goes on              |  zeros (4)          | CRC (4)  |
 *  +--------------------------------+---------------------+----------+
 *
 *  LIST, through the four sectors, if the state is carrier; else zeros
 *  +---------------+---------------+---------------+-----------------+
 *  |  outputs (4)  |  inputs (4)   |  ranges (4)   |  zeros (4)      |
 *  +---------------+---------------+---------------+-----------------+
 *  |  ids of the outputs (8 each)                                    |
 *  +-----------------------------------------------------------------+
 *  |  ids of the inputs (8 each)                                     |
 *  +-----------------------------------------------------------------+
 *  |  ranges: first and last sequence (16 each)                      |
 *  +-----------------------------------------------------------------+
 *
 *  state   1  stamped: the merge that made this segment counts; one sound sector says it
 *          2  carrier: the same, and this is its commit; all four sectors have to be sound
 * </pre>
 * Static and stateless; any thread.
 */
public final class MergeDescriptor {
    /** Most segments that a merge may take in. */
    public static final int INPUTS_MAX = 48;
    /** Most segments that a merge may put out. */
    public static final int OUTPUTS_MAX = 48;
    /** Most ranges of sequences that a commit can name. */
    public static final int RANGES_MAX = 70;
    /** Offset of the region in the page. */
    public static final int REGION_OFFSET = HeaderDescriptor.RESERVED_OFFSET;
    /** Sectors of the region. */
    public static final int SECTOR_COUNT =
        (HeaderDescriptor.PAGE_LENGTH - REGION_OFFSET) / HeaderDescriptor.SECTOR_LENGTH;

    private static final long STATE_STAMPED = 1;
    private static final long STATE_CARRIER = 2;
    private static final int LONGS_PER_SECTOR = 62;
    private static final int LONGS = SECTOR_COUNT * LONGS_PER_SECTOR;
    private static final int COUNT_LONGS = 2;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    static {
        if ((1 + LONGS_PER_SECTOR) * BitUtil.SIZE_OF_LONG + 2 * BitUtil.SIZE_OF_INT != HeaderDescriptor.SECTOR_LENGTH ||
            COUNT_LONGS + OUTPUTS_MAX + INPUTS_MAX + 2 * RANGES_MAX > LONGS) {
            throw new AssertionError("merge layout");
        }
    }

    private MergeDescriptor() {
    }

    /** Sequences from the first to the last, both included. */
    public record Range(long first, long last) {
    }

    /**
     * What a merge commits.
     *
     * @param outputIds ids of the segments that it made, the carrier included.
     * @param inputIds  ids of the segments that it replaces.
     * @param ranges    all sequences that merges have taken out of the log so far, this one included.
     */
    public record Commit(List<Long> outputIds, List<Long> inputIds, List<Range> ranges) {
        /** Checks that it fits into a header page, and copies the lists. */
        public Commit {
            outputIds = List.copyOf(outputIds);
            inputIds = List.copyOf(inputIds);
            ranges = List.copyOf(ranges);
            if (outputIds.size() > OUTPUTS_MAX || inputIds.size() > INPUTS_MAX || ranges.size() > RANGES_MAX) {
                throw new IllegalArgumentException("a merge of " + inputIds.size() + " segments into " +
                    outputIds.size() + " with " + ranges.size() + " ranges does not fit into a header page");
            }
        }
    }

    /** What the region of a merged segment says. */
    public enum State {
        /** Nothing was written: without a carrier that names it, the segment does not count. */
        NONE,
        /** The segment counts. */
        STAMPED,
        /** The segment counts, and tells which others do. */
        CARRIER,
        /** A commit or a stamp was begun and not ended: it does not count, unless bytes were lost later. */
        CUT_SHORT,
        /** Some sector is neither sound nor a write that was cut short. */
        DAMAGED
    }

    /**
     * The region as read.
     *
     * @param commit of a carrier; of one that is cut short or damaged, the ids that can be read, and no ranges; else
     *               null.
     */
    public record Region(State state, Commit commit) {
    }

    /** Writes the commit of a merge. */
    public static void putCommit(final MutableDirectBuffer page, final long salt, final Commit commit) {
        final long[] list = new long[LONGS];
        list[0] = commit.outputIds().size() | (long)commit.inputIds().size() << Integer.SIZE;
        list[1] = commit.ranges().size();
        int at = COUNT_LONGS;
        for (final long id : commit.outputIds()) {
            list[at++] = id;
        }
        for (final long id : commit.inputIds()) {
            list[at++] = id;
        }
        for (final Range range : commit.ranges()) {
            list[at++] = range.first();
            list[at++] = range.last();
        }
        putSectors(page, salt, STATE_CARRIER, list);
    }

    /** Writes the stamp of an output that is not the carrier, after the commit is durable. */
    public static void putStamp(final MutableDirectBuffer page, final long salt) {
        putSectors(page, salt, STATE_STAMPED, new long[LONGS]);
    }

    private static void putSectors(
        final MutableDirectBuffer page, final long salt, final long state, final long[] list) {
        for (int sector = 0; sector < SECTOR_COUNT; sector++) {
            final int offset = sectorOffset(sector);
            HeaderDescriptor.clearSector(page, offset);
            page.putLong(offset, state, ORDER);
            for (int i = 0; i < LONGS_PER_SECTOR; i++) {
                page.putLong(
                    offset + (1 + i) * BitUtil.SIZE_OF_LONG, list[sector * LONGS_PER_SECTOR + i], ORDER);
            }
            HeaderDescriptor.putSectorChecksum(page, offset, salt);
        }
    }

    /** Offset of a sector of the region in the page. */
    public static int sectorOffset(final int sector) {
        return REGION_OFFSET + sector * HeaderDescriptor.SECTOR_LENGTH;
    }

    /** State of a sector of the region. */
    public static SectorState sectorState(final DirectBuffer page, final long salt, final int sector) {
        return HeaderDescriptor.sectorState(page, sectorOffset(sector), salt);
    }

    /** Reads the region. */
    public static Region region(final DirectBuffer page, final long salt) {
        final int[] sound = new int[(int)STATE_CARRIER + 1];
        int damaged = 0;
        int begun = 0;
        for (int sector = 0; sector < SECTOR_COUNT; sector++) {
            final SectorState state = sectorState(page, salt, sector);
            final long said = page.getLong(sectorOffset(sector), ORDER);
            if (state == SectorState.VALID && said > 0 && said <= STATE_CARRIER) {
                sound[(int)said]++;
            } else if (state == SectorState.CUT_SHORT) {
                begun++;
            } else if (state != SectorState.EMPTY) {
                damaged++;
            }
        }
        if (sound[(int)STATE_STAMPED] > 0) {
            return new Region(State.STAMPED, null);
        }
        final Commit commit = sound[(int)STATE_CARRIER] == 0 ? null : commit(page, salt);
        if (sound[(int)STATE_CARRIER] == SECTOR_COUNT) {
            return new Region(commit == null ? State.DAMAGED : State.CARRIER, commit);
        }
        final State state = damaged > 0 ? State.DAMAGED : commit != null || begun > 0 || sound[(int)STATE_CARRIER] > 0 ?
            State.CUT_SHORT : State.NONE;
        return new Region(state, commit);
    }

    /** The list as far as its sectors are sound from the first on; null if that is not even the counts. */
    private static Commit commit(final DirectBuffer page, final long salt) {
        int known = 0;
        while (known < LONGS && sectorState(page, salt, known / LONGS_PER_SECTOR) == SectorState.VALID) {
            known += LONGS_PER_SECTOR;
        }
        if (known == 0) {
            return null;
        }
        final long counts = longAt(page, 0);
        final int outputs = (int)counts;
        final int inputs = (int)(counts >>> Integer.SIZE);
        final long ranges = longAt(page, 1);
        if (outputs < 0 || outputs > OUTPUTS_MAX || inputs < 0 || inputs > INPUTS_MAX || ranges < 0 ||
            ranges > RANGES_MAX) {
            return null;
        }
        final int inputsAt = COUNT_LONGS + outputs;
        final int rangesAt = inputsAt + inputs;
        final List<Range> found = new ArrayList<>();
        for (int i = rangesAt; known == LONGS && i < rangesAt + 2 * ranges; i += 2) {
            found.add(new Range(longAt(page, i), longAt(page, i + 1)));
        }
        return new Commit(ids(page, COUNT_LONGS, Math.min(known, inputsAt)),
            ids(page, inputsAt, Math.min(known, rangesAt)), found);
    }

    private static List<Long> ids(final DirectBuffer page, final int from, final int to) {
        final List<Long> ids = new ArrayList<>();
        for (int i = from; i < to; i++) {
            ids.add(longAt(page, i));
        }
        return ids;
    }

    private static long longAt(final DirectBuffer page, final int index) {
        return page.getLong(sectorOffset(index / LONGS_PER_SECTOR) +
            (1 + index % LONGS_PER_SECTOR) * BitUtil.SIZE_OF_LONG, ORDER);
    }
}
