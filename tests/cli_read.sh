# read: what is understood of tables and workbooks, as text, JSON, tidy table, figure and a reading kept beside the table.
. "$(dirname "$0")/expect.sh"
python=/usr/bin/python3
cat >plain.csv <<'TABLE'
Oxidation of a silane,,,,
which,clock / s,Silane,Silanol,Mn
a,0,100,0,2
a,60,60,41,2
a,"1,200",5,94,2
b,0,100,0,4
b,60,40,59,4
b,600,4,97,4
c and a name that is far too long for its column,0,50,0,2
c and a name that is far too long for its column,60,n.d.,20,2
c and a name that is far too long for its column,900,2,47,2
blank,0,100,0,0
blank,900,99,1,0
TABLE
expect 0 '^  S +Silane$' "$MECHANIST" read plain.csv
expect 0 '^  time +clock / s$' "$MECHANIST" read plain.csv
expect 0 '^  a +2 +1200 +100 +0 +2 +2 +95 % +- +standard +S P$' "$MECHANIST" read plain.csv
expect 0 '^  c and a name that… +2 +900 +50 ' "$MECHANIST" read plain.csv
expect 0 "^  blank .* blank +S P; left out: no catalyst$" "$MECHANIST" read plain.csv
expect 0 '^  - 1 line above the header was passed over$' "$MECHANIST" read plain.csv
expect 0 "^  - columns told by what their numbers do: S is 'Silane', P is 'Silanol', cat is 'Mn'$" "$MECHANIST" read plain.csv
expect 0 '^  - 1 cell is marked as missing$' "$MECHANIST" read plain.csv

# What may be chosen is listed even where nothing can be understood.
printf 'tau,a,b\n0,1,0\n1,1,0\n0.5,1,0\n' >unclear.csv
expect 1 'no column for time' "$MECHANIST" read unclear.csv
holds "headers are listed" test "$("$MECHANIST" read unclear.csv --headers | tr '\n' ' ')" = "tau a b "
holds "as JSON" test "$("$MECHANIST" read plain.csv --headers --json)" = \
    '{"file": "plain.csv", "headers": ["which", "clock / s", "Silane", "Silanol", "Mn"]}'
printf '0,1\n1,0.5\n2,0.2\n' >bare.csv
holds "columns without headers have numbers" test "$("$MECHANIST" read bare.csv --headers | head -1)" = "column 1"
expect 0 '' "$MECHANIST" read bare.csv --columns 'time=column 1,S=column 2' --cat0 0.01
expect 2 'goes with no --tidy' "$MECHANIST" read plain.csv --headers --tidy out.csv
holds "and nothing is written" test ! -e out.csv
printf 'no table here\n' >none.csv
expect 1 'none.csv' "$MECHANIST" read none.csv --headers
if $python -c 'import json' 2>/dev/null; then
    "$MECHANIST" read plain.csv --json >plain.json
    "$MECHANIST" read plain.csv --tidy tidy.csv >/dev/null
    "$MECHANIST" read tidy.csv --json >tidy.json
    holds "the JSON is as documented, and the tidy table says the same" $python - <<'PYTHON'
import json
one, tidy = json.load(open("plain.json")), json.load(open("tidy.json"))
assert list(one) == ["file", "time_unit", "concentration_unit", "columns", "runs", "notes"], list(one)
assert one["time_unit"] == "s" and one["columns"] == {"run": "which", "time": "clock / s", "S": "Silane", "P": "Silanol", "cat": "Mn"}
first = one["runs"][0]
for key in ["name", "points", "s0", "p0", "b0", "cat0", "loading_percent", "species", "kind", "used", "noise"]:
    assert key in first, key
assert (first["name"], first["points"], first["s0"], first["cat0"], first["b0"], first["kind"]) == ("a", 2, 100, 2, None, "standard")
assert [r["used"] for r in one["runs"]] == [True, True, True, False] and one["runs"][3]["kind"] == "blank"
for a, b in zip(one["runs"], tidy["runs"]):
    for key in ["name", "points", "s0", "p0", "cat0", "species"]:
        assert a[key] == b[key], (key, a, b)
PYTHON
fi
holds "the tidy table goes alone to standard output" sh -c '"$MECHANIST" read plain.csv --tidy - | head -1 | grep -q "^run,time / s,S,P,cat,S0,P0$"'
for format in svg pdf png; do
    expect 0 'Runs as read' "$MECHANIST" read plain.csv --figure runs.$format
    holds "runs.$format is there" test -s runs.$format
done
refuse 2 'takes a file' "$MECHANIST" read plain.csv --figure -

# What a table does not say.
printf 'a,0,1,0.02\na,1,0.5,0.02\nb,0,1,0.02\nb,1,0.4,0.02\n' >bare.csv
refuse 1 "bare.csv:1: the table has no header; .* --columns 'run=1,time=2,S=3,cat=4'" "$MECHANIST" read bare.csv
expect 0 '^  a +1 +1 +1 ' "$MECHANIST" read bare.csv --columns 'run=1,time=2,S=3,cat=4'
printf 'time,S\n0,1\n1,0.5\n0,1\n1,0.4\n' >nocat.csv
refuse 1 "nocat.csv:2: there is no column for the catalyst; .*--cat0 '1 mol %" "$MECHANIST" read nocat.csv
expect 0 '^  2 .* 0.05 +5 +60 % ' "$MECHANIST" read nocat.csv --cat0 '2 mol %,5 mol %'
expect 0 '^  2 .* 0.005 +0.5 +60 % ' "$MECHANIST" read nocat.csv --cat0 0.005
expect 0 '\[B\]0.*' "$MECHANIST" read nocat.csv --cat0 0.005 --b0 2,3
expect 0 'names no unit of concentration: mM was taken, as --cat0 has' "$MECHANIST" read nocat.csv --cat0 '2 mol %,5 mM'
refuse 2 'with a unit behind each or behind the last' "$MECHANIST" read nocat.csv --cat0 '2 mol %,5'
refuse 2 's0 takes numbers' "$MECHANIST" read nocat.csv --s0 x
refuse 2 'loading-basis takes standard or own' "$MECHANIST" read nocat.csv --loading-basis mine
refuse 2 'contradict' "$MECHANIST" read nocat.csv bare.csv --together --apart
printf 'cat,time,S\n1,0,1\n1,1,0.5\n2,0,1\n2,1,0.4\n' >both.csv
expect 0 '^  2 +1 +1 +1 +0 +2 ' "$MECHANIST" read both.csv --columns cat=cat,run=cat
printf 't,"S, mol/L","cat, mmol/L"\n0,1,5\n1,0.5,5\n' >units.csv
expect 0 'concentrations in mol/L' "$MECHANIST" read units.csv
expect 0 "converted to mol/L: 'cat, mmol/L' from mmol/L" "$MECHANIST" read units.csv
printf 't,S,P\n0,1,0\n1,0.5,0.5\n' | "$MECHANIST" read - --cat0 0.1 --unit 'time=h,S=mM' >unit.txt
holds "units can be told" grep -q 'concentrations in mM; time in h' unit.txt

# A reading that is kept beside its table is taken up again; the command line goes before it.
expect 0 'Runs' "$MECHANIST" read nocat.csv --cat0 '2 mol %,5 mol %' --save-reading
holds "it is a text" grep -qx 'cat0 = 2,5' nocat.mechanist
expect 0 '^  - read as nocat.mechanist says$' "$MECHANIST" read nocat.csv
expect 0 '^  2 .* 0.05 +5 +60 % ' "$MECHANIST" read nocat.csv
expect 0 '^  2 .* 0.01 +1 +60 % ' "$MECHANIST" read nocat.csv --cat0 0.01
echo 'colour = red' >>nocat.mechanist
refuse 1 "nocat.mechanist:.*'colour' is not known" "$MECHANIST" read nocat.csv
rm nocat.mechanist

# Runs are chosen by name, else by number.
printf 'run,time / min,S / M,cat / M\n2,0,0.5,0.005\n2,9,0.3,0.005\n1,0,0.5,0.01\n1,9,0.2,0.01\n7,0,0.5,0.02\n7,9,0.1,0.02\n' >numbers.csv
used() { "$MECHANIST" read numbers.csv --runs "$1" --tidy - | sed -n 's/^\([^,]*\),0,.*/\1/p' | tr '\n' ' '; }
holds "what a run is called goes before its number" test "$(used 2)" = '2 '
holds "a number that is no run's name counts them" test "$(used 3)" = '7 '
holds "names and numbers go together" test "$(used '1, 3')" = '1 7 '
refuse 1 "there is no run 'x'; its runs are '2', '1', '7'" "$MECHANIST" read numbers.csv --runs x,2
refuse 1 "there is no run ''" "$MECHANIST" read numbers.csv --runs ''

# What is kept of one table is not said of several.
printf 't / min,S / M\n0,0.5\n10,0.3\n20,0.2\n' >one-a.csv
printf 't / min,S / M\n0,0.5\n10,0.2\n20,0.1\n' >one-b.csv
refuse 1 '2 files were read as one experiment; --apart reads each alone' "$MECHANIST" read one-a.csv one-b.csv \
    --cat0 0.005,0.01 --save-reading
expect 0 'Runs' "$MECHANIST" read one-a.csv --cat0 0.005 --save-reading
expect 0 'one-a.mechanist says how one table is read: it was passed over' "$MECHANIST" read one-a.csv one-b.csv --cat0 0.005,0.01
expect 0 '^  b .* 0.01 +2 ' "$MECHANIST" read one-a.csv one-b.csv --cat0 0.005,0.01
rm one-a.mechanist

# What is no table is named.
printf '%%PDF-1.4\n' >a.pdf
refuse 1 'a.pdf: is a PDF document' "$MECHANIST" read a.pdf
printf '\211PNG\r\n\032\n' >a.csv
refuse 1 'a.csv: is a PNG picture' "$MECHANIST" read a.csv
if $python -c 'import zipfile' 2>/dev/null; then
    $python -c 'import zipfile; z = zipfile.ZipFile("a.zip", "w", zipfile.ZIP_DEFLATED); z.writestr("a.txt", "x"); z.close()'
    refuse 1 'a.zip: is a zip archive without a workbook' "$MECHANIST" read a.zip
fi

# Every handed table is read, or one line says by which option to help.
for file in "$SHARED_DIR"/tables/*.* "$SHARED_DIR"/experiments/*.*sv; do
    [ -f "$file" ] || continue
    case $file in
    *.md) continue ;;
    *m10-* | *m20-* | *m25-* | *alkene* | *sulfide* | *proline* | *rcm*)
        refuse 1 '\-\-(columns|s0|cat0)' "$MECHANIST" read "$file" ;;
    *) expect 0 'Runs as read' "$MECHANIST" read "$file" ;;
    esac
done

# Factors of areas are kept, and refused where they are none or where nothing is an area.
printf 'run,time,S area,P area,cat\na,0,1000,0,0.1\na,1,500,250,0.1\na,2,100,450,0.1\n' >areas.csv
expect 0 '^  a +2 +2 +0.5 +0 +0.1 ' "$MECHANIST" read areas.csv --response S=0.0005,P=0.001 --save-reading
expect 0 '^response = S=0.0005,P=0.001$' cat areas.mechanist
expect 0 '^  a +2 +2 +0.5 +0 +0.1 ' "$MECHANIST" read areas.csv
rm areas.mechanist
expect 0 "^  - the product's areas count 2 times those of the substrate, from the mass balance" "$MECHANIST" read areas.csv
refuse 1 "'much' is no factor for S; expected a positive number" "$MECHANIST" read areas.csv --response S=much
refuse 1 'no column holds areas or integrals' "$MECHANIST" read plain.csv --response S=2
refuse 1 "'bananas' is no unit of S; expected one such as M, mM or %" "$MECHANIST" read plain.csv --unit S=bananas
finish
