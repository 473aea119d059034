# read: tables as chemists write them, each compared with what a person reads in it (tests/tables/expected.txt).
. "$(dirname "$0")/expect.sh"
command -v python3 >/dev/null || { echo "no python3: skipped"; exit 77; }
holds "every table is read as a person reads it" python3 "$SOURCE_DIR/tests/read_tables.py" "$MECHANIST" "$SOURCE_DIR/tests/tables"
for kind in experiments tables; do # what was measured, and shapes of tables, where they are at hand
    [ -d "$SHARED_DIR/$kind" ] || continue
    holds "every file of $kind is read as a person reads it" python3 "$SOURCE_DIR/tests/read_tables.py" "$MECHANIST" \
        "$SHARED_DIR/$kind" --expected "$SOURCE_DIR/tests/tables/shared-$kind.txt"
done
finish
