# Sourced by the scripts beside it: finds the project, reads options, builds, and knows how to start a JVM on it.
# Afterwards the working directory is the project's top, and CLASSPATH_BENCH and JAVA are set.

start_dir=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

if [ -n "${JAVA_HOME:-}" ]; then
    JAVA="$JAVA_HOME/bin/java"
else
    JAVA=java
fi

wrong_usage() {
    echo "${0##*/}: $*" >&2
    usage >&2
    exit 2
}

# Reads the options of a script: read_options 'FLAG...' 'OPTION...' "$@", flags without and options with a value. Every
# script that reads any has --dir and --keep, too, and --help, which shows what the script's own usage() prints.
# Leaves in `arguments` what the JVM gets, in `command_line` what the results quote, without a directory of this
# machine, and in `dir` the directory that --dir names, relative to where the user stands.
read_options() {
    local flags=" $1 " options=" $2 "
    shift 2
    command_line="bench/${0##*/}"
    dir=
    keep=no
    arguments=()
    while [ $# -gt 0 ]; do
        if [ "$1" = --help ] || [ "$1" = -h ]; then
            usage
            exit 0
        elif [ "$1" = --keep ]; then
            keep=yes
            shift
        elif [[ $1 != *" "* && $flags == *" $1 "* ]]; then
            arguments+=("$1")
            command_line+=" $1"
            shift
        elif [[ $1 == *" "* || " --dir$options" != *" $1 "* ]]; then
            wrong_usage "unknown option '$1'"
        elif [ $# -lt 2 ]; then
            wrong_usage "$1 needs a value"
        elif [ "$1" = --dir ]; then
            dir=$(cd "$start_dir" && mkdir -p -- "$2" && cd -- "$2" > /dev/null && pwd) || exit 2
            command_line+=" --dir DATA_DIR"
            shift 2
        else
            arguments+=("$1" "$2")
            command_line+=" $1 $2"
            shift 2
        fi
    done
}

# Makes an empty directory for the data, `data`, below --dir or target/. Removes it at the end, unless `keep` is yes.
make_data() {
    data="${dir:-target}/$1"
    rm -rf "$data"
    mkdir -p "$data" || exit 1
    if [ "$keep" = no ]; then
        trap 'rm -rf "$data"' EXIT
    fi
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

# The same for a measurement: MAIN_CLASS and what goes before it, with the data, the command and the options read.
measure() {
    bench_java "$@" --dir "$data" --command "$command_line" ${arguments[@]+"${arguments[@]}"}
}
