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

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# The job may stand before or behind the options, and is relative to where the user stands.
job=bench/jobs/quick.properties
rest=()
for argument in "$@"; do
    if [[ $argument == *.properties ]]; then
        job="$(cd "$start_dir" && realpath -e -- "$argument" 2> /dev/null)" || wrong_usage "no file $argument"
    else
        rest+=("$argument")
    fi
done
read_options "--json" "--goal --results --label --max-hours" ${rest[@]+"${rest[@]}"}
build

exec "$JAVA" -jar target/mapcask.jar sweep "$(realpath --relative-to=. "$job")" --dir "${dir:-target/sweep}" \
    ${arguments[@]+"${arguments[@]}"}
