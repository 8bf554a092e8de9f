#!/usr/bin/env bash
# Kills a process while it writes, looks at what is found, and writes results/<date>-partial-write/.
set -u

usage() {
    cat <<'USAGE'
usage: bench/partial-write.sh [--rounds N] [--json] [more options]

Builds the project, then again and again starts a process that writes a value of 100 MB, and then one that writes 100 MB
of records (1,000 B each, 8 threads), ends it with SIGKILL at a random point, opens the store again and compares it with
what had been acknowledged; for four policies: none, default, every write by the write-ahead log, every write by msync.
Takes about 2 minutes and 500 MB.

  --rounds N        kills of each part and policy (default: 5)
  --policies LIST   of none,default,every-write-wal,every-write-msync (default: all)
  --parts LIST      of value,records (default: both)
  --value-mb N      megabytes of the value (default: 100)
  --records-mb N    megabytes of the records (default: 100)
  --seed N          begin of the random numbers; it is printed (default: 20262)
  --label L         end of the results folder's name (default: partial-write)
  --dir DATA_DIR    where the data is made, in DATA_DIR/mapcask-partial-write, which is removed before and after
                    (default: target)
  --keep            leaves the data where it is
  --json            prints summary.json; the table goes to the error stream
  --help            this text

Exit status: 0; 1 an acknowledged record is lost or a wrong value is shown (the folder's name ends in .FAIL), or
something broke; 2 wrong usage.
USAGE
}

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
read_options "--json" "--rounds --policies --parts --value-mb --records-mb --seed --label" "$@"
build

make_data mapcask-partial-write

measure -Xmx512m org.mapcask.bench.PartialWriteBench
