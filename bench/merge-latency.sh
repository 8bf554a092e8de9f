#!/usr/bin/env bash
# Measures gets and puts with merges running and without, and writes results/<date>-merge-latency/.
set -u

usage() {
    cat <<'USAGE'
usage: bench/merge-latency.sh [--seconds S] [--rounds N] [--label L] [--json] [more options]

Builds the project, then in one process and in one store of 1,000,000 keys (16 B, values of 100 B) measures gets and puts
in equal parts, uniformly chosen, one thread, open loop at half of the peak rate, in rounds that take turns: with merging
paused, and with merges. Operations while a merge runs are recorded apart from those between merges. Takes about 4
minutes and 2 GB: while merging is paused the store grows.

  --keys N           distinct keys (default: 1000000)
  --seconds S        of each round (default: 10)
  --rounds N         of each arm (default: 8)
  --rate N           operations a second (default: half of the peak, which is measured first with merging paused)
  --option NAME=VAL  an option of the store, over its default; may come again
  --label L          end of the results folder's name (default: merge-latency)
  --dir DATA_DIR     where the data is made, in DATA_DIR/mapcask-merge, which is removed before and after
                     (default: target)
  --keep             leaves the data where it is
  --json             prints summary.json; the table goes to the error stream
  --help             this text

Exit status: 0, whether or not the goal is met; 1 an answer was wrong, a rate was missed, or no merge ran where one should
(the folder's name ends in .FAIL), or something broke; 2 wrong usage.
USAGE
}

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
read_options "--json" "--keys --seconds --rounds --rate --option --label" "$@"
build

make_data mapcask-merge

measure -Xms1g -Xmx1g org.mapcask.bench.MergeLatencyBench
