#!/usr/bin/env bash
# Records what a store with default options takes on the disk in the steady state, in results/<date>-amplification/.
set -u

usage() {
    cat <<'USAGE'
usage: bench/amplification.sh [--keys N] [--overwrites N] [--rate N] [--label L] [--json] [more options]

Builds the project, then writes 1,000,000 keys over and over, each equally likely, into a store with default options:
merges run by their own triggers. Keys are 16 B, values 100 B. Reports records, segment files and blocks on the disk,
each divided by the live bytes, without the first two overwrites of each key. Takes about 2 minutes and 1 GB.

  --keys N           distinct keys (default: 1000000)
  --overwrites N     of each key on average (default: 20)
  --value N          bytes of a value (default: 100)
  --rate N           puts a second at most; 0 is as fast as it goes (default: 200000)
  --sample-ms N      milliseconds from one sample to the next (default: 50)
  --option NAME=VAL  an option of the store, over its default; may come again
  --label L          end of the results folder's name (default: amplification)
  --dir DATA_DIR     where the data is made, in DATA_DIR/mapcask-space, which is removed before and after
                     (default: target)
  --keep             leaves the data where it is
  --json             prints summary.json; the table goes to the error stream
  --help             this text

Exit status: 0, whether or not the goal is met; 1 a value was wrong, or no merge ran (the folder's name ends in .FAIL), or
something broke; 2 wrong usage.
USAGE
}

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
read_options "--json" "--keys --overwrites --value --rate --sample-ms --option --label" "$@"
build

make_data mapcask-space

measure -Xms512m -Xmx512m org.mapcask.bench.SpaceBench --defaults
