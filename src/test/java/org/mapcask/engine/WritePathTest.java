package org.mapcask.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.support.OpenMappingsExtension;

@ExtendWith(OpenMappingsExtension.class)
class WritePathTest {
    @TempDir
    private Path directory;

    /**
     * The story: a merge moved entries, with sealed segments read from their files. A page of the keydir came into
     * memory for it, and what waited there was compared with a record in a segment whose mapping another thread took
     * away just then: nothing told that thread to wait. The store was latched; without bounds checks the JVM had ended.
     */
    @Test
    void shouldKeepMappingsForWhateverIsDoneUnderTheWriteLock() throws Exception {
        try (EngineRig rig = new EngineRig(directory, true, 1000, 0)) {
            final WritePath path = (WritePath)EngineLocks.value(rig.engine.merging(), "writePath");
            final ContextPool contexts = (ContextPool)EngineLocks.value(rig.engine.merging(), "contexts");
            final ReadContext own = another(contexts);
            final List<Boolean> kept = new ArrayList<>();
            final Runnable look = () -> kept.add(another(contexts) != own);
            path.runLocked(look);
            path.runUndisturbed(look);
            path.undisturbed(() -> {
                look.run();
                return null;
            });
            rig.put("key", 10);
            path.rollAndAsk(() -> {
                look.run();
                return null;
            });
            assertEquals(List.of(true, true, true, true), kept);
            assertSame(own, another(contexts));
        }
    }

    /** The context that this thread gets next: always the same one, unless it is in that one already. */
    private static ReadContext another(final ContextPool contexts) {
        final ReadContext context = contexts.enter();
        context.exit();
        return context;
    }
}
