#!/usr/bin/env bash
# Puts the tables of a results folder into the native notes that show them.
set -u

usage() {
    cat <<'USAGE'
usage: bench/note-tables.sh RESULTS_FOLDER...

A native note holds a table of a run between two lines:

  <!-- probe: Cold reads -->
  <!-- end -->

The first names the run by the end of its folder's name, and the table by its heading in the README of that folder ("table
1" is the first one under no heading of its own). For each folder given, what stands between such lines is replaced by a
link to the folder, the machine, and the table. The words around them are left alone: read them again afterwards, since a
verdict may no longer follow.

Exit status: 0; 1 a note names a table that the folder does not have; 2 wrong usage.
USAGE
}

case "${1:-}" in
    --help | -h) usage; exit 0 ;;
    "" | -*) usage >&2; exit 2 ;;
esac
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

status=0
for folder in "$@"; do
    folder="${folder%/}"
    [ -f "$folder/README.md" ] || { echo "note-tables.sh: no README.md in $folder" >&2; exit 2; }
    name="${folder##*/}"
    # The date goes, and the number of a second run of that day.
    run="$(printf '%s' "$name" | sed -E 's/^[0-9]{8}-//; s/-[0-9]+$//')"
    for note in native-notes/[0-9]*.md; do
        grep -q "^<!-- $run: " "$note" || continue
        awk -v readme="$folder/README.md" -v name="$name" -v run="$run" -v note="$note" '
            BEGIN {
                title = ""; count = 0; in_table = 0
                while ((getline line < readme) > 0) {
                    if (line ~ /^\* Machine: /) machine = substr(line, 12)
                    if (line ~ /^## /) { title = substr(line, 4) }
                    if (line ~ /^\|/) {
                        if (!in_table) { count++; in_table = 1; numbered = "table " count }
                        tables[numbered] = tables[numbered] line "\n"
                        if (title != "") tables[title] = tables[title] line "\n"
                    } else { in_table = 0 }
                }
                start = "<!-- " run ": "
            }
            index($0, start) == 1 {
                print
                key = substr($0, length(start) + 1); sub(/ -->$/, "", key)
                if (!(key in tables)) { print "note-tables.sh: " note ": no table \"" key "\" in " name > "/dev/stderr"; failed = 1 }
                print "From [results/" name "](../results/" name "/README.md); " machine ".\n"
                printf "%s", tables[key]
                skipping = 1
                next
            }
            skipping && $0 == "<!-- end -->" { skipping = 0 }
            !skipping { print }
            END { if (skipping) { print "note-tables.sh: " note ": no end of a table" > "/dev/stderr"; failed = 1 } exit failed }
        ' "$note" > "$note.new" && mv "$note.new" "$note" || { rm -f "$note.new"; status=1; continue; }
        echo "$note" >&2
    done
done
exit $status
