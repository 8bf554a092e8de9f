package org.mapcask;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mapcask.errors.InvalidArgumentException;
import org.mapcask.errors.InvalidOptionsException;
import org.mapcask.errors.StoreIoException;
import org.mapcask.io.SyncMethod;
import org.mapcask.recovery.ProgressListener;

class MapcaskOptionsTest {
    @TempDir
    private Path directory;

    @Test
    void shouldHaveTheDocumentedDefaults() {
        final MapcaskOptions options = MapcaskOptions.defaults();

        assertEquals(64 << 20, options.segmentLength());
        assertTrue(options.readVerify());
        assertFalse(options.readOnly());
        assertFalse(options.salvageReadOnly());
        assertTrue(options.createIfMissing());
        assertEquals(8 << 20, options.prefaultWindow());
        assertSame(SealedRead.MAPPED, options.sealedRead());
        assertEquals(1000, options.mappedSegmentsMax());
        assertNull(options.recoveryProgress());
        assertEquals(1 << 20, options.syncBytes());
        assertEquals(1000, options.syncIntervalMs());
        assertFalse(options.syncEveryWrite());
        assertTrue(options.wal());
        assertEquals(64L << 20, options.walLength());
        assertSame(SyncMethod.MSYNC, options.syncMethod());
        assertSame(SegmentFill.AUTO, options.segmentFill());
        assertEquals(8 << 20, options.writebackStep());
        assertTrue(options.hugeSegments());
    }

    @Test
    void shouldKeepWhatTheSettersSet() {
        final ProgressListener listener = (phase, done, total) -> { };
        final MapcaskOptions options = MapcaskOptions.builder().segmentLength(1 << 20).readVerify(false).readOnly(true)
            .prefaultWindow(0).sealedRead(SealedRead.PREAD).mappedSegmentsMax(7).recoveryProgress(listener).build();

        assertEquals(1 << 20, options.segmentLength());
        assertFalse(options.readVerify());
        assertTrue(options.readOnly());
        assertEquals(0, options.prefaultWindow());
        assertSame(SealedRead.PREAD, options.sealedRead());
        assertEquals(7, options.mappedSegmentsMax());
        assertSame(listener, options.recoveryProgress());
        final MapcaskOptions durable = MapcaskOptions.builder().syncBytes(5).syncIntervalMs(6).syncEveryWrite(true)
            .wal(false).walLength(4L << 30).syncMethod(SyncMethod.FORCE).segmentFill(SegmentFill.ZERO)
            .writebackStep(8192).hugeSegments(false).build();
        assertEquals(5, durable.syncBytes());
        assertEquals(6, durable.syncIntervalMs());
        assertTrue(durable.syncEveryWrite());
        assertFalse(durable.wal());
        assertEquals(4L << 30, durable.walLength());
        assertSame(SyncMethod.FORCE, durable.syncMethod());
        assertSame(SegmentFill.ZERO, durable.segmentFill());
        assertEquals(8192, durable.writebackStep());
        assertFalse(durable.hugeSegments());
        assertTrue(MapcaskOptions.builder().salvageReadOnly(true).build().salvageReadOnly());
        assertFalse(MapcaskOptions.builder().createIfMissing(false).build().createIfMissing());
    }

    @Test
    void shouldFitDefaultsThatDependOnOtherOptions() {
        assertEquals(8192, MapcaskOptions.builder().segmentLength(8192).build().prefaultWindow());
        assertFalse(MapcaskOptions.builder().readOnly(true).build().createIfMissing());
    }

    @ParameterizedTest
    @CsvSource({"65536,65536", "64k,65536", "64K,65536", "64KiB,65536", "64 kib,65536", "8MiB,8388608", "64m,67108864",
        "1g,1073741824", "1GiB,1073741824", "' 8192 ',8192"})
    void shouldReadSizesWithAndWithoutSuffix(final String text, final int bytes) throws IOException {
        assertEquals(bytes, MapcaskOptions.load(file("segmentLength=" + text)).segmentLength());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "m", "-1", "-8192", "64MB", "64mm", "1.5g", "0x10000", "10000", "8191", "4096", "4KiB",
        "1073745920", "2g", "99999999999999999999", "9999999999g", "sixty"})
    void shouldRefuseAnyOtherSegmentLength(final String text) throws IOException {
        final Path file = file("segmentLength=" + text);
        final InvalidOptionsException e =
            assertThrows(InvalidOptionsException.class, () -> MapcaskOptions.load(file));

        assertEquals(1, e.faults().size(), e.getMessage());
        assertContains(e.faults().get(0), "segmentLength=" + text, file.toString(),
            "8KiB to 1GiB, a multiple of 4096", "64MiB");
    }

    @ParameterizedTest
    @CsvSource({"segmentLength,8KiB,1GiB", "prefaultWindow,0,64MiB", "mappedSegmentsMax,1,30000",
        "sealedRead,mapped,PREAD", "readVerify,true,FALSE", "wal,true,false", "walLength,64KiB,4GiB",
        "syncMethod,msync,FORCE", "segmentFill,auto,ZERO", "writebackStep,0,1GiB",
        "hugeSegments,true,FALSE"})
    void shouldTakeBothEndsOfEachRange(final String name, final String first, final String last) throws IOException {
        final Properties low = MapcaskOptions.load(file(name + "=" + first)).toProperties();
        final Properties high = MapcaskOptions.load(file(name + "=" + last)).toProperties();

        assertEquals(first, low.getProperty(name));
        assertTrue(last.equalsIgnoreCase(high.getProperty(name)), high.getProperty(name));
    }

    @Test
    void shouldRefuseARingThatDoesNotFallIntoFilesOfWholePages() throws IOException {
        for (final String length : List.of("32k", "65k", "5g", "-1")) {
            final Path file = file("walLength=" + length);
            assertContains(assertThrows(InvalidOptionsException.class, () -> MapcaskOptions.load(file)).getMessage(),
                "walLength=" + length, "64KiB to 4GiB, a multiple of 16384");
        }
    }

    @Test
    void shouldTellAllFaultsTogetherEachWithNameValueAndAllowedRange() {
        final InvalidOptionsException e = assertThrows(InvalidOptionsException.class, () -> MapcaskOptions.builder()
            .segmentLength(5000).prefaultWindow(-1).mappedSegmentsMax(30_001).sealedRead(null).build());

        assertEquals(4, e.faults().size(), e.getMessage());
        assertContains(e.getMessage(), "segmentLength=5000", "8KiB to 1GiB", "prefaultWindow=-1", "0 to 1GiB",
            "mappedSegmentsMax=30001", "1 to 30000", "sealedRead=null", "mapped or pread");
        for (final String fault : e.faults()) {
            assertContains(fault, "; where: builder", "; expected: ", "; found: ", "; what to do: ");
        }
    }

    @Test
    void shouldTellFaultsOfAllPlacesTogether() throws IOException {
        final MapcaskOptions.Builder builder = MapcaskOptions.builder().segmentLength(1)
            .file(file("readVerify=maybe", "prefaultWindos=1m"))
            .systemProperties(properties("mapcask.mappedSegmentsMax", "many"));
        final InvalidOptionsException e = assertThrows(InvalidOptionsException.class, builder::build);

        assertEquals(4, e.faults().size(), e.getMessage());
        assertContains(e.getMessage(), "segmentLength=1", "readVerify=maybe", "true or false", "prefaultWindos=1m",
            "mappedSegmentsMax=many", "system property mapcask.mappedSegmentsMax");
    }

    @Test
    void shouldCheckOptionsAgainstEachOther() {
        final InvalidOptionsException e = assertThrows(InvalidOptionsException.class, () -> MapcaskOptions.builder()
            .segmentLength(1 << 20).prefaultWindow(2 << 20).readOnly(true).createIfMissing(true)
            .salvageReadOnly(true).readVerify(false).build());

        assertEquals(3, e.faults().size(), e.getMessage());
        assertContains(e.getMessage(), "prefaultWindow=2MiB", "segmentLength=1MiB", "createIfMissing=true",
            "readOnly=true", "readVerify=false", "salvageReadOnly=true");
    }

    @Test
    void shouldCompareTheWindowWithTheDefaultSegmentLengthToo() {
        final MapcaskOptions.Builder builder = MapcaskOptions.builder().prefaultWindow(65L << 20);

        assertContains(assertThrows(InvalidOptionsException.class, builder::build).getMessage(),
            "prefaultWindow=65MiB", "segmentLength=64MiB");
    }

    @ParameterizedTest
    @CsvSource({"segmentlength,segmentLength", "segment.length,segmentLength", "verify,readVerify",
        "mappedSegments,mappedSegmentsMax", "mapcask.readOnly,readOnly"})
    void shouldNameTheNearestOptionForAnUnknownKeyOfAFile(final String key, final String nearest) throws IOException {
        final Path file = file(key + "=true");
        final InvalidOptionsException e =
            assertThrows(InvalidOptionsException.class, () -> MapcaskOptions.load(file));

        assertContains(e.getMessage(), key + "=true is not an option", file.toString(), "the nearest, " + nearest);
    }

    @Test
    void shouldNameNoOptionForANameThatIsNearNone() {
        final MapcaskOptions.Builder builder = MapcaskOptions.builder().override("foo", "1").override("wall", "true");
        final InvalidOptionsException e = assertThrows(InvalidOptionsException.class, builder::build);

        assertFalse(e.faults().get(0).contains("nearest"), e.faults().get(0));
        assertContains(e.faults().get(1), "wall=true is not an option", "the nearest, wal");
    }

    @Test
    void shouldPassOverForeignSystemPropertiesButNotMistypedOnes() {
        final Properties foreign = properties("mapcask.native", "java");
        foreign.setProperty("segmentLength", "1");
        foreign.setProperty("mapcask.bench.label", "x");
        final MapcaskOptions.Builder mistyped =
            MapcaskOptions.builder().systemProperties(properties("mapcask.readonyl", "true"));

        assertEquals(MapcaskOptions.defaults(), MapcaskOptions.builder().systemProperties(foreign).build());
        assertContains(assertThrows(InvalidOptionsException.class, mistyped::build).getMessage(),
            "mapcask.readonyl=true", "readOnly");
    }

    @Test
    void shouldLetTheFileWinOverTheBuilderAndSystemPropertiesOverBothInAnyOrderOfCalls() throws IOException {
        final Path file = file("segmentLength=2m", "mappedSegmentsMax=20");
        final Properties system = properties("mapcask.segmentLength", "3m");
        final MapcaskOptions forwards = MapcaskOptions.builder()
            .segmentLength(1 << 20).mappedSegmentsMax(10).prefaultWindow(0)
            .file(file).systemProperties(system).build();
        final MapcaskOptions backwards = MapcaskOptions.builder()
            .systemProperties(system).file(file)
            .prefaultWindow(0).mappedSegmentsMax(10).segmentLength(1 << 20).build();

        assertEquals(3 << 20, forwards.segmentLength());
        assertEquals(20, forwards.mappedSegmentsMax());
        assertEquals(0, forwards.prefaultWindow());
        assertEquals(forwards, backwards);
    }

    @Test
    void shouldLetAnOverrideByNameWinOverEverything() throws IOException {
        final MapcaskOptions.Builder builder = MapcaskOptions.builder().override("mappedSegmentsMax", " 40 ")
            .systemProperties(properties("mapcask.mappedSegmentsMax", "30")).file(file("mappedSegmentsMax=20"))
            .mappedSegmentsMax(10);

        assertEquals(40, builder.build().mappedSegmentsMax());
        builder.override("mappedSegmentMax", "1").override("readOnly", "yes").override("sealedRead", null)
            .override(null, "1");
        final InvalidOptionsException e = assertThrows(InvalidOptionsException.class, builder::build);
        assertEquals(4, e.faults().size(), e.getMessage());
        assertContains(e.getMessage(), "null=1 is not an option", "the nearest, mappedSegmentsMax", "readOnly=yes",
            "sealedRead=null");
    }

    @Test
    void shouldReadTheSystemPropertiesOfTheProcess() {
        final String name = "mapcask.mappedSegmentsMax";
        final String before = System.getProperty(name);
        System.setProperty(name, "17");
        try {
            assertEquals(17, MapcaskOptions.fromSystemProperties().mappedSegmentsMax());
            assertEquals(1000, MapcaskOptions.defaults().mappedSegmentsMax());
        } finally {
            if (before == null) {
                System.clearProperty(name);
            } else {
                System.setProperty(name, before);
            }
        }
    }

    @Test
    void shouldComeBackEqualFromItsOwnDump() throws IOException {
        final MapcaskOptions options = MapcaskOptions.builder().segmentLength(12288).prefaultWindow(5001).readOnly(true)
            .salvageReadOnly(true).sealedRead(SealedRead.PREAD).mappedSegmentsMax(30_000).build();
        final Path stored = directory.resolve("stored.properties");
        try (Writer writer = Files.newBufferedWriter(stored)) {
            options.toProperties().store(writer, null);
        }
        final MapcaskOptions fromText = MapcaskOptions.load(file(options.toString()));

        assertEquals(options, MapcaskOptions.load(stored));
        assertEquals(options, fromText);
        assertEquals(options.hashCode(), fromText.hashCode());
        assertEquals(options.toString(), fromText.toString());
        assertNotEquals(options, MapcaskOptions.defaults());
    }

    @Test
    void shouldListEveryOptionOnceInDumpAndHelp() {
        final List<String> names = List.of("segmentLength", "readVerify", "readOnly", "salvageReadOnly",
            "createIfMissing", "prefaultWindow", "sealedRead", "mappedSegmentsMax", "keydirMemory", "checkpointBytes",
            "checkpointIntervalMs", "hintBytes", "syncBytes",
            "syncIntervalMs", "syncEveryWrite", "wal", "walLength", "syncMethod", "segmentFill", "writebackStep",
            "hugeSegments",
            "mergeIntervalMs", "mergeMinSegments", "mergeDeadBytes", "mergeFragmentation", "mergeSegmentDead",
            "mergeRunBytes", "mergeRate");

        assertEquals(names, MapcaskOptions.defaults().toString().lines().map(l -> l.split("=")[0]).toList());
        assertEquals(names, MapcaskOptions.help().lines().map(l -> l.split(" ")[0]).toList());
        assertEquals(names.size(), MapcaskOptions.defaults().toProperties().size());
    }

    @Test
    void shouldTellOfAFileThatCannotBeRead() throws IOException {
        final Path missing = directory.resolve("missing.properties");
        final Path badEscape = file("segmentLength=\\u00zz");

        assertContains(assertThrows(StoreIoException.class, () -> MapcaskOptions.load(missing)).getMessage(),
            missing.toString());
        assertContains(assertThrows(StoreIoException.class, () -> MapcaskOptions.load(badEscape)).getMessage(),
            badEscape.toString());
        assertThrows(InvalidArgumentException.class, () -> MapcaskOptions.load(null));
    }

    @Test
    void shouldKeepMadeOptionsWhenTheirBuilderGoesOn() {
        final MapcaskOptions.Builder builder = MapcaskOptions.builder().mappedSegmentsMax(5);
        final MapcaskOptions first = builder.build();

        assertEquals(6, builder.mappedSegmentsMax(6).build().mappedSegmentsMax());
        assertEquals(5, first.mappedSegmentsMax());
    }

    private Path file(final String... lines) throws IOException {
        return Files.write(Files.createTempFile(directory, "options", ".properties"), List.of(lines));
    }

    private static Properties properties(final String name, final String value) {
        final Properties properties = new Properties();
        properties.setProperty(name, value);
        return properties;
    }

    private static void assertContains(final String text, final String... parts) {
        for (final String part : parts) {
            assertTrue(text.contains(part), () -> "no '" + part + "' in: " + text);
        }
    }
}
