package org.mapcask.nativeaccess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.errors.InvalidOptionsException;

/** Which access is chosen, here and in processes where JNA is missing. */
class NativeAccessChoiceTest {
    @TempDir
    Path directory;

    /** Runs in a child: prints the mode twice, so that a second warning would show. */
    public static final class PrintMode {
        private PrintMode() {
        }

        /** Entry point. */
        public static void main(final String[] args) {
            System.out.println(NativeAccess.of(System.getProperty(NativeAccess.PROPERTY, "auto")).isNative());
            System.out.println(NativeAccess.get().mode());
            System.out.println(NativeAccess.get() == NativeAccess.get());
        }
    }

    /** Asks for the instance of the process and prints what comes of it, twice. */
    static final class AskTwice {
        private AskTwice() {
        }

        /** Entry point. */
        public static void main(final String[] args) {
            for (int i = 0; i < 2; i++) {
                try {
                    System.out.println(NativeAccess.get().mode());
                } catch (final Throwable ex) {
                    System.out.println(ex);
                }
            }
        }
    }

    @Test
    @Tag("core")
    void shouldGiveWhatIsAskedFor() {
        assertEquals("jna", NativeAccess.of("jna").mode());
        assertTrue(NativeAccess.of("jna").isNative());
        assertEquals("java: chosen by mapcask.native", NativeAccess.of("java").mode());
        assertFalse(NativeAccess.of("java").isNative());
    }

    @Test
    @Tag("core")
    void shouldRefuseAnUnknownChoice() {
        final String text = assertThrows(InvalidOptionsException.class, () -> NativeAccess.of("fast")).getMessage();
        assertTrue(text.contains("mapcask.native=fast is not allowed; where: system property mapcask.native; "
            + "expected: auto, jna or java; found: fast; what to do: "), text);
    }

    /** Which call is the first is chance: whoever comes later has to learn the same. */
    @Test
    void shouldTellAWrongChoiceEachTimeTheInstanceIsAskedFor() throws Exception {
        final List<String> output = child(AskTwice.class, true, "-Dmapcask.native=fast");
        assertEquals(2, output.size(), output.toString());
        for (final String line : output) {
            assertTrue(line.startsWith(InvalidOptionsException.class.getName() + ": 1 option is not usable: "
                + "mapcask.native=fast is not allowed"), line);
        }
    }

    @Test
    @Tag("core")
    void shouldKnowThePageSizeInBothModes() {
        final int pageSize = NativeAccess.of("java").pageSize();
        assertEquals(1, Integer.bitCount(pageSize));
        assertTrue(pageSize >= 4096, "page size " + pageSize);
        assertEquals(pageSize, NativeAccess.of("jna").pageSize());
    }

    @Test
    @Tag("core")
    void shouldKnowWhereTheFlagsOfOpenDiffer() {
        assertEquals(0x4000, LinuxConstants.directFlag("amd64"));
        assertEquals(0x10000, LinuxConstants.directFlag("aarch64"));
        assertEquals(0x10000, LinuxConstants.directoryFlag("amd64"));
        assertEquals(0x4000, LinuxConstants.directoryFlag("aarch64"));
        assertNull(LinuxConstants.refusal("Linux", "aarch64"));
        assertTrue(LinuxConstants.refusal("Mac OS X", "aarch64").contains("Mac OS X"));
        assertTrue(LinuxConstants.refusal("Linux", "s390x").contains("s390x"));
    }

    @Test
    void shouldFallBackWithOneWarningWhenJnaIsMissing() throws Exception {
        final List<String> output = child(false);
        assertTrue(output.contains("false"), String.valueOf(output));
        assertTrue(output.stream().anyMatch(line -> line.startsWith("java: JNA cannot load: ")), output.toString());
        final long warnings = output.stream().filter(line -> line.contains("works without native access")).count();
        assertEquals(2, warnings, "one for of(), one for get() however often it is asked: " + output);
        assertTrue(output.stream().anyMatch(line -> line.contains("put jna.jar on the class path")),
            output.toString());
    }

    @Test
    void shouldFailWhenJnaIsDemandedButMissing() throws Exception {
        final List<String> output = child(false, "-Dmapcask.native=jna");
        assertTrue(output.stream().anyMatch(line -> line.contains("StoreIoException: native access cannot be used")
            && line.contains("NoClassDefFoundError") || line.contains("ClassNotFoundException")), output.toString());
    }

    @Test
    void shouldFallBackWhenTheLibraryOfJnaCannotBeUnpacked() throws Exception {
        final Path file = Files.createFile(directory.resolve("not-a-directory"));
        final List<String> output = child(true, "-Djna.tmpdir=" + file, "-Djna.nosys=true");
        assertTrue(output.stream().anyMatch(line -> line.startsWith("java: JNA cannot load: ")), output.toString());
    }

    @Test
    void shouldSayNothingWhenJavaIsChosen() throws Exception {
        final List<String> output = child(true, "-Dmapcask.native=java");
        assertEquals(List.of("false", "java: chosen by mapcask.native", "true"), output);
    }

    private static List<String> child(final boolean withJna, final String... options) throws IOException {
        return child(PrintMode.class, withJna, options);
    }

    private static List<String> child(final Class<?> main, final boolean withJna, final String... options)
        throws IOException {
        final String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> withJna || !Path.of(entry).getFileName().toString().startsWith("jna-"))
            .map(entry -> Path.of(entry).toAbsolutePath().toString())
            .collect(Collectors.joining(File.pathSeparator));
        final List<String> command = new ArrayList<>(List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED", "--enable-native-access=ALL-UNNAMED",
            "-cp", classPath));
        command.addAll(List.of(options));
        command.add(main.getName());
        final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return output.lines().collect(Collectors.toList());
    }
}
