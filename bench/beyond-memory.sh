#!/usr/bin/env bash
# A key directory larger than its memory, checkpoints, and opens; writes results/<date>-beyond-memory/.
set -u

usage() {
    cat <<'USAGE'
usage: bench/beyond-memory.sh [--keys N] [--gets N] [--dir DATA_DIR] [--label L] [--json]

Builds the project, then loads N keys of 16 B with values of 100 B into a store whose key directory has a tenth of the
memory that it takes, in a memory cgroup (v1 or v2) that holds no more, and gets keys at random: how many pages of the
directory are read a get, and how long it takes. Then the same with all of the memory: bytes a key while it grows, the
longest put, and how long the store takes to open after a clean close, after kill -9, and from its log alone.

  --keys N         keys (default: 50000000; about 8 GB of disk)
  --gets N         gets with a tenth of the memory, for each number of threads (default: 100000)
  --dir DATA_DIR   where the data is made, in DATA_DIR/mapcask-beyond-memory, which is removed before and after
                   (default: target)
  --label L        end of the results folder's name (default: beyond-memory)
  --json           the summary to stdout, the table to stderr

Without the right to make a cgroup (it takes root) the page cache is not limited; the results say so.
Exit status: 0; 1 an answer was wrong (the folder's name ends in .FAIL), or something broke; 2 wrong usage.
USAGE
}

command_line="bench/beyond-memory.sh"
dir=
keys=50000000
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
        --keys | --gets | --label)
            [ $# -ge 2 ] || { usage >&2; exit 2; }
            [ "$1" = --keys ] && keys=$2
            arguments+=("$1" "$2"); command_line+=" $1 $2"; shift 2 ;;
        *) echo "beyond-memory.sh: unknown option '$1'" >&2; usage >&2; exit 2 ;;
    esac
done

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
build

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

data="${dir:-target}/mapcask-beyond-memory"
rm -rf "$data"
mkdir -p "$data" || exit 1
trap 'rm -rf "$data"; [ -z "$cgroup" ] || rmdir "$cgroup" 2>/dev/null' EXIT

bench_java -Xmx256m org.mapcask.bench.BeyondMemoryBench --dir "$data" --command "$command_line" \
    ${cgroup:+--cgroup "$cgroup"} ${arguments[@]+"${arguments[@]}"}
