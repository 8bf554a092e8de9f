#!/usr/bin/env bash
# Builds, imports WordNet, looks words up, measures appends against reads, and writes results/<date>-<label>/.
set -u

usage() {
    cat <<'USAGE'
usage: bench/run.sh [--full] [--label L] [--dir DATA_DIR] [more options]

Builds the project, imports WordNet through the command line tool, and measures: dictionary lookups by real word
frequency, sequential appends, random reads; then random reads from the page cache and from the device, mapped with
madvise normal, random and huge, and by pread. Prints the table that it wrote.

  --full            longer measurements, more keys, three repeats (default: quick, two to three minutes)
  --label L         end of the results folder's name (default: quick, or full)
  --dir DATA_DIR    where the stores are made, in DATA_DIR/mapcask-bench, which is removed before and after
                    (default: target; takes about 3 GB, with --full 12 GB)
  --append-rate N   appends a second in the open loop (default: half of what the closed loop reached)
  --read-rate N     reads a second in the open loops (default: half of what the closed loops reached)
  --threads N       threads that read (default: 1)
  --seed N          begin of the random numbers
  --keep            leaves the stores where they are
  --help            this text

Exit status: 0 all answers right and all rates reached; 1 not so (the folder's name ends in .FAIL), or something broke;
2 wrong usage. The JVM's flags are in bench/jvm.options. To pin: taskset -c 2,3 bench/run.sh
USAGE
}

# What the results quote; it names no directory of this machine.
command_line="bench/run.sh"
dir=
keep=no
arguments=()
while [ $# -gt 0 ]; do
    case "$1" in
        --help | -h) usage; exit 0 ;;
        --keep) keep=yes; shift ;;
        --full) arguments+=("$1"); command_line+=" $1"; shift ;;
        --dir)
            [ $# -ge 2 ] || { usage >&2; exit 2; }
            # Relative to where the user stands, not to the project's top.
            mkdir -p "$2" && dir="$(cd "$2" && pwd)" || exit 2
            command_line+=" --dir DATA_DIR"
            shift 2 ;;
        --label | --append-rate | --read-rate | --threads | --seed)
            [ $# -ge 2 ] || { usage >&2; exit 2; }
            arguments+=("$1" "$2"); command_line+=" $1 $2"; shift 2 ;;
        *) echo "run.sh: unknown option '$1'" >&2; usage >&2; exit 2 ;;
    esac
done

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
build

data="${dir:-target}/mapcask-bench"
rm -rf "$data"
mkdir -p "$data" || exit 1
if [ "$keep" = no ]; then
    trap 'rm -rf "$data"' EXIT
fi

echo "importing WordNet ..." >&2
"$JAVA" -jar target/mapcask.jar dict import "$data/wordnet" || { echo "run.sh: the import failed" >&2; exit 1; }
echo
echo "\$ java -jar target/mapcask.jar dict lookup DIR serendipity"
"$JAVA" -jar target/mapcask.jar dict lookup "$data/wordnet" serendipity \
    || { echo "run.sh: the lookup failed" >&2; exit 1; }
echo

bench_java org.mapcask.bench.BenchMain --dir "$data" --command "$command_line" ${arguments[@]+"${arguments[@]}"}
