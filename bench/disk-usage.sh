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
  --json             prints summary.json; the table goes to the error stream
  --help             this text

Exit status: 0; 1 a value was wrong, or too few cycles came (the folder's name ends in .FAIL), or something broke; 2 wrong
usage.
USAGE
}

# What the results quote; it names no directory of this machine.
command_line="bench/disk-usage.sh"
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
        --keys | --cycles | --value | --rate | --sample-ms | --option | --label)
            [ $# -ge 2 ] || { usage >&2; exit 2; }
            arguments+=("$1" "$2"); command_line+=" $1 $2"; shift 2 ;;
        *) echo "disk-usage.sh: unknown option '$1'" >&2; usage >&2; exit 2 ;;
    esac
done

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
build

data="${dir:-target}/mapcask-space"
rm -rf "$data"
mkdir -p "$data" || exit 1
trap 'rm -rf "$data"' EXIT

bench_java -Xms512m -Xmx512m org.mapcask.bench.SpaceBench --dir "$data" --command "$command_line" \
    ${arguments[@]+"${arguments[@]}"}
