#!/usr/bin/env bash
# Measures durable puts beside a bare loop of durable writes, and ways to sync, and writes results/<date>-durable/.
set -u

usage() {
    cat <<'USAGE'
usage: bench/durable.sh [--label L] [--seconds S] [--threads 1,8,64] [--json] [more options]

Builds the project, then in one process and in turns measures durable puts (keys 16 B, values 100 B, closed loop): a bare
loop of O_DIRECT|O_DSYNC writes of 4 KiB without a store, the store through its write-ahead log, and the store without
it by msync, fdatasync and force of zeroed segments. Then, without a store, appends of 128 B and 4 KiB to sparse,
fallocated, zeroed and recycled files by each of these ways. Counts bytes, writes and flushes of the device. Every value
is read back at the end. Takes about 4 minutes and 2 GB.

  --label L          end of the results folder's name (default: durable)
  --seconds S        of each arm with each number of threads (default: 6)
  --raw-seconds S    of each raw append (default: 3)
  --rounds N         in which the arms take turns (default: 12)
  --threads LIST     numbers of threads (default: 1,8,64)
  --arms LIST        of bare,wal,msync,fdatasync,force (default: all)
  --parts LIST       of put,raw (default: both)
  --option NAME=VAL  an option of every store, over that of its arm; may come again
  --dir DATA_DIR     where the data is made, in DATA_DIR/mapcask-durable, which is removed before and after
                     (default: target)
  --keep             leaves the data where it is
  --json             prints summary.json; the table goes to the error stream
  --help             this text

Exit status: 0; 1 a value was not found as it was written (the folder's name ends in .FAIL), or something broke; 2 wrong
usage.
USAGE
}

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
read_options "--json" "--label --seconds --raw-seconds --rounds --threads --arms --parts --option" "$@"
build

make_data mapcask-durable

# Every thread has histograms of its own: 64 of them did not fit into 512 MB.
measure -Xms1g -Xmx2g org.mapcask.bench.DurableBench
