package org.mapcask.crashstates;

/**
 * Whether a store of a script makes checkpoints, and how little memory its keydir has.
 *
 * @param frames  pages that fit into memory; 0 for a store without checkpoints, whose keydir is all in memory.
 * @param changes that may wait for a page.
 * @param eager   whether a checkpoint is made whenever there is time for it; otherwise by a step alone.
 */
public record Paging(int frames, int changes, boolean eager) {
    /** No checkpoints. */
    public static final Paging NONE = new Paging(0, 0, false);

    /** Pages over which the few keys of a script are spread: more than there are frames. */
    public static final int PAGES = 6;

    private static final int ENOUGH_FRAMES = 16;
    private static final int FEW_FRAMES = 4;
    private static final int CHANGE_LENGTH = 24;

    /** One kind after the other. */
    public static Paging numbered(final int number) {
        switch (number % 4) {
            case 0:
                return new Paging(FEW_FRAMES, 100, false);
            case 1:
                return new Paging(FEW_FRAMES, 2, true);
            case 2:
                return new Paging(ENOUGH_FRAMES, 100, true);
            default:
                return new Paging(FEW_FRAMES, 0, false);
        }
    }

    public boolean hasCheckpoints() {
        return frames > 0;
    }

    /**
     * The budget of which half of nine tenths lets so many changes wait; too little for more than the first chunk of
     * memory.
     */
    public long budget() {
        return ((long)changes * CHANGE_LENGTH * 2 * 10 + 8) / 9;
    }
}
