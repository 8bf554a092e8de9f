package org.mapcask;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** Holds the order of the house: which package may know which, what lies at the top, and how sources look. */
class HouseTest {
    private static final Path TOP = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    private static final Path MAIN = TOP.resolve("src/main/java");

    /** The root package, which stands alone between the command line and the engine. */
    private static final String ROOT = "";

    /** Packages below org.mapcask, from the top down. Each may import from rows below its own, and from itself. */
    private static final List<List<String>> ROWS = List.of(
        List.of("cli"),
        List.of("lab"),
        List.of(ROOT, "view"),
        List.of("engine", "recovery", "merge"),
        List.of("checkpoint"),
        List.of("keydir", "wal", "segment", "sync"),
        List.of("io"),
        List.of("nativeaccess", "format", "dict"),
        List.of("errors"));

    /** The only rows that may import the root package. */
    private static final Set<String> MAY_KNOW_ROOT = Set.of("cli", "lab");

    /** What nothing of src/main may name, by the start of the full name. */
    private static final List<String> NEVER = List.of(
        "org.mapcask.bench", "org.openjdk.jmh", "org.junit", "sun.", "jdk.internal", "java.lang.foreign",
        "org.agrona.UnsafeAccess", "org.agrona.UnsafeApi");

    /** Libraries that one package keeps to itself: start of the full name, package. */
    private static final Map<String, String> ONLY_IN = Map.of("picocli.", "cli", "com.sun.jna", "nativeaccess");

    private static final Set<String> TOP_LEVEL =
        new TreeSet<>(Set.of("pom.xml", "src", "native-notes", "bench", "results", "README.md"));

    private static final int FILE_LINES_MAX = 450;
    private static final int METHOD_LINES_MAX = 70;
    private static final int COLUMNS_MAX = 120;

    /** Put together at run time, so that this file does not hold them. */
    private static final Pattern LEFT_OPEN = Pattern.compile("\\b(TO" + "DO|FIX" + "ME)\\b");

    private static final Pattern MAPCASK_NAME = Pattern.compile("org\\.mapcask((?:\\.[a-z]\\w*)*)(?:\\.[A-Z*].*)?");

    /** A name of a type written in full, with its package. */
    private static final Pattern TYPE_NAME = Pattern.compile("(?:[a-z]\\w*\\.)+[A-Z]\\w*");

    /** What several tests read, parsed by the first of them. */
    private static final class Sources {
        private static final List<CompilationUnitTree> UNITS = parse(javaFiles(MAIN));
    }

    @Test
    void shouldImportOnlyFromLayersBelow() {
        final List<String> faults = new ArrayList<>();
        forEachNameIn(Sources.UNITS, (unit, name) -> {
            final Matcher matcher = MAPCASK_NAME.matcher(name);
            if (matcher.matches()) {
                final String from = layer(packageOf(unit));
                final String to = layer("org.mapcask" + matcher.group(1));
                if (!mayKnow(from, to)) {
                    faults.add(shown(unit) + ": '" + from + "' may not know '" + to + "': " + name);
                }
            }
        });
        assertNone("layers, see org.mapcask's package-info", faults);
    }

    @Test
    void shouldPlaceEveryPackageInARow() {
        final List<String> faults = new ArrayList<>();
        for (final CompilationUnitTree unit : Sources.UNITS) {
            if (row(layer(packageOf(unit))) < 0) {
                faults.add(shown(unit) + ": no row for " + packageOf(unit));
            }
        }
        assertNone("packages without a row in HouseTest.ROWS", faults);
    }

    @Test
    void shouldJudgeLayersAsTheDesignDoes() {
        assertTrue(mayKnow("cli", ROOT) && mayKnow("engine", "errors") && mayKnow("segment", "io"));
        assertTrue(mayKnow("io", "format") && mayKnow("io", "io") && mayKnow(ROOT, "recovery"));
        assertTrue(mayKnow("cli", "lab") && mayKnow("lab", ROOT) && mayKnow("lab", "dict"));
        assertFalse(mayKnow(ROOT, "lab") || mayKnow("lab", "cli") || mayKnow("dict", ROOT));
        assertFalse(mayKnow("engine", "recovery") || mayKnow("segment", "keydir") || mayKnow("format", "nativeaccess"));
        assertFalse(mayKnow("errors", "format") || mayKnow("engine", ROOT) || mayKnow("view", ROOT));
        assertFalse(mayKnow("io", "nowhere") || mayKnow("nowhere", "errors"));
        assertEquals("cli", layer("org.mapcask.cli.anything"));
        assertEquals(ROOT, layer("org.mapcask"));
    }

    @Test
    void shouldKeepForeignLibrariesWhereTheyBelong() {
        final List<String> faults = new ArrayList<>();
        forEachNameIn(Sources.UNITS, (unit, name) -> {
            if (NEVER.stream().anyMatch(name::startsWith)) {
                faults.add(shown(unit) + ": never " + name);
            }
            ONLY_IN.forEach((start, owner) -> {
                if (name.startsWith(start) && !layer(packageOf(unit)).equals(owner)) {
                    faults.add(shown(unit) + ": only in " + owner + ": " + name);
                }
            });
        });
        assertNone("names of foreign libraries", faults);
    }

    @Test
    void shouldHaveExactlyTheKnownEntriesAtTheTopLevel() throws IOException {
        final List<String> ignored = Files.readAllLines(TOP.resolve(".gitignore")).stream()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .map(line -> line.endsWith("/") ? line.substring(0, line.length() - 1) : line).toList();
        try (Stream<Path> entries = Files.list(TOP)) {
            final Set<String> seen = entries.map(Path::getFileName)
                .filter(name -> !name.toString().startsWith("."))
                .filter(name -> ignored.stream().noneMatch(
                    glob -> FileSystems.getDefault().getPathMatcher("glob:" + glob).matches(name)))
                .map(Path::toString).collect(Collectors.toCollection(TreeSet::new));
            assertEquals(TOP_LEVEL, seen, "what a visitor sees in " + TOP);
        }
    }

    @Test
    void shouldKeepFilesShortLinesNarrowAndNothingLeftOpen() throws IOException {
        final List<String> faults = new ArrayList<>();
        for (final Path file : javaFiles(TOP.resolve("src"), TOP.resolve("bench"))) {
            final List<String> lines = Files.readAllLines(file);
            if (lines.size() > FILE_LINES_MAX) {
                faults.add(TOP.relativize(file) + ": " + lines.size() + " lines, at most " + FILE_LINES_MAX);
            }
            for (int i = 0; i < lines.size(); i++) {
                final String line = lines.get(i);
                final String where = TOP.relativize(file) + ":" + (i + 1) + ": ";
                if (line.codePointCount(0, line.length()) > COLUMNS_MAX) {
                    faults.add(where + line.length() + " columns, at most " + COLUMNS_MAX);
                }
                if (LEFT_OPEN.matcher(line).find()) {
                    faults.add(where + "left open: " + line.trim());
                }
            }
        }
        assertNone("sources", faults);
    }

    @Test
    void shouldKeepMethodsWithinOneScreen() {
        final List<String> faults = new ArrayList<>();
        parse(javaFiles(TOP.resolve("src"), TOP.resolve("bench")), (trees, unit) -> new TreePathScanner<Void, Void>() {
            @Override
            public Void visitMethod(final MethodTree method, final Void unused) {
                final long end = trees.getSourcePositions().getEndPosition(unit, method);
                final long start = trees.getSourcePositions().getStartPosition(unit, method);
                final long lines = end < 0 ? 0 :
                    unit.getLineMap().getLineNumber(end) - unit.getLineMap().getLineNumber(start) + 1;
                if (lines > METHOD_LINES_MAX) {
                    faults.add(shown(unit) + ": " + method.getName() + " has " + lines + " lines, at most "
                        + METHOD_LINES_MAX);
                }
                return super.visitMethod(method, unused);
            }
        }.scan(unit, null));
        assertNone("long methods", faults);
    }

    @Test
    void shouldDescribeEveryPackage() {
        final Set<Path> folders = javaFiles(MAIN).stream().map(Path::getParent).collect(Collectors.toSet());
        assertNone("packages without package-info.java", folders.stream()
            .filter(folder -> !Files.exists(folder.resolve("package-info.java")))
            .map(folder -> TOP.relativize(folder).toString()).toList());
    }

    @Test
    void shouldDescribeEveryPublicAndProtectedDeclaration() {
        final List<String> faults = new ArrayList<>();
        parse(javaFiles(MAIN), (trees, unit) -> new UndescribedFinder(trees, faults).scan(unit, null));
        assertNone("public or protected without Javadoc", faults);
    }

    @Test
    void shouldRunTestsWithTheFlagsOfTheBenchmarks() throws IOException {
        final List<String> flags = Files.readAllLines(TOP.resolve("bench/jvm.options")).stream()
            .filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
        final String pom = Files.readString(TOP.resolve("pom.xml"));
        final String argLine = element(pom, "argLine");

        assertEquals(flags, Arrays.asList(element(pom, "jvm.flags").trim().split("\\s+")));
        assertTrue(argLine.startsWith("-ea ") && argLine.endsWith(" ${jvm.flags}"), argLine);
        assertTrue(argLine.contains("-Dagrona.disable.bounds.checks=false"), argLine);
    }

    private static String element(final String pom, final String name) {
        final Matcher matcher = Pattern.compile("<" + Pattern.quote(name) + ">([^<]*)<").matcher(pom);
        assertTrue(matcher.find(), "no <" + name + "> in pom.xml");
        return matcher.group(1);
    }

    private static int row(final String layer) {
        for (int i = 0; i < ROWS.size(); i++) {
            if (ROWS.get(i).contains(layer)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean mayKnow(final String from, final String to) {
        final boolean known = row(from) >= 0 && row(to) >= 0;
        return known && (from.equals(to) || row(from) < row(to) && (!to.equals(ROOT) || MAY_KNOW_ROOT.contains(from)));
    }

    /** The package directly below org.mapcask that a package is or belongs to. */
    private static String layer(final String packageName) {
        final String[] parts = packageName.split("\\.");
        return parts.length > 2 ? parts[2] : ROOT;
    }

    private static String packageOf(final CompilationUnitTree unit) {
        return unit.getPackageName().toString();
    }

    private static String shown(final CompilationUnitTree unit) {
        return TOP.relativize(Path.of(unit.getSourceFile().toUri())).toString();
    }

    private static void assertNone(final String what, final List<String> faults) {
        assertTrue(faults.isEmpty(), () -> what + ":\n  " + faults.stream().sorted().distinct().limit(40)
            .collect(Collectors.joining("\n  ")) + (faults.size() > 40 ? "\n  …" : ""));
    }

    private static List<Path> javaFiles(final Path... folders) {
        final List<Path> files = new ArrayList<>();
        for (final Path folder : folders) {
            try (Stream<Path> walk = Files.walk(folder)) {
                walk.filter(file -> file.toString().endsWith(".java")).forEach(files::add);
            } catch (final IOException e) {
                throw new AssertionError("cannot list " + folder, e);
            }
        }
        assertFalse(files.isEmpty(), () -> "no sources in " + Arrays.toString(folders));
        return files;
    }

    /** What is done with one parsed file. */
    private interface UnitVisitor {
        void visit(DocTrees trees, CompilationUnitTree unit);
    }

    /** What is done with one dotted name of a file; imports and names written in full in the code both count. */
    private interface NameVisitor {
        void visit(CompilationUnitTree unit, String name);
    }

    private static List<CompilationUnitTree> parse(final List<Path> files) {
        final List<CompilationUnitTree> units = new ArrayList<>();
        parse(files, (trees, unit) -> units.add(unit));
        return units;
    }

    /** Parses by the compiler of this JDK, so that comments and strings are never mistaken for code. */
    private static void parse(final List<Path> files, final UnitVisitor visitor) {
        final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            final JavacTask task = (JavacTask)compiler.getTask(
                null, manager, null, List.of("-proc:none"), null, manager.getJavaFileObjectsFromPaths(files));
            final DocTrees trees = DocTrees.instance(task);
            for (final CompilationUnitTree unit : task.parse()) {
                visitor.visit(trees, unit);
            }
        } catch (final IOException e) {
            throw new AssertionError("cannot parse the sources", e);
        }
    }

    private static void forEachNameIn(final List<CompilationUnitTree> units, final NameVisitor visitor) {
        for (final CompilationUnitTree unit : units) {
            new TreeScanner<Void, Void>() {
                @Override
                public Void visitImport(final ImportTree imported, final Void unused) {
                    visitor.visit(unit, imported.getQualifiedIdentifier().toString());
                    return null;
                }

                @Override
                public Void visitMemberSelect(final MemberSelectTree name, final Void unused) {
                    final String text = name.toString();
                    if (TYPE_NAME.matcher(text).matches()) {
                        visitor.visit(unit, text);
                    }
                    return super.visitMemberSelect(name, unused);
                }
            }.scan(unit, null);
        }
    }

    /** Collects visible declarations without Javadoc; what overrides is described where it is first declared. */
    private static final class UndescribedFinder extends TreePathScanner<Void, Void> {
        private final DocTrees trees;
        private final List<String> faults;

        private UndescribedFinder(final DocTrees trees, final List<String> faults) {
            this.trees = trees;
            this.faults = faults;
        }

        @Override
        public Void visitClass(final ClassTree type, final Void unused) {
            if (!isVisible(type.getModifiers())) {
                return null;
            }
            check(type.getSimpleName());
            return super.visitClass(type, unused);
        }

        @Override
        public Void visitMethod(final MethodTree method, final Void unused) {
            final boolean overrides = method.getModifiers().getAnnotations().stream()
                .anyMatch(annotation -> annotation.getAnnotationType().toString().equals("Override"));
            if (!overrides && isVisible(method.getModifiers())) {
                check(method.getName());
            }
            return null;
        }

        @Override
        public Void visitVariable(final VariableTree field, final Void unused) {
            if (isVisible(field.getModifiers()) && !field.getName().contentEquals("serialVersionUID")) {
                check(field.getName());
            }
            return null;
        }

        private boolean isVisible(final ModifiersTree modifiers) {
            final Tree parent = getCurrentPath().getParentPath().getLeaf();
            final Set<Modifier> flags = modifiers.getFlags();
            return flags.contains(Modifier.PUBLIC) || flags.contains(Modifier.PROTECTED)
                || parent.getKind() == Tree.Kind.INTERFACE && !flags.contains(Modifier.PRIVATE);
        }

        private void check(final CharSequence name) {
            if (trees.getDocCommentTree(getCurrentPath()) == null) {
                faults.add(shown(getCurrentPath().getCompilationUnit()) + ": " + name);
            }
        }
    }
}
