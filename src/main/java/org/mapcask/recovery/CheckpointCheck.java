package org.mapcask.recovery;

import java.nio.file.Path;
import org.mapcask.checkpoint.Checkpoint;
import org.mapcask.checkpoint.CheckpointFileNames;
import org.mapcask.checkpoint.CheckpointStore;
import org.mapcask.checkpoint.PageFile;
import org.mapcask.errors.CorruptionException;
import org.mapcask.errors.FormatVersionException;
import org.mapcask.keydir.PageBuffer;

/**
 * Checks the newest checkpoint and every page to which it leads. Damage in them costs no record: the log has all of
 * them. Static and stateless.
 */
final class CheckpointCheck {
    private CheckpointCheck() {
    }

    static void run(final RecoverySettings settings, final LogContents contents) {
        final CheckpointStore store = new CheckpointStore(settings.files(), settings.directory());
        final Checkpoint checkpoint;
        try {
            checkpoint = store.newest(contents.identity);
        } catch (final CorruptionException ex) {
            add(contents, Damage.Kind.CHECKPOINT, ex);
            return;
        } catch (final FormatVersionException ex) {
            contents.notes.add("checkpoint not checked: " + ex.getMessage());
            return;
        }
        if (checkpoint != null) {
            checkPages(settings, contents, store, checkpoint);
        }
    }

    private static void checkPages(
        final RecoverySettings settings, final LogContents contents, final CheckpointStore store,
        final Checkpoint checkpoint) {
        final String name = CheckpointFileNames.pages(checkpoint.pagesNumber());
        if (!settings.files().list(settings.directory()).contains(name)) {
            // A power cut may take the name of a file that nobody had made durable; that is no damage.
            contents.notes.add(name + " is missing: the next open reads the log instead of checkpoint "
                + checkpoint.number());
            return;
        }
        try (PageFile pages = store.open(contents.identity, checkpoint, false)) {
            contents.fileBytes += pages.length();
            final PageBuffer page = new PageBuffer();
            for (int i = 0; i < checkpoint.pages(); i++) {
                try {
                    pages.read(checkpoint.slots()[i], page);
                } catch (final CorruptionException ex) {
                    add(contents, Damage.Kind.INDEX_PAGE, ex);
                }
            }
        } catch (final CorruptionException ex) {
            add(contents, Damage.Kind.INDEX_PAGE, ex);
        }
    }

    private static void add(final LogContents contents, final Damage.Kind kind, final CorruptionException failure) {
        contents.damages.add(new Damage(failure.file(), failure.offset(), kind, 0, 0, failure.getMessage()));
    }
}
