#!/usr/bin/env bash
# Measures puts at a fixed rate for several values of prefaultWindow, and writes results/<date>-prefault/.
# Takes no options; about a minute and 1 GB below target/. MAPCASK_BENCH_BUILD=no measures what was built before.
set -u
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
build

data=target/mapcask-prefault
rm -rf "$data"
mkdir -p "$data" || exit 1
trap 'rm -rf "$data"' EXIT
bench_java -Xms512m -Xmx512m org.mapcask.bench.PrefaultBench "$data" results
