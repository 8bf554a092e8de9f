#!/usr/bin/env bash
# Makes the runs that the native notes cite and that have no script of their own, one results folder each.
set -u

usage() {
    cat <<'USAGE'
usage: bench/notes.sh [--quick] [--only LIST] [--dir DATA_DIR] [--again]

Builds the project once, then makes these runs, one after the other, each into results/<date>-<name>/. A run whose folder
of today is there already is left out, so that an interrupted script goes on where it was; --again makes it anew, under
the name with -2.

  name           note           what it runs                                             takes
  probe          10-12, 14-16   probe DATA_DIR: syncs, file states, folios, cold reads   2 minutes, 1 GiB
  native-calls   01             JMH NativeCall                                           3 minutes
  huge-pages     13             JMH Keydir, native memory against direct buffers         4 minutes
  group-commit   18             durable.sh, 1 to 64 threads                              3 minutes, 2 GB

  --quick        cells, forks and rounds as short as they go: tests the script, gives nothing to cite
  --only LIST    of these names (default: all)
  --dir DATA_DIR where data is made; on the disk that is to be measured (default: target)
  --again        also runs whose folder of today is there
  --help         this text

The other notes are made by prefault.sh (03), durable.sh (05), flusher.sh (06) and the merge scripts (07).
Exit status: 0; 1 if one of the runs failed, which is named; 2 wrong usage.
USAGE
}

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
read_options "--quick --again" "--only" "$@"
quick=no again=no only=probe,native-calls,huge-pages,group-commit
set -- ${arguments[@]+"${arguments[@]}"}
while [ $# -gt 0 ]; do
    case "$1" in
        --quick) quick=yes ;;
        --again) again=yes ;;
        --only) only="$2"; shift ;;
    esac
    shift
done
for name in ${only//,/ }; do
    case "$name" in
        probe | native-calls | huge-pages | group-commit) ;;
        *) wrong_usage "unknown name '$name' in --only" ;;
    esac
done
build
export MAPCASK_BENCH_BUILD=no
data="${dir:-target}"
if [ "$quick" = yes ]; then
    seconds=0.01
    jmh=(-f 1 -wi 1 -i 1 -w 100ms -r 100ms)
    keys=100000
    durable=(--seconds 1 --rounds 1 --threads 1,4)
else
    seconds=0.75
    jmh=(-f 2 -wi 3 -i 5 -w 1 -r 1)
    keys=1000000,10000000
    durable=(--seconds 10 --rounds 10 --threads 1,2,4,8,16,32,64)
fi

run_probe() {
    bench_java org.mapcask.cli.Main probe "$data" --seconds "$seconds" --label probe
}

run_native_calls() {
    bench/jmh.sh --label native-calls NativeCall "${jmh[@]}"
}

run_huge_pages() {
    bench/jmh.sh --label huge-pages 'Keydir.*find' -p memory=native,direct -p keys="$keys" "${jmh[@]}"
}

run_group_commit() {
    bench/durable.sh --parts put --arms bare,wal,msync "${durable[@]}" --label group-commit ${dir:+--dir "$dir"}
}

failed=
for name in ${only//,/ }; do
    if [ "$again" = no ] && [ -d "results/$(date +%Y%m%d)-$name" ]; then
        echo "notes.sh: $name is there: results/$(date +%Y%m%d)-$name" >&2
        continue
    fi
    echo "notes.sh: $name ..." >&2
    "run_${name//-/_}" || failed+=" $name"
done
[ -z "$failed" ] || { echo "notes.sh: failed:$failed" >&2; exit 1; }
