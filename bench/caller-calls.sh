#!/usr/bin/env bash
# Counts the system calls of each thread of a store in its steady state, by strace.
set -u

usage() {
    cat <<'USAGE'
usage: bench/caller-calls.sh [--seconds S] [--keys N] [--rate N] [--dir DATA_DIR]

Builds the project, runs a store with default options whose keys are written over by one thread and read by another while
merges run, and has strace count, thread by thread, the calls that change files or mappings: mmap, munmap, mremap,
fallocate, ftruncate, unlink, rename, open, fsync, fdatasync, msync. The threads that put and get must make none. Needs
strace. Takes about a minute and 1 GB.

  --seconds S  of the steady state (default: 30)
  --keys N     distinct keys (default: 200000)
  --rate N     puts a second at most (default: 100000)
  --dir DIR    where the data is made, in DIR/mapcask-calls, which is removed before and after (default: target)

Prints a table: thread, call, count. Exit status: 0 no such call by a thread that puts or gets; 1 there was one, or no
merge ran, or no segment was recycled; 2 wrong usage, or no strace.
USAGE
}

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
read_options "" "--seconds --keys --rate" "$@"
seconds=30 keys=200000 rate=100000
set -- ${arguments[@]+"${arguments[@]}"}
while [ $# -gt 0 ]; do
    declare "${1#--}=$2"
    shift 2
done
command -v strace > /dev/null || { echo "caller-calls.sh: strace is not installed" >&2; exit 2; }
build

data="${dir:-target}/mapcask-calls"
rm -rf "$data"
mkdir -p "$data" || exit 1
mkfifo "$data/go" || exit 1
java_pid= strace_pid=
trap 'kill $java_pid $strace_pid 2> /dev/null; rm -rf "$data"' EXIT

# Not by bench_java: the process that is watched is the one that is started here.
"$JAVA" @bench/jvm.options -cp "$CLASSPATH_BENCH" -Xms256m -Xmx256m -XX:+AlwaysPreTouch \
    org.mapcask.bench.CallerCallsMain \
    "$data/store" "$keys" "$rate" "$seconds" < "$data/go" > "$data/out" &
java_pid=$!
exec 3> "$data/go"
until grep -q READY "$data/out"; do
    kill -0 "$java_pid" 2> /dev/null || { echo "caller-calls.sh: the store broke" >&2; exit 1; }
    sleep 0.2
done
strace -q -f -p "$java_pid" -o "$data/trace" \
    -e trace=mmap,munmap,mremap,fallocate,ftruncate,unlink,unlinkat,rename,renameat,renameat2,open,openat,fsync,fdatasync,msync \
    2> "$data/strace.err" &
strace_pid=$!
sleep 2
for task in /proc/"$java_pid"/task/*; do
    echo "${task##*/} $(tr ' ' '_' < "$task/comm")"
done > "$data/threads"
echo > "$data/go"
until grep -q merges "$data/out"; do
    kill -0 "$java_pid" 2> /dev/null || { echo "caller-calls.sh: the store broke" >&2; exit 1; }
    sleep 0.2
done
for task in /proc/"$java_pid"/task/*; do
    echo "${task##*/} $(tr ' ' '_' < "$task/comm")"
done >> "$data/threads"
kill "$strace_pid"
wait "$strace_pid" 2> /dev/null
echo > "$data/go"
wait "$java_pid" || { echo "caller-calls.sh: the store broke" >&2; exit 1; }

grep merges "$data/out"
awk '
    NR == FNR { name[$1] = $2; next }
    {
        if (match($2, /^[a-z0-9_]+\(/) == 0) next
        call = substr($2, 1, RLENGTH - 1)
        count[(($1 in name) ? name[$1] : "a_thread_that_ended") "\t" call]++
    }
    END { for (key in count) print key "\t" count[key] }
' "$data/threads" "$data/trace" | sort > "$data/table"
printf 'thread\tcall\tcount\n' | cat - "$data/table"
if grep -q '^caller-' "$data/table"; then
    echo "a thread that puts or gets made such a call" >&2
    exit 1
fi
grep -Eq 'merges [1-9][0-9]*, recycled [1-9]' "$data/out" || { echo "no merge, or nothing recycled" >&2; exit 1; }
[ -s "$data/table" ] || { echo "strace saw nothing: $(head -n 1 "$data/strace.err")" >&2; exit 1; }
echo "none by the threads that put and get"
