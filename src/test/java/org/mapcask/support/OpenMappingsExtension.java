package org.mapcask.support;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.mapcask.io.SystemFileOps;
import org.mapcask.nativeaccess.MemoryBlock;

/**
 * Fails a test that leaves a file mapped or a block of off-heap memory behind: {@code
 * @ExtendWith(OpenMappingsExtension.class)}. It looks after the {@code @AfterEach} methods have run. For tests that run
 * one after the other.
 */
public final class OpenMappingsExtension implements BeforeEachCallback, AfterEachCallback {
    private static final ExtensionContext.Namespace NAMESPACE =
        ExtensionContext.Namespace.create(OpenMappingsExtension.class);

    @Override
    public void beforeEach(final ExtensionContext context) {
        final ExtensionContext.Store store = context.getStore(NAMESPACE);
        store.put("mappings", SystemFileOps.liveMappings());
        store.put("blocks", MemoryBlock.liveBlocks());
    }

    @Override
    public void afterEach(final ExtensionContext context) {
        final ExtensionContext.Store store = context.getStore(NAMESPACE);
        assertEquals(store.get("mappings"), SystemFileOps.liveMappings(), "mapped files left behind by the test");
        assertEquals(store.get("blocks"), MemoryBlock.liveBlocks(), "off-heap memory left behind by the test");
    }
}
