#!/usr/bin/env bash
# Measures puts at a fixed rate for several values of writebackStep, and writes results/<date>-flusher/.
set -u

usage() {
    cat <<'USAGE'
usage: bench/flusher.sh [--quick] [--label L] [--json] [more options]

Builds the project, then puts records (keys 16 B, values 100 B) at a fixed rate into stores that differ in writebackStep
and in the policy only, in rounds that take turns. Reports p99.9, p99.99, the longest put and puts over 1 ms; draws the
histograms side by side. Takes about 2 minutes and 1 GB; --quick half a minute.

  --quick            one rate, one round of 2 s each
  --rates LIST       puts a second (default: 300000,500000)
  --steps LIST       writebackStep in MiB, 0 is off (default: 0,1,4,8)
  --policies LIST    of none,default (default: both)
  --seconds S        of each combination (default: 6)
  --rounds N         in which they take turns (default: 2)
  --label L          end of the results folder's name (default: flusher)
  --dir DATA_DIR     where the data is made, in DATA_DIR/mapcask-flusher, which is removed before and after
                     (default: target)
  --json             prints summary.json; the table goes to the error stream
  --help             this text

Exit status: 0; 1 a rate was missed (the folder's name ends in .FAIL), or something broke; 2 wrong usage.
USAGE
}

# What the results quote; it names no directory of this machine.
command_line="bench/flusher.sh"
dir=
arguments=()
while [ $# -gt 0 ]; do
    case "$1" in
        --help | -h) usage; exit 0 ;;
        --quick | --json) arguments+=("$1"); command_line+=" $1"; shift ;;
        --dir)
            [ $# -ge 2 ] || { usage >&2; exit 2; }
            mkdir -p "$2" && dir="$(cd "$2" && pwd)" || exit 2
            command_line+=" --dir DATA_DIR"
            shift 2 ;;
        --rates | --steps | --policies | --seconds | --rounds | --label)
            [ $# -ge 2 ] || { usage >&2; exit 2; }
            arguments+=("$1" "$2"); command_line+=" $1 $2"; shift 2 ;;
        *) echo "flusher.sh: unknown option '$1'" >&2; usage >&2; exit 2 ;;
    esac
done

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
build

data="${dir:-target}/mapcask-flusher"
rm -rf "$data"
mkdir -p "$data" || exit 1
trap 'rm -rf "$data"' EXIT

bench_java -Xms512m -Xmx512m org.mapcask.bench.FlusherBench --dir "$data" --command "$command_line" \
    ${arguments[@]+"${arguments[@]}"}
