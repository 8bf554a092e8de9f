package org.mapcask.crashstates;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.mapcask.support.Payload;

/** Builds what may be on the disk if the power is cut now. */
final class StateBuilder {
    /** Chooses what is on the disk for one page that is not durable. */
    interface PageChoice {
        /**
         * The page.
         *
         * @param index    counts the pages that are not durable.
         * @param versions oldest first.
         * @param file     that it is in.
         */
        PageVersion choose(int index, List<PageVersion> versions, CrashFile file);
    }

    /** Receives states. */
    interface Sink {
        /** Whether to build a state that this number tells from any other. */
        default boolean wants(final long print) {
            return true;
        }

        /** One state; the arrays are fresh. */
        void accept(Map<String, byte[]> image, String description);
    }

    private final CrashDirectory directory;
    private final Random random;
    private final boolean wordTears;
    private final long allNames;
    private final int dirtyPages;

    /** Looks at the directory now; it must not change before the last state was built. */
    StateBuilder(final CrashDirectory directory, final Random random, final boolean wordTears) {
        this.directory = directory;
        this.random = random;
        this.wordTears = wordTears;
        if (directory.changeCount() > 60) {
            throw new IllegalStateException("too many changes of names without a sync: " + directory.changeCount());
        }
        this.allNames = (1L << directory.changeCount()) - 1;
        int dirty = 0;
        for (final CrashFile file : directory.files()) {
            for (int page = 0; page < file.pageCount(); page++) {
                dirty += file.versions(page).size() > 1 ? 1 : 0;
            }
        }
        this.dirtyPages = dirty;
    }

    /** Nothing and everything that is not durable. */
    void extremes(final Sink sink) {
        build(allNames, latest(), Integer.MAX_VALUE, sink, "everything");
        build(0, oldest(), 0, sink, "nothing");
        build(allNames, oldest(), 0, sink, "all names, no pages");
        build(0, latest(), Integer.MAX_VALUE, sink, "no names, all pages");
    }

    /** Each page and each change of a name alone, and each of them missing alone. */
    void singles(final Sink sink) {
        for (int i = 0; i < dirtyPages; i++) {
            final int one = i;
            build(allNames, (index, versions, file) -> versions.get(index == one ? versions.size() - 1 : 0),
                Integer.MAX_VALUE, sink, "page " + i + " alone");
            build(allNames, (index, versions, file) -> versions.get(index == one ? 0 : versions.size() - 1),
                Integer.MAX_VALUE, sink, "page " + i + " missing");
        }
        for (int i = 0; i < directory.changeCount(); i++) {
            build(1L << i, latest(), Integer.MAX_VALUE, sink, "change of name " + i + " alone");
            build(allNames & ~(1L << i), latest(), Integer.MAX_VALUE, sink, "change of name " + i + " missing");
        }
    }

    /** Any. */
    void random(final int count, final Sink sink) {
        if (dirtyPages == 0 && allNames == 0) {
            return;
        }
        for (int i = 0; i < count; i++) {
            final int quarters = random.nextInt(5);
            final boolean torn = random.nextBoolean();
            build(someNames(), (index, versions, file) -> torn ?
                tornPage(versions, quarters, wordTears && !file.isStoredAtOnce()) :
                somePage(versions, quarters), random.nextInt(1 << 14), sink, "random " + i + (torn ? ", torn" : ""));
        }
    }

    private long someNames() {
        switch (random.nextInt(4)) {
            case 0:
                return 0;
            case 1:
                return allNames;
            case 2:
                return (1L << random.nextInt(directory.changeCount() + 1)) - 1;
            default:
                return random.nextLong() & allNames;
        }
    }

    private static PageChoice latest() {
        return (index, versions, file) -> versions.get(versions.size() - 1);
    }

    private static PageChoice oldest() {
        return (index, versions, file) -> versions.get(0);
    }

    private int someVersion(final int count, final int quarters) {
        if (random.nextInt(4) == 0) {
            return random.nextInt(count);
        }
        return random.nextInt(4) < quarters ? count - 1 : 0;
    }

    private PageVersion somePage(final List<PageVersion> versions, final int quarters) {
        return versions.get(someVersion(versions.size(), quarters));
    }

    private PageVersion tornPage(
        final List<PageVersion> versions, final int quarters, final boolean tearWords) {
        final byte[] page = new byte[CrashFile.PAGE_LENGTH];
        for (int sector = 0; sector < CrashFile.SECTORS; sector++) {
            final int at = sector * CrashFile.SECTOR_LENGTH;
            final int version = someVersion(versions.size(), quarters);
            System.arraycopy(versions.get(version).bytes(), at, page, at, CrashFile.SECTOR_LENGTH);
            if (tearWords && version > 0 && random.nextInt(4) == 0) {
                tearWords(page, at, versions.get(version - 1).bytes());
            }
        }
        return PageVersion.of(page);
    }

    /** The page was written back while it was stored to: some words are of the version before. */
    private void tearWords(final byte[] page, final int at, final byte[] before) {
        for (int word = at; word < at + CrashFile.SECTOR_LENGTH; word += Integer.BYTES) {
            if (random.nextBoolean()) {
                System.arraycopy(before, word, page, word, Integer.BYTES);
            }
        }
    }

    private void build(
        final long names, final PageChoice choice, final int lengthSeed, final Sink sink, final String description) {
        final Map<CrashFile, Chosen> contents = new IdentityHashMap<>();
        int dirty = 0;
        for (final CrashFile file : directory.files()) {
            final PageVersion[] pages = new PageVersion[file.pageCount()];
            for (int page = 0; page < pages.length; page++) {
                final List<PageVersion> versions = file.versions(page);
                pages[page] = versions.size() == 1 ? versions.get(0) : choice.choose(dirty++, versions, file);
            }
            contents.put(file, new Chosen(pages, length(file, lengthSeed)));
        }
        final Map<String, CrashFile> found = directory.names(names);
        long print = 0;
        for (final Map.Entry<String, CrashFile> entry : found.entrySet()) {
            print = Payload.mix(print + entry.getKey().hashCode());
            print = contents.get(entry.getValue()).addTo(print);
        }
        if (sink.wants(print)) {
            final Map<String, byte[]> image = new TreeMap<>();
            found.forEach((name, file) -> image.put(name, contents.get(file).bytes()));
            sink.accept(image,
                description + ", names " + Long.toBinaryString(names) + " of " + directory.changeCount());
        }
    }

    /** What is on the disk of one file. */
    private record Chosen(PageVersion[] pages, int length) {
        long addTo(final long print) {
            long sum = Payload.mix(print + length);
            for (int page = 0; page * CrashFile.PAGE_LENGTH < length; page++) {
                sum = Payload.mix(sum + pages[page].print());
            }
            return sum;
        }

        byte[] bytes() {
            final byte[] bytes = new byte[length];
            for (int from = 0; from < length; from += CrashFile.PAGE_LENGTH) {
                System.arraycopy(pages[from / CrashFile.PAGE_LENGTH].bytes(), 0, bytes, from,
                    Math.min(CrashFile.PAGE_LENGTH, length - from));
            }
            return bytes;
        }
    }

    private static int length(final CrashFile file, final int lengthSeed) {
        final int free = file.length() - file.durableLength();
        return lengthSeed == Integer.MAX_VALUE || free == 0 ? file.length() :
            file.durableLength() + Math.min(free, lengthSeed);
    }
}
