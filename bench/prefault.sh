#!/usr/bin/env bash
# Measures puts at a fixed rate for several values of prefaultWindow, and writes results/<date>-prefault/.
set -u

usage() {
    cat <<'USAGE'
usage: bench/prefault.sh [--dir DATA_DIR] [--label L] [--json]

Builds the project, then puts records at a fixed rate into stores that differ in prefaultWindow only, and draws their
latencies side by side. Takes about a minute and 1 GB.

  --dir DATA_DIR   where the data is made, in DATA_DIR/mapcask-prefault, which is removed before and after
                   (default: target)
  --label L        end of the results folder's name (default: prefault)
  --json           the summary as JSON on standard output
  --keep           leaves the data where it is
  --help           this text

Exit status: 0; 1 a rate was missed (the folder's name ends in .FAIL), or something broke; 2 wrong usage.
USAGE
}

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
read_options "--json" "--label" "$@"
build

make_data mapcask-prefault

measure -Xms512m -Xmx512m org.mapcask.bench.PrefaultBench
