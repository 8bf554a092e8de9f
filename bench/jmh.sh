#!/usr/bin/env bash
# Runs JMH microbenchmarks: bench/jmh.sh [--label L] PATTERN [JMH options]
set -u

usage() {
    cat <<'USAGE'
usage: bench/jmh.sh [--label L] PATTERN [JMH options]

Builds the project and runs the JMH benchmarks whose names match PATTERN, with the flags of bench/jvm.options in each
fork, the allocation profiler (-prof gc), and JSON for jmh-visualizer in target/jmh/. With --label the table, JMH's JSON
and the environment go to results/<date>-L/ instead.

  bench/jmh.sh 'A0Baseline|PutGet' -p keys=1000000     the floor, and the store beside it
  bench/jmh.sh PutGet -bm sample                       percentiles in place of means (the sampling itself allocates)
  bench/jmh.sh Crc -f 2                                what a checksum costs
  bench/jmh.sh RecordCodec                             what it costs to write and to check a record
  bench/jmh.sh CallForms                               DirectBuffer, byte[] and String, in time and in garbage
  bench/jmh.sh Keydir                                  a look into the key directory
  bench/jmh.sh NativeCall                              a call through JNA
  bench/jmh.sh Sync -t 8                               durable puts, by eight threads that wait together
  bench/jmh.sh --label native-calls NativeCall         kept as a run that a note may cite
  bench/jmh.sh . -l                                    lists all benchmarks
  bench/jmh.sh . -h                                    JMH's own options

Exit status: JMH's; 2 wrong usage.
USAGE
}

command_line="bench/jmh.sh"
for argument in "$@"; do
    case "$argument" in
        *[!A-Za-z0-9_./=,:-]*) command_line+=" '$argument'" ;;
        *) command_line+=" $argument" ;;
    esac
done

label=
if [ "${1:-}" = --label ]; then
    [ $# -ge 3 ] || { usage >&2; exit 2; }
    label="$2"
    shift 2
fi
case "${1:-}" in
    --help | -h) usage; exit 0 ;;
    "" | -*) usage >&2; exit 2 ;;
esac
pattern="$1"
shift

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
build

# JMH's forks inherit the flags of this JVM.
if [ -n "$label" ]; then
    bench_java org.mapcask.bench.JmhFolder "$label" results "$command_line" "$pattern" -prof gc "$@"
    exit $?
fi

mkdir -p target/jmh
json="target/jmh/$(date +%Y%m%d-%H%M%S).json"
bench_java org.openjdk.jmh.Main "$pattern" -prof gc -rf json -rff "$json" -foe true "$@"
status=$?
[ -f "$json" ] && echo "written to $json"
exit $status
