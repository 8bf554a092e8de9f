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
  --json            the summary as JSON on standard output; the table goes to standard error
  --keep            leaves the stores where they are
  --help            this text

Exit status: 0 all answers right and all rates reached; 1 not so (the folder's name ends in .FAIL), or something broke;
2 wrong usage. The JVM's flags are in bench/jvm.options. To pin: taskset -c 2,3 bench/run.sh
USAGE
}

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
read_options "--full --json" "--label --append-rate --read-rate --threads --seed" "$@"
build

make_data mapcask-bench

echo "importing WordNet ..." >&2
"$JAVA" -jar target/mapcask.jar dict import "$data/wordnet" >&2 || { echo "run.sh: the import failed" >&2; exit 1; }
{
    echo
    echo "\$ java -jar target/mapcask.jar dict lookup DIR serendipity"
    "$JAVA" -jar target/mapcask.jar dict lookup "$data/wordnet" serendipity \
        || { echo "run.sh: the lookup failed"; exit 1; }
    echo
} >&2

measure org.mapcask.bench.BenchMain
