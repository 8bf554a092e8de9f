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
  --check           checks the adapters and measures nothing
  --help            this text

Exit status: 0; 1 an answer was wrong or Mapcask broke (the folder's name ends in .FAIL); 2 wrong usage. Another store
that fails is reported, and the rest goes on.
USAGE
}

# What the results quote; it names no directory of this machine.
command_line="bench/peers.sh"
dir=
arguments=()
while [ $# -gt 0 ]; do
    case "$1" in
        --help | -h) usage; exit 0 ;;
        --quick | --full | --check) arguments+=("$1"); command_line+=" $1"; shift ;;
        --dir)
            [ $# -ge 2 ] || { usage >&2; exit 2; }
            mkdir -p "$2" && dir="$(cd "$2" && pwd)" || exit 2
            command_line+=" --dir DATA_DIR"
            shift 2 ;;
        --engines | --keys | --rounds | --label | --seed)
            [ $# -ge 2 ] || { usage >&2; exit 2; }
            arguments+=("$1" "$2"); command_line+=" $1 $2"; shift 2 ;;
        *) echo "peers.sh: unknown option '$1'" >&2; usage >&2; exit 2 ;;
    esac
done

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
build peers

data="${dir:-target}/mapcask-peers"
rm -rf "$data"
mkdir -p "$data" || exit 1
trap 'rm -rf "$data"' EXIT

bench_java -Xmx512m org.mapcask.bench.peers.PeersBench --dir "$data" --command "$command_line" \
    ${arguments[@]+"${arguments[@]}"}
