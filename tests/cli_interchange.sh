# SBML and PEtab: what mechanisms and fit write for other programs, and what read makes of it.
. "$(dirname "$0")/expect.sh"
python=/usr/bin/python3
iron=$SOURCE_DIR/examples/iron-cycloisomerization.csv

# well_formed FILE: parsers of XML accept it.
well_formed() { $python -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' "$1"; }

for id in M6 M18 B2+PI+M9; do
    "$MECHANIST" mechanisms $id --format sbml -o model.xml
    holds "$id is well formed" well_formed model.xml
    expect 0 "name=\"$(echo $id | sed 's/[+]/[+]/g')\"" cat model.xml
done
printf 'A + cat <=> cat + B : k1, k-1\nsubstrate: A\nproduct: B\ntitle: less < more & "more"\n' >own.txt
"$MECHANIST" mechanisms --mechanism-file own.txt --format sbml -o own.xml
holds "a title with signs of XML is well formed" well_formed own.xml
expect 0 'less &lt; more &amp; &quot;more&quot;' cat own.xml
refuse 2 'format sbml shows one mechanism' "$MECHANIST" mechanisms --format sbml

# The model of a run has its numbers: here integrated by Euler's method, in 20,000 steps.
"$MECHANIST" simulate M6 --k 2,0.3,1.5,0.1,0.05 --cat0 0.1 --s0 0.9 --p0 0.05 --t-end 20 --points 2 --sbml run.xml -o run.csv
holds "the model of a run runs as it did" $python - <<'EULER'
import csv, xml.etree.ElementTree as tree
space = {"s": "http://www.sbml.org/sbml/level3/version2/core", "m": "http://www.w3.org/1998/Math/MathML"}
model = tree.parse("run.xml").getroot().find("s:model", space)
species = {s.get("id"): s for s in model.iterfind(".//s:species", space)}
y = {i: float(s.get("initialConcentration")) for i, s in species.items()}
k = {p.get("id"): float(p.get("value")) for p in model.iterfind(".//s:parameter", space)} | {"vessel": 1.0}
laws = []
for r in model.iterfind(".//s:reaction", space):
    change = [(x.get("species"), sign * float(x.get("stoichiometry")))
              for sign, side in ((-1, "Reactants"), (1, "Products"))
              for x in r.iterfind(f"s:listOf{side}/s:speciesReference", space)]
    names = [c.text for c in r.iterfind(".//m:ci", space)]
    laws.append((change, [n for n in names if n in y], [k[n] for n in names if n not in y]))
for _ in range(20000):
    slope = dict.fromkeys(y, 0.0)
    for change, of, constants in laws:
        rate = 1.0
        for factor in constants + [y[n] for n in of]:
            rate *= factor
        for name, by in change:
            slope[name] += by * rate
    for name in y:
        y[name] += 1e-3 * slope[name]
last = list(csv.DictReader(open("run.csv")))[-1]
for name, value in y.items():
    assert abs(value - float(last[species[name].get("name")])) < 1e-3, (name, value, last)
assert y["S"] < 0.6
EULER
refuse 2 'sbml goes with one run, not with a table' "$MECHANIST" simulate --table own.txt --sbml run.xml

# A fit: the first mechanism, or those of --among, each in a folder.
"$MECHANIST" fit "$iron" --among M6,M1 --fast --petab both >/dev/null 2>&1
for file in M6/problem.yaml M6/model.xml M6/measurements.tsv M1/v2/problem.yaml M1/v2/experiments.tsv; do
    holds "both/$file is there" test -s both/$file
done
holds "the model of a fit is well formed" well_formed both/M6/model.xml
holds "a folder holds nothing else" test "$(find both/M6 -type f | wc -l)" = 12
holds "what a problem names is there" sh -c 'cd both/M6/v2 && for f in $(grep -o "[a-z./]*[.]\(tsv\|xml\)" problem.yaml); do test -s "$f" || exit 1; done'
"$MECHANIST" fit "$iron" --among M6,M1 --fast --petab again --threads 1 >/dev/null 2>&1
holds "same options, same bytes" diff -r both again

# What was written is read: the same starts and loadings, and the readings that were fitted.
"$MECHANIST" read "$iron" --json >written.json 2>/dev/null
"$MECHANIST" read both/M6/measurements.tsv --json >read.json 2>read.err
holds "read gives the starts and loadings back" $python - <<'COMPARE'
import json
written, read = (json.load(open(name))["runs"] for name in ("written.json", "read.json"))
assert len(written) == len(read) > 1, (len(written), len(read))
for a, b in zip(written, read):
    for key in ("s0", "cat0"):
        assert abs(a[key] - b[key]) <= 1e-9 * abs(a[key]), (key, a[key], b[key])
    assert a["points"] == b["points"] and a["species"] == b["species"], (a, b)
COMPARE
refuse 2 'petab takes a folder' "$MECHANIST" fit "$iron" --petab -
refuse 2 'petab goes with one experiment, not with 2 files' "$MECHANIST" fit "$iron" "$iron" --petab out
: >taken
refuse 1 'taken: the folder cannot be made: a file of that name is there' "$MECHANIST" fit "$iron" --among M1 --fast --petab taken --curves c.csv
holds "no part of the output is left" test ! -e c.csv
finish
