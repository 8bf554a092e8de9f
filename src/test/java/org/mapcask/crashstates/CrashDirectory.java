package org.mapcask.crashstates;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The names of one directory: as a process sees them, as they are on the disk, and the changes in between. */
final class CrashDirectory {
    /** A change that is not durable yet. */
    private record Change(String removed, String added, CrashFile file) {
        void apply(final Map<String, CrashFile> names) {
            if (removed != null && names.get(removed) == file) {
                names.remove(removed);
            }
            if (added != null) {
                names.put(added, file);
            }
        }
    }

    private final Map<String, CrashFile> current = new TreeMap<>();
    private final Map<String, CrashFile> durable = new TreeMap<>();
    private final List<Change> changes = new ArrayList<>();

    /** A directory all of which is durable; takes the arrays as its own. */
    CrashDirectory(final Map<String, byte[]> image) {
        image.forEach((name, bytes) -> current.put(name, new CrashFile(bytes)));
        durable.putAll(current);
    }

    CrashFile find(final String name) {
        return current.get(name);
    }

    List<String> names() {
        return List.copyOf(current.keySet());
    }

    void create(final String name, final CrashFile file) {
        change(new Change(null, name, file));
    }

    void rename(final String from, final String to) {
        change(new Change(from, to, current.get(from)));
    }

    void delete(final String name) {
        change(new Change(name, null, current.get(name)));
    }

    private void change(final Change change) {
        change.apply(current);
        changes.add(change);
    }

    void sync() {
        changes.clear();
        durable.clear();
        durable.putAll(current);
    }

    /** Changes that are not durable. */
    int changeCount() {
        return changes.size();
    }

    /** The names on the disk if these changes, by bit, reached it. */
    Map<String, CrashFile> names(final long happened) {
        final Map<String, CrashFile> names = new TreeMap<>(durable);
        for (int i = 0; i < changes.size(); i++) {
            if ((happened >>> i & 1) != 0) {
                changes.get(i).apply(names);
            }
        }
        return names;
    }

    /** Looks for stores to mappings, in every file that may be on the disk. */
    void observe() {
        for (final CrashFile file : files()) {
            file.observe();
        }
    }

    /** Every file that may be on the disk under some name. */
    List<CrashFile> files() {
        final List<CrashFile> files = new ArrayList<>(durable.values());
        for (final Change change : changes) {
            if (!files.contains(change.file())) {
                files.add(change.file());
            }
        }
        return files;
    }

    @Override
    public String toString() {
        return current.keySet() + " unsynced " + changes.stream().map(c -> c.removed() + "->" + c.added()).toList();
    }
}
