#!/usr/bin/env bash
# Records what a store takes on the disk while keys are written over and merges run, in results/<date>-disk-usage/.
set -u

usage() {
    cat <<'USAGE'
usage: bench/disk-usage.sh [--keys N] [--cycles N] [--label L] [--json] [more options]

Builds the project, then writes 100,000 keys over and over, each equally likely, into a store with segments of 100 MiB, a
write cache of 1 MiB (syncBytes), and a merge whenever there are ten old files (other triggers off). Keys are 16 B,
values 94 B. Ends after 5 cycles of growing and shrinking, about 5 GB written in a minute; needs 2 GB. Samples live,
dead and total bytes, and the blocks on the disk, and draws them.

  --keys N           distinct keys (default: 100000)
  --cycles N         (default: 5)
  --value N          bytes of a value (default: 94)
  --rate N           puts a second at most; 0 is as fast as it goes (default: 0)
  --sample-ms N      milliseconds from one sample to the next (default: 50)
  --option NAME=VAL  an option of the store, over those above; may come again
  --label L          end of the results folder's name (default: disk-usage)
  --dir DATA_DIR     where the data is made, in DATA_DIR/mapcask-space, which is removed before and after
                     (default: target)
  --keep             leaves the data where it is
  --json             prints summary.json; the table goes to the error stream
  --help             this text

Exit status: 0; 1 a value was wrong, or too few cycles came (the folder's name ends in .FAIL), or something broke; 2 wrong
usage.
USAGE
}

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
read_options "--json" "--keys --cycles --value --rate --sample-ms --option --label" "$@"
build

make_data mapcask-space

measure -Xms512m -Xmx512m org.mapcask.bench.SpaceBench
