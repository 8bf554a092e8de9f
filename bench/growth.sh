#!/usr/bin/env bash
# Grows a store to millions of keys beside a bare mapped log, and writes results/<date>-growth/.
set -u

usage() {
    cat <<'USAGE'
usage: bench/growth.sh [--keys N] [--dir DATA_DIR] [--label L] [--json]

Builds the project, then in one process and in turns loads N keys of 16 B with values of 100 B into a bare mapped log
and into a store, and reads both at random with one and two threads. Reports rates and their ratios, the memory that
the keydir takes a key, and the longest pause of a put.

  --keys N         keys to grow to (default: 10000000)
  --dir DATA_DIR   where the data is made, in DATA_DIR/mapcask-growth, which is removed before and after
                   (default: target; about 300 B a key, so 3 GB)
  --label L        end of the results folder's name (default: growth)
  --json           the summary as JSON on standard output
  --keep           leaves the data where it is

Exit status: 0; 1 an answer was wrong (the folder's name ends in .FAIL), or something broke; 2 wrong usage.
USAGE
}

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
read_options "--json" "--keys --label" "$@"
build

make_data mapcask-growth

# A heap of fixed size whose pages are all touched at the start: what the process grows by is then not heap.
measure -Xms1g -Xmx1g -XX:+AlwaysPreTouch org.mapcask.bench.GrowthBench
