# study: every figure and table in one folder and one page, each made again to the same bytes by the command below it.
. "$(dirname "$0")/expect.sh"
python=/usr/bin/python3
MECHANIST_MODELS=$work/models
export MECHANIST_MODELS

# A network of each protocol: the shipped one, and one that has seen a few samples.
mkdir models
cp "$SOURCE_DIR"/models/hadamard-nature.safetensors "$SOURCE_DIR"/models/hadamard-nature.history.csv models
{
    "$MECHANIST" generate --protocol seed --train 200 --validation 40 --seed 3 -o small.h5 &&
        "$MECHANIST" train --network gate --data small.h5 --steps 4 --validation-interval 2 --batch 64 \
            -o models/gate-seed.safetensors
} >log 2>&1 || cat log
holds "there is a network of protocol seed" test -s models/gate-seed.safetensors

make_study() { "$MECHANIST" study -o 'my study' --samples 80 --resamples 40 "$@"; }
expect 0 '^my study/index.html$' make_study
cp -r 'my study' first
for figure in mechanisms solver profiles-fixed-window profiles-nature counts-fixed-window counts-nature prior-fixed-window prior-nature distances-fixed-window \
    distances-nature architecture-average architecture-attention \
    architecture-gate architecture-hadamard architecture-nature history-hadamard-nature history-gate-seed entropy-fixed-window \
    entropy-nature credible-sets-fixed-window credible-sets-nature confusion-gate-seed confusion-hadamard-nature \
    grid-gate-seed-top1 grid-hadamard-nature-top1 grid-hadamard-nature-coverage_99 reliability-hadamard-nature; do
    holds "there is the figure $figure" test -s "first/figures/$figure.svg"
done
holds "nothing half-made is left" sh -c '! find first | grep -E "partial|journal|\.[A-Za-z0-9]{6}$"'

# Run again: the data stay, all else comes out the same.
touch -d '2020-01-01' 'my study/nature.h5' 'my study/tables/grid-hadamard-nature.csv'
expect 0 '^my study/index.html$' make_study
holds "the same comes out again" diff -r first 'my study'
holds "data and grids that are there are not made again" \
    test -z "$(find 'my study/nature.h5' 'my study/tables/grid-hadamard-nature.csv' -newermt 2021-01-01)"
printf 'damaged' >'my study/tables/grid-hadamard-nature.key'
make_study >/dev/null 2>&1
holds "a grid of something else is made again" \
    test -n "$(find 'my study/tables/grid-hadamard-nature.csv' -newermt 2021-01-01)"
holds "and is the same" cmp -s first/tables/grid-hadamard-nature.csv 'my study/tables/grid-hadamard-nature.csv'

if $python -c 'import xml.dom.minidom' 2>/dev/null; then
    # The page as a parser of XML sees it; its commands go into files.
    holds "the page is well-formed, whole and refers to nothing outside" $python - <<'PYTHON'
import glob, json, re, xml.dom.minidom
page = xml.dom.minidom.parse("my study/index.html")
elements = page.getElementsByTagName("*")
ids = [e.getAttribute("id") for e in elements if e.hasAttribute("id")]
assert len(ids) == len(set(ids)), "an id stands twice"
for e in elements:
    assert e.tagName not in ("script", "link", "img", "iframe", "object"), e.tagName
    assert not e.hasAttribute("src") and not e.hasAttribute("onclick"), e.tagName
    for name in ("href", "xlink:href"):
        if e.hasAttribute(name):
            assert e.getAttribute(name)[:1] == "#" and e.getAttribute(name)[1:] in ids, e.getAttribute(name)
    for value in [e.getAttribute(a) for a in e.attributes.keys()]:
        for target in re.findall(r"url\(#([^)]*)\)", value):
            assert target in ids, target
assert "@import" not in open("my study/index.html", encoding="utf-8").read()
figures = page.getElementsByTagName("figure")
assert len(figures) == len(glob.glob("my study/figures/*.svg")) >= 21, len(figures)
def words(e):
    return e.data if e.nodeType == e.TEXT_NODE else "".join(map(words, e.childNodes))
for f in figures:
    svg = f.getElementsByTagName("svg")
    assert len(svg) == 1 and svg[0].getAttribute("role") == "img" and svg[0].getElementsByTagName("title")
    assert words(f.getElementsByTagName("figcaption")[0]).strip()
commands = [line for c in page.getElementsByTagName("code") for line in words(c).splitlines() if line.startswith("mechanist ")]
open("plots", "w").writelines(c + "\n" for c in commands if c.startswith(("mechanist plot ", "mechanist evaluate ")) and " -o " in c)
open("evaluations", "w").writelines(c + "\n" for c in commands if c.endswith(" --json"))
open("generations", "w").writelines(c + "\n" for c in commands if c.startswith("mechanist generate "))
assert len([c for c in commands if c.startswith("mechanist plot ")]) == len(figures)

# Rows of the tables of results: published ones are marked; own ones are compared with evaluate below.
rows, cell = [], None
for tr in page.getElementsByTagName("tr"):
    kind = tr.getAttribute("class")
    if kind == "cell":
        cell = words(tr).strip()
    elif tr.parentNode.parentNode.getAttribute("class") == "results" and kind:
        name = words(tr.getElementsByTagName("th")[0])
        assert (kind == "published") == ("published, other data" in name), name
        numbers = ["".join(n.data for n in td.childNodes if n.nodeType == n.TEXT_NODE) for td in tr.getElementsByTagName("td")]
        intervals = [words(td.getElementsByTagName("small")[0]) if td.getElementsByTagName("small") else "" for td in tr.getElementsByTagName("td")]
        rows.append([kind, cell, name, numbers, intervals])
json.dump(rows, open("rows.json", "w"))
assert sum(r[0] == "own" for r in rows) == 6 and sum(r[0] == "published" for r in rows) == 11, len(rows)
PYTHON
    # run FILE: its commands, as a reader would type them.
    run() {
        sed "s|^mechanist |\"\$MECHANIST\" |" "$1" >"$1.sh"
        sh -e "./$1.sh" >"$1.out" 2>"$1.err" || cat "$1.err"
    }
    rm -r 'my study/figures'/* 'my study'/*.h5 'my study'/tables/*.csv
    run generations
    holds "the commands make the same data" sh -c 'cmp -s first/fixed-window.h5 "my study/fixed-window.h5" && cmp -s first/nature.h5 "my study/nature.h5"'
    grep evaluate plots >grids && run grids
    holds "the commands make the same grids" diff -r first/tables 'my study/tables'
    grep plot plots >drawings && run drawings
    holds "the commands draw the same figures" diff -r first/figures 'my study/figures'
    run evaluations
    holds "the tables hold what evaluate says" $python - <<'PYTHON'
import json
rows = [r for r in json.load(open("rows.json")) if r[0] == "own"]
said = [json.loads(line) for line in open("evaluations.out")]
assert len(said) == len(rows) == 6
def figures(m):
    s = m["credible_set"]
    return [m["top1"], m["top3"], m["cross_entropy"], *[m["entropy"][k] for k in ("mean", "median", "sd")], *s["size_share"],
            s["coverage"], m["credible_set_99"]["coverage"], m["credible_set_99"]["mean_size"]]
decimals = [2, 2, 4, 3, 3, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2]
factors = [100, 100, 1, 1, 1, 1, 100, 100, 100, 100, 100, 100, 100, 100, 1]
for row in rows:
    name, cell = row[2], row[1]
    m = [m for m in said if name in m["model"] and cell == "%d points, %g %% noise" % (m["points"], m["noise"])]
    assert len(m) == 1, (name, cell)
    shown = ["%.*f" % (d, f * x) for d, f, x in zip(decimals, factors, figures(m[0]))]
    assert shown == row[3], (shown, row[3])
    ends = ["%.*f–%.*f" % (d, f * a, d, f * b) for d, f, (a, b) in zip(decimals, factors, figures(m[0]["intervals"]))]
    assert ends == row[4], (ends, row[4])
    path = "first/tables/%s-%d-%g.json" % (name, m[0]["points"], m[0]["noise"])
    assert json.load(open(path)) == m[0], path
PYTHON
fi

# Data that are given are judged where they lie.
expect 0 '^given/index.html$' "$MECHANIST" study -o given --samples 20 --resamples 0 --nature-data first/nature.h5
holds "they are named" grep -q -- '--nature-data first/nature.h5' given/index.html
holds "no copy is made" test ! -e given/nature.h5
holds "there are no intervals where none were asked for" sh -c '! grep -q "resamples</caption>" given/index.html'

# A network of run sets brings experiments of its design.
mkdir sets
cp models/gate-seed.* sets
{ "$MECHANIST" train --network set --hidden 4 --stream --design laboratory --train 60 --validation 30 --thetas 60 --batch 30 --steps 2 \
    -o sets/set-laboratory.safetensors; } >log 2>&1 || cat log
MECHANIST_MODELS=$work/sets expect 0 '^runs/index.html$' "$MECHANIST" study -o runs --samples 40 --resamples 0 \
    --seed-data first/fixed-window.h5 --nature-data first/nature.h5
for figure in profiles-laboratory counts-laboratory entropy-laboratory credible-sets-laboratory confusion-set-laboratory \
    reliability-set-laboratory; do
    holds "there is the figure $figure" test -s "runs/figures/$figure.svg"
done
holds "results are those of the design" grep -q '<h2>Results, design laboratory</h2>' runs/index.html
holds "slices are in the table" grep -q '"slices": \[{"by": "runs"' runs/tables/set-laboratory.json
holds "the command is named" grep -q 'mechanist generate --design laboratory --train 0 --test 40 --seed 1 -o runs/laboratory.h5' runs/index.html
MECHANIST_MODELS=$work/sets refuse 1 'fixed-window.h5: these experiments are not of design laboratory' "$MECHANIST" study -o bad \
    --laboratory-data first/fixed-window.h5

refuse 2 '-o takes a folder' "$MECHANIST" study -o -
refuse 2 '--samples takes a whole number from 1' "$MECHANIST" study --samples 0
refuse 2 'unexpected argument x' "$MECHANIST" study x
: >occupied
refuse 1 'occupied: the folder cannot be made: a file of that name is there' "$MECHANIST" study -o occupied
refuse 1 'none/x: the folder cannot be made' "$MECHANIST" study -o none/x
refuse 1 'none.h5' "$MECHANIST" study -o bad --seed-data none.h5
refuse 1 'first/nature.h5: these samples are not of design fixed-window' "$MECHANIST" study -o bad --seed-data first/nature.h5
mkdir empty
MECHANIST_MODELS=$work/empty refuse 1 'no model of design fixed-window or nature' "$MECHANIST" study -o bad --samples 20 \
    --seed-data first/fixed-window.h5 --nature-data first/nature.h5

# Ctrl-C: a message, no page, and no file that is there in part.
timeout -s INT 1 "$MECHANIST" study -o stopped --samples 200000 >stdout 2>stderr
holds "Ctrl-C ends with a message" grep -q 'stopped.*; the same command goes on$' stderr
holds "a study that was stopped has no page" test ! -e stopped/index.html
holds "and no data that are there in part" test ! -e stopped/fixed-window.h5
finish
