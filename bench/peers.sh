#!/usr/bin/env bash
# Measures Mapcask beside other embedded stores of the JVM, and writes results/<date>-peers/.
set -u

usage() {
    cat <<'USAGE'
usage: bench/peers.sh [--quick | --full] [--engines LIST] [--label L] [more options]

Builds the project with the Maven profile "peers", which downloads the other stores, checks each adapter with a thousand
keys, and measures each store in processes of its own, in turns over the rounds: load, random and zipfian gets,
overwrites, gets and puts by two threads, scan, durable puts by one and eight threads, open after a clean end and after
kill -9, disk blocks and memory; with values of 100 B, and with values of 4 KiB and a tenth of the keys.

  (default)         400,000 keys, 2 rounds: about 12 minutes, 3 GB
  --quick           40,000 keys, 1 round: about 3 minutes, 1 GB
  --full            2 million keys, 3 rounds: for publication, about an hour, 12 GB
  --engines LIST    of mapcask,chronicle,lmdb,rocksdb,mvstore,mapdb,xodus,heap,bare (default: all)
  --keys N          number of keys with values of 100 B
  --rounds N        each has every store once
  --label L         end of the results folder's name (default: peers, or peers-quick)
  --dir DATA_DIR    where the stores are made, in DATA_DIR/mapcask-peers, which is removed before and after
                    (default: target)
  --seed N          begin of the random numbers
  --json            the summary as JSON on standard output; the tables go to standard error
  --keep            leaves the last store's directory where it is
  --check           checks the adapters and measures nothing
  --help            this text

Interrupted, the same command goes on where it was: what one store gave in one round is in cells/ of the results folder
until the run is over. Another revision, host or option begins another folder.

Exit status: 0; 1 an answer was wrong, Mapcask broke or lost an acknowledged write, or something that is no store did not
work (the folder's name ends in .FAIL); 2 wrong usage. Another store that breaks is reported, one that loses acknowledged
writes after the kill has them in the table, and the rest goes on.
USAGE
}

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
read_options "--quick --full --check --json" "--engines --keys --rounds --label --seed" "$@"
build peers
make_data mapcask-peers
measure -Xmx2g org.mapcask.bench.peers.PeersBench
