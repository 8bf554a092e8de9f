#!/usr/bin/env bash
# Sweeps the settings of a job file and recommends options, in results/<date>-sweep-<job>/.
set -u

usage() {
    cat <<'USAGE'
usage: bench/sweep.sh [JOB.properties] [--goal GOAL] [--dir DIR] [--results DIR] [--label LABEL] [--max-hours N] [--json]

Builds the project, measures each setting of the job in rounds, each time in a JVM of its own, prints the table knob x
metric, and with --goal writes tuned.properties into the results folder. Interrupted, the same command goes on where it
was. Without a job it is bench/jobs/quick.properties, which takes about 6 minutes.

  --goal GOAL   latency, throughput, durability or footprint: also write tuned.properties
  --dir DIR     where stores are made and removed again (default: target/sweep)
  --help        this text; java -jar target/mapcask.jar sweep --help tells the other options

Exit status: 0; 1 a wrong answer (the folder's name ends in .FAIL); 2 wrong usage; 4 it ended early.
USAGE
}

job=bench/jobs/quick.properties
dir=target/sweep
arguments=()
while [ $# -gt 0 ]; do
    case "$1" in
        --help | -h) usage; exit 0 ;;
        --json) arguments+=("$1"); shift ;;
        --dir)
            [ $# -ge 2 ] || { usage >&2; exit 2; }
            mkdir -p "$2" && dir="$(cd "$2" && pwd)" || exit 2
            shift 2 ;;
        --goal | --results | --label | --max-hours)
            [ $# -ge 2 ] || { echo "sweep.sh: $1 needs a value" >&2; usage >&2; exit 2; }
            arguments+=("$1" "$2")
            shift 2 ;;
        *.properties) [ -f "$1" ] || { echo "sweep.sh: no file $1" >&2; exit 2; }; job="$(realpath "$1")"; shift ;;
        *) echo "sweep.sh: unknown option '$1'" >&2; usage >&2; exit 2 ;;
    esac
done

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
build

exec "$JAVA" -jar target/mapcask.jar sweep "$(realpath --relative-to=. "$job")" --dir "$dir" \
    ${arguments[@]+"${arguments[@]}"}
