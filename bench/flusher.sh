#!/usr/bin/env bash
# Measures puts at a fixed rate for several values of writebackStep, and writes results/<date>-flusher/.
set -u

usage() {
    cat <<'USAGE'
usage: bench/flusher.sh [--quick] [--label L] [--json] [more options]

Builds the project, then puts records (keys 16 B, values 100 B) at a fixed rate into stores that differ in writebackStep
and in the policy only, in rounds that take turns. Reports p99.9, p99.99, the longest put and puts over 1 ms; draws the
histograms side by side. Takes about 2 minutes and 1 GB; --quick half a minute.

  --quick            one rate, one round of 2 s each
  --rates LIST       puts a second (default: 300000,500000)
  --steps LIST       writebackStep in MiB, 0 is off (default: 0,1,4,8)
  --policies LIST    of none,default (default: both)
  --seconds S        of each combination (default: 6)
  --rounds N         in which they take turns (default: 2)
  --label L          end of the results folder's name (default: flusher)
  --dir DATA_DIR     where the data is made, in DATA_DIR/mapcask-flusher, which is removed before and after
                     (default: target)
  --keep             leaves the data where it is
  --json             prints summary.json; the table goes to the error stream
  --help             this text

Exit status: 0; 1 a rate was missed (the folder's name ends in .FAIL), or something broke; 2 wrong usage.
USAGE
}

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
read_options "--quick --json" "--rates --steps --policies --seconds --rounds --label" "$@"
build

make_data mapcask-flusher

measure -Xms512m -Xmx512m org.mapcask.bench.FlusherBench
