# mechanisms: the list, one mechanism in every format, a user's file.
. "$(dirname "$0")/expect.sh"
python=/usr/bin/python3

expect 0 '^M1 +core +core catalytic cycle' "$MECHANIST" mechanisms
holds "twenty mechanisms are listed" test "$(wc -l <stdout)" -eq 20
expect 0 '"id": "M20"' "$MECHANIST" mechanisms --json
cp stdout list.json
expect 0 '^  d\[catS\]/dt = .* - 2 k3 \[catS\]\^2$' "$MECHANIST" mechanisms M18
expect 0 '^  \[S\] \+ \[P\] \+ \[catS\] \+ 2 \[inactive2\] = total substrate material$' "$MECHANIST" mechanisms M18
expect 0 '^  2 cat <=> cat2 : k3, k-3$' "$MECHANIST" mechanisms m2
expect 0 '^  d\[catP\]/dt = k2 \[catS\]\[cat\] - k-2 \[catP\]\[cat\] - k3 \[catP\] \+ k-3 \[cat\]\[P\]$' "$MECHANIST" mechanisms M5
expect 0 '^  L +additive, starts at 1$' "$MECHANIST" mechanisms M8
expect 0 'xrightarrow\{k_\{4\}\} \\mathrm\{inactive' "$MECHANIST" mechanisms M20 --format latex
expect 0 '"conserves": "total catalyst"' "$MECHANIST" mechanisms M20 --format json
cp stdout M20.json
"$MECHANIST" mechanisms M20 --json -o written.json
holds "--json is --format json, to a file as to standard output" cmp -s M20.json written.json

# What is printed of a mechanism's reactions is what a file of it says.
for id in M1 M2 M4 M5 M13 M20; do
    "$MECHANIST" mechanisms $id >$id.txt
    sed -n '/^Reactions/,/^$/{/:/p}' $id.txt >$id.mechanism
    [ $id = M4 ] && printf 'additive: X\nstart: X = 1\n' >>$id.mechanism
    expect 0 'user: ' "$MECHANIST" mechanisms --mechanism-file $id.mechanism
    sed -n '/^Rate equations/,/^$/p' $id.txt >expected
    sed -n '/^Rate equations/,/^$/p' stdout >read
    holds "$id read from its printed reactions has the same rate equations" cmp -s expected read
done

if $python -c 'import json' 2>/dev/null; then
    holds "the JSON of every format is well-formed and whole" $python - <<'PYTHON'
import json

mechanisms = json.load(open("list.json"))
assert [m["id"] for m in mechanisms] == ["M%d" % (i + 1) for i in range(20)]
one = json.load(open("M20.json"))
assert one["class"] == "deactivation" and one["rate_constants"] == ["k1", "k-1", "k2", "k-2", "k3", "k4"]
names = [s["name"] for s in one["species"]]
assert list(one["rate_equations"]) == names
for law in one["conservation_laws"]:
    for r in one["reactions"]:
        change = {}
        for n in r["products"]:
            change[n] = change.get(n, 0) + 1
        for n in r["reactants"]:
            change[n] = change.get(n, 0) - 1
        assert sum(change[n] * law["coefficients"].get(n, 0) for n in change) == 0
PYTHON
fi

# The complete examples of docs/mechanism-files.md: fenced blocks without a language.
awk '/^```$/ { if (inside) inside = 0; else if (!other) { inside = 1; n++ } else other = 0; next }
     /^```/ { other = 1; next } inside { print > ("example" n ".txt") }' "$SOURCE_DIR/docs/mechanism-files.md"
expect 0 '^  cat2 +off-cycle, holds 2 units of catalyst$' "$MECHANIST" mechanisms --mechanism-file example1.txt
expect 0 '^  2 \[Ru2\] \+ \[Ru\] \+ \[RuA\] \+ \[dead\] = total catalyst$' \
    "$MECHANIST" mechanisms --mechanism-file example2.txt
expect 0 '^t,A,B,Ru2,Ru,RuA,L,I,dead$' "$MECHANIST" simulate --mechanism-file example2.txt \
    --k 40,2,15,0.5,3,0.8 --cat0 0.01 --start I=0

printf 'name: Dimer\ntitle: 50%% of \\it\ncat + S -> cat + P : k1\n2 cat <=> cat2 : k3, k-3\n' >dimer.txt
expect 0 '^Dimer: 50% of' "$MECHANIST" mechanisms --mechanism-file dimer.txt
expect 0 'paragraph\{Dimer: 50\\% of \\textbackslash\{\}it' "$MECHANIST" mechanisms --mechanism-file dimer.txt --format latex
expect 0 '^Dimer: ' sh -c '"$MECHANIST" mechanisms --mechanism-file - <dimer.txt'
printf 'cat + S <=> catS : k1\n' >bad.txt
refuse 1 "^mechanist: bad.txt:1:22: the line ends; expected ',' and the rate constant of the way back\$" \
    "$MECHANIST" mechanisms --mechanism-file bad.txt
refuse 1 'none.txt' "$MECHANIST" mechanisms --mechanism-file none.txt
head -c 70000 /dev/zero >zeros.txt
refuse 1 'zeros.txt' "$MECHANIST" mechanisms --mechanism-file zeros.txt
refuse 1 'cannot be written' "$MECHANIST" mechanisms M1 -o none/M1.txt
refuse 2 "there is no mechanism 'M21'" "$MECHANIST" mechanisms M21
refuse 2 "unexpected argument M2" "$MECHANIST" mechanisms M1 M2
refuse 2 "text, json, latex, file, sbml or svg, not 'pdf'" "$MECHANIST" mechanisms M1 --format pdf
refuse 2 "the files have no mechanism 'M1'" "$MECHANIST" mechanisms M1 --mechanism-file dimer.txt
refuse 2 'exclude each other' "$MECHANIST" mechanisms M1 --composed

# Libraries: a mechanism of one's own may be called M1, and several stand in one file or folder.
mkdir own
sed 's/Dimer/M1/' dimer.txt >own/one.txt
{ echo 'mechanism: M2'; sed 1d dimer.txt; "$MECHANIST" mechanisms M6 --format file; } >own/two.txt
expect 0 '^M2 +user +50% of' "$MECHANIST" mechanisms --mechanism-file own
holds "the library has three mechanisms" test "$(wc -l <stdout)" -eq 3
expect 0 '^M1: 50% of' "$MECHANIST" mechanisms M1 --mechanism-file own
expect 0 '^M6: precatalyst' "$MECHANIST" mechanisms M6 --mechanism-file own/one.txt --mechanism-file own/two.txt
refuse 1 "the library has two mechanisms 'M1'" "$MECHANIST" mechanisms --mechanism-file own --mechanism-file own/one.txt
"$MECHANIST" mechanisms --mechanism-file own --format file >library.txt
"$MECHANIST" mechanisms --mechanism-file library.txt --format file >again.txt
holds "a library is read back as it was written" cmp -s library.txt again.txt

# Compositions.
expect 0 '^B2\+PI\+M9 +composed +cycle with the second' "$MECHANIST" mechanisms --composed
expect 0 '^M20 +deactivation' "$MECHANIST" mechanisms --composed --most-parts 1
expect 0 '^resting +PI +the product binds' "$MECHANIST" mechanisms --parts
expect 0 '"row": "loss"' "$MECHANIST" mechanisms --parts --json
expect 0 '^  cat \+ P <=> catP : k3, k-3$' "$MECHANIST" mechanisms m9+pi+b2
expect 0 '^  B +reactant, starts at 1.2, of which 2 counts as one$' "$MECHANIST" mechanisms B2 --b-coefficient 2
expect 0 'ce\{|xrightarrow' "$MECHANIST" mechanisms B2+PI+M9 --format latex
expect 0 '<svg' "$MECHANIST" mechanisms B2+PI+M9 --format svg
refuse 2 'M6 and M7 are both of the row' "$MECHANIST" mechanisms M6+M7
expect 0 '^t,S,P,cat,catS,B,catP,inactive$' "$MECHANIST" simulate B2+PI+M9 --k 40,1,20,1,2,1,0.1 --cat0 0.05 --start B=2
holds "B starts as the command line says" grep -q '^0,1,0,0.05,0,2,0,0$' stdout
# Of a coefficient of two B falls twice as fast as S turns over.
"$MECHANIST" mechanisms B2 --b-coefficient 2 --format file >b2.txt
"$MECHANIST" simulate --mechanism-file b2.txt --k 40,1,20,0 --cat0 0.001 --start B=3 --t-end 5 --points 2 >b2.csv
holds "two B go with each P" awk -F, 'NR == 3 { gap = 3 - $6 - 2 * $3; exit !(gap < 1e-6 && gap > -1e-6 && $3 > 0.01) }' b2.csv
printf 'part: AX\nbound + A -> dead : ka\nadditive: A\nstart: A = 0.01\n' >ax.txt
expect 0 '^  catS \+ A -> dead : ka$' "$MECHANIST" mechanisms B2+AX --part-file ax.txt
expect 0 '^B2\+M9\+AX ' "$MECHANIST" mechanisms --composed --part-file ax.txt
printf 'part: AX\nbound + A -> dead\n' >bad-part.txt
refuse 1 'bad-part.txt:2:18: the line ends' "$MECHANIST" mechanisms --part-file bad-part.txt --parts
refuse 2 'exclude each other' "$MECHANIST" mechanisms M1 --json --format text
refuse 2 'shows one mechanism' "$MECHANIST" mechanisms --format latex
refuse 2 'shows one mechanism' "$MECHANIST" mechanisms --format svg
finish
