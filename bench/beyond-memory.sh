#!/usr/bin/env bash
# A key directory larger than its memory, checkpoints, and opens; writes results/<date>-beyond-memory/.
set -u

usage() {
    cat <<'USAGE'
usage: bench/beyond-memory.sh [--keys N] [--gets N] [--dir DATA_DIR] [--label L] [--keep] [--json]

Builds the project, then loads N keys of 16 B with values of 100 B into a store whose key directory has a tenth of the
memory that it takes, in a memory cgroup (v1 or v2) that holds no more, and gets keys at random: how many pages of the
directory are read a get, and how long it takes. Then the same with all of the memory: bytes a key while it grows, the
longest put, and how long the store takes to open after a clean close, after kill -9, and from its log alone.

  --keys N         keys (default: 50000000; about 8 GB of disk)
  --gets N         gets with a tenth of the memory, for each number of threads (default: 100000)
  --dir DATA_DIR   where the data is made, in DATA_DIR/mapcask-beyond-memory, which is removed before and after
                   (default: target)
  --label L        end of the results folder's name (default: beyond-memory)
  --keep           leaves the data where it is
  --json           the summary to stdout, the table to stderr

Without the right to make a cgroup (it takes root) the page cache is not limited; the results say so.
Exit status: 0; 1 an answer was wrong (the folder's name ends in .FAIL), or something broke; 2 wrong usage.
USAGE
}

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
read_options "--json" "--keys --gets --label" "$@"
build

keys=50000000
for ((i = 0; i < ${#arguments[@]}; i++)); do
    [ "${arguments[i]}" != --keys ] || keys=${arguments[i + 1]}
done

# Heap, a tenth of the directory (14.6 bytes a key), and 192 MiB for the rest of the JVM and the page cache.
tenth=$((keys * 146 / 100))
[ "$tenth" -ge 8388608 ] || tenth=8388608
limit=$((134217728 + tenth + 201326592))
cgroup=
make_cgroup() {
    local parent
    for parent in /sys/fs/cgroup/memory /sys/fs/cgroup; do
        if mkdir "$parent/mapcask-bench-$$" 2>/dev/null; then
            cgroup="$parent/mapcask-bench-$$"
            if { [ -f "$cgroup/memory.limit_in_bytes" ] && echo "$limit" >"$cgroup/memory.limit_in_bytes"; } 2>/dev/null ||
                { [ -f "$cgroup/memory.max" ] && echo "$limit" >"$cgroup/memory.max"; } 2>/dev/null; then
                return 0
            fi
            rmdir "$cgroup"
            cgroup=
        fi
    done
    echo "beyond-memory.sh: no memory cgroup can be made here; the page cache is not limited" >&2
}
make_cgroup

make_data mapcask-beyond-memory
if [ -n "$cgroup" ]; then
    [ "$keep" = yes ] || trap 'rm -rf "$data"; rmdir "$cgroup" 2>/dev/null' EXIT
    arguments+=(--cgroup "$cgroup")
fi

measure -Xmx256m org.mapcask.bench.BeyondMemoryBench
