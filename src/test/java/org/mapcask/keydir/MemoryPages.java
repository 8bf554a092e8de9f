package org.mapcask.keydir;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.errors.CorruptionException;
import org.mapcask.errors.StorageSpaceException;

/** Slots in memory. One that was given back is dealt out again at once, and holds another page then. */
final class MemoryPages implements PageStore {
    private final Map<Integer, byte[]> slots = new ConcurrentHashMap<>();
    private final Deque<Integer> free = new ArrayDeque<>();
    private final BitSet kept = new BitSet();
    private final BitSet dealt = new BitSet();
    private int made;
    private volatile int writesLeft = Integer.MAX_VALUE;
    private int slotsLeft = Integer.MAX_VALUE;

    /** Another store with the same pages; those that were to be kept have an owner there. */
    MemoryPages copy() {
        final MemoryPages copy = new MemoryPages();
        copy.slots.putAll(slots);
        copy.dealt.or(kept);
        copy.made = made;
        return copy;
    }

    /** So many writes still succeed. */
    void failAfter(final int writes) {
        writesLeft = writes;
    }

    /** So many slots can still be had. */
    void refuseAfter(final int slots) {
        slotsLeft = slots;
    }

    /** Forgets which slots a walk wanted kept. */
    void forgetKept() {
        kept.clear();
    }

    /** Slots that somebody has. */
    int dealt() {
        return dealt.cardinality();
    }

    @Override
    public void read(final int slot, final PageBuffer into) {
        final byte[] page = slots.get(slot);
        if (page == null) {
            throw new CorruptionException("pages", slot, "nothing was written to slot " + slot);
        }
        into.words().putBytes(0, page);
    }

    @Override
    public void prefetch(final int firstSlot, final int count) {
    }

    @Override
    public boolean isWritable() {
        return true;
    }

    @Override
    public int allocate() {
        if (slotsLeft-- <= 0) {
            throw new StorageSpaceException("no slot (injected)");
        }
        Integer slot = free.poll();
        while (slot != null && kept.get(slot)) {
            slot = free.poll();
        }
        final int given = slot == null ? made++ : slot;
        if (dealt.get(given)) {
            throw new AssertionError("slot " + given + " has an owner");
        }
        dealt.set(given);
        return given;
    }

    @Override
    public void free(final int slot) {
        if (!dealt.get(slot)) {
            throw new AssertionError("slot " + slot + " was given back twice");
        }
        dealt.clear(slot);
        free.push(slot);
    }

    @Override
    public void keep(final int slot) {
        kept.set(slot);
    }

    @Override
    public void write(final int firstSlot, final ByteBuffer pages) {
        final UnsafeBuffer words = new UnsafeBuffer(pages);
        for (int i = 0; i < pages.remaining() / KeydirPage.LENGTH; i++) {
            if (writesLeft-- <= 0) {
                throw new StorageSpaceException("no room (injected)");
            }
            final byte[] page = new byte[KeydirPage.LENGTH];
            words.getBytes(pages.position() + i * KeydirPage.LENGTH, page);
            slots.put(firstSlot + i, page);
        }
    }
}
