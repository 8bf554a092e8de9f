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
  --json            prints summary.json; the table goes to the error stream
  --help            this text

Exit status: 0; 1 an acknowledged record is lost or a wrong value is shown (the folder's name ends in .FAIL), or
something broke; 2 wrong usage.
USAGE
}

# What the results quote; it names no directory of this machine.
command_line="bench/partial-write.sh"
dir=
arguments=()
while [ $# -gt 0 ]; do
    case "$1" in
        --help | -h) usage; exit 0 ;;
        --json) arguments+=("$1"); command_line+=" $1"; shift ;;
        --dir)
            [ $# -ge 2 ] || { usage >&2; exit 2; }
            mkdir -p "$2" && dir="$(cd "$2" && pwd)" || exit 2
            command_line+=" --dir DATA_DIR"
            shift 2 ;;
        --rounds | --policies | --parts | --value-mb | --records-mb | --seed | --label)
            [ $# -ge 2 ] || { usage >&2; exit 2; }
            arguments+=("$1" "$2"); command_line+=" $1 $2"; shift 2 ;;
        *) echo "partial-write.sh: unknown option '$1'" >&2; usage >&2; exit 2 ;;
    esac
done

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
build

data="${dir:-target}/mapcask-partial-write"
rm -rf "$data"
mkdir -p "$data" || exit 1
trap 'rm -rf "$data"' EXIT

bench_java -Xmx512m org.mapcask.bench.PartialWriteBench --dir "$data" --command "$command_line" \
    ${arguments[@]+"${arguments[@]}"}
