# Sourced by the scripts beside it: finds the project, builds it, and knows how to start a JVM on it.
# Afterwards the working directory is the project's top, and CLASSPATH_BENCH and JAVA are set.

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

if [ -n "${JAVA_HOME:-}" ]; then
    JAVA="$JAVA_HOME/bin/java"
else
    JAVA=java
fi

die() {
    echo "${0##*/}: $*" >&2
    exit 2
}

# Builds the jar, the bench classes and target/bench.classpath. Set MAPCASK_BENCH_BUILD=no to measure what is there.
# "build PROFILE" builds with a Maven profile, and takes the class path from target/PROFILE.classpath.
build() {
    local profile="${1:-}"
    local classpath_file="target/${profile:-bench}.classpath"
    if [ "${MAPCASK_BENCH_BUILD:-yes}" = no ] && [ -f "$classpath_file" ]; then
        echo "not building: MAPCASK_BENCH_BUILD=no" >&2
    else
        echo "building ..." >&2
        mvn -q -B -ntp ${profile:+"-P$profile"} -DskipTests package \
            || { echo "${0##*/}: the build failed" >&2; exit 1; }
    fi
    CLASSPATH_BENCH="target/test-classes:target/classes:$(cat "$classpath_file")"
}

# Starts a JVM with the flags of bench/jvm.options.
bench_java() {
    "$JAVA" @bench/jvm.options -cp "$CLASSPATH_BENCH" "$@"
}
