# classify: kinetic tables in, ranked mechanisms out, as text, JSON, figure and page.
. "$(dirname "$0")/expect.sh"
python=/usr/bin/python3
iron=$SOURCE_DIR/examples/iron-cycloisomerization.csv

# A small network trained for a moment: what it answers means nothing, how it answers is what is tested here.
{ "$MECHANIST" generate --protocol nature --train 200 --validation 20 --test 20 --seed 1 -o d.h5 &&
    mkdir models &&
    "$MECHANIST" train --network hadamard --hidden 8 --data d.h5 --steps 4 --batch 50 --seed 1 -o models/small.safetensors
} >/dev/null 2>log || { cat log; exit 1; }
model=models/small.safetensors

expect 0 'Ranked mechanisms \(\* in the 95 % credible set\)' "$MECHANIST" classify "$iron" --model $model --fast
expect 0 '^  3 +25 +2.241 +0.6 +0 +0.018 +3 +97 % +[0-9.]+  different catalyst +S$' "$MECHANIST" classify "$iron" --model $model --fast
expect 0 'concentrations divided by 0.6, the \[S\]0 of run 1' "$MECHANIST" classify "$iron" --model $model --fast
expect 0 'times divided by 7.99, the longest run' "$MECHANIST" classify "$iron" --model $model --fast
expect 0 '20 points after time 0 of each run used, of 25' "$MECHANIST" classify "$iron" --model $model --fast
expect 0 'runs in the order 1 \(0.375 mol %\), 2 \(1.5 mol %\), 3 \(3 mol %\), 4 \(0.375 mol %, same excess\)' \
    "$MECHANIST" classify "$iron" --model $model --fast
expect 0 '  - the product was not measured: .*\[P\]0 = 0 assumed' "$MECHANIST" classify "$iron" --model $model --fast
expect 0 '  - the loadings of 0.375 to 3 mol % leave the 1 to 10 mol %' "$MECHANIST" classify "$iron" --model $model --fast
expect 0 'small \(hadamard network, design nature\)' env MECHANIST_MODELS="$work/models" "$MECHANIST" classify "$iron" --fast
echo small >"$work/models/default"
expect 0 'small \(hadamard network, design nature\)' env MECHANIST_MODELS="$work/models" "$MECHANIST" classify "$iron" --fast
expect 0 'small \(hadamard' env MECHANIST_MODELS="$work/models" "$MECHANIST" classify "$iron" --model small --fast
expect 0 'P\]0 as given' "$MECHANIST" classify "$iron" --model $model --fast --p0 0,0,0,0.3

# Errors of the experiment widen the answer, unless the table is said to be exact; the answer says which.
expect 0 'probabilities averaged over the errors that loadings' "$MECHANIST" classify "$iron" --model $model --fast
expect 0 'loadings, times and starts taken as exact' "$MECHANIST" classify "$iron" --model $model --fast --exact
expect 0 '"exact": true' "$MECHANIST" classify "$iron" --model $model --fast --exact --json

# One file in other clothes gives the same answer.
"$MECHANIST" classify "$iron" --model $model --fast --json >plain.json
sed -n '/^[^#]/p' "$iron" | tr ',' ';' | tr '.' ',' | sed 's/$/\r/' >body.csv
{ printf '\357\273\277# a comment\r\n'; cat body.csv; printf ';;;\r\n'; } >comma.csv
sed -e 's/,/\t/g' -e '5s/$/\r/' "$iron" >tabs.txt
"$MECHANIST" classify comma.csv --model $model --fast --json >comma.json
"$MECHANIST" classify tabs.txt --model $model --fast --json >tabs.json
"$MECHANIST" classify - --model $model --fast --json <"$iron" >standard.json
[ -f "$SHARED_DIR/experiments/iron-cycloisomerization.tsv" ] &&
    "$MECHANIST" classify "$SHARED_DIR/experiments/iron-cycloisomerization.tsv" --model $model --fast --json >wide.json
cat >odds.txt <<'ODDS'
# what was known before
M6 3     # three to one
M7 = 0
ODDS
"$MECHANIST" classify "$iron" --model $model --fast --json --prior-odds odds.txt >odds.json
"$MECHANIST" classify "$iron" --model $model --fast --json --among M1,m6 --level 0.5 >among.json
"$MECHANIST" classify "$iron" comma.csv --model $model --fast --json >both.json
holds "--threads changes nothing" sh -c '"$MECHANIST" classify "$0" --model "$1" --fast --json --threads 2 | cmp -s - plain.json' \
    "$iron" $model
refuse 2 'takes a whole number from 1 to 1024, not 0' "$MECHANIST" classify "$iron" --threads 0
# The network alone says what it would need where runs are not what it reads.
sed '/^4,/d' "$iron" >three.csv
refuse 1 'has 3 runs; expected four: three that start at one \[S\]0 .*, so 1 more is needed; without --fast any runs are' \
    "$MECHANIST" classify three.csv --model $model --fast
"$MECHANIST" classify "$iron" --model $model --fast --among M1,m6 --report among.html >among.txt
holds "two are ranked" test "$(grep -c '^  [* ] M[0-9]' among.txt)" -eq 2
holds "the others are said to be ruled out" grep -qx '    18 ruled out' among.txt
holds "the page says the same" grep -q '18 ruled out beforehand' among.html
holds "the page ranks no others" sh -c '! grep -q "<td>M7</td>" among.html'
"$MECHANIST" classify "$iron" --model $model --fast --prior-odds odds.txt >odds.out
holds "odds of 0 rule out" grep -qx '    1 ruled out' odds.out
holds "nothing is ruled out unasked" sh -c '! "$MECHANIST" classify "$0" --model "$1" --fast | grep "ruled out"' "$iron" $model
if $python -c 'import json' 2>/dev/null; then
    holds "the JSON is as documented, and alike whatever the file looks like" $python - <<'PYTHON'
import glob, json
one = json.load(open("plain.json"))
assert list(one)[:6] == ["file", "runs", "model", "ranking", "credible_set", "conventions"], list(one)
assert len(one["runs"]) == 4 and one["runs"][3]["points"] == 25 and one["runs"][3]["species"] == ["S"]
assert one["runs"][2]["cat0"] == 0.018 and one["runs"][3]["s0"] == 0.3 and one["runs"][3]["p0"] == 0
ranking = one["ranking"]
assert sorted(r["mechanism"] for r in ranking) == sorted("M%d" % (i + 1) for i in range(20))
p = [r["probability"] for r in ranking]
assert p == sorted(p, reverse=True) and abs(sum(p) - 1) < 1e-6 and min(p) >= 0
classes = {r["mechanism"]: r["class"] for r in ranking}
assert classes["M6"] == "activation" and classes["M20"] == "deactivation"
credible = one["credible_set"]
n = len(credible["mechanisms"])
assert credible["level"] == 0.95 and credible["mechanisms"] == [r["mechanism"] for r in ranking[:n]]
assert sum(p[:n]) >= 0.95 and (n == 1 or sum(p[: n - 1]) < 0.95)
assert any("mass balance" in w for w in one["warnings"])
assert one["conventions"]["run_order"] == [1, 2, 3, 4] and one["conventions"]["points_used"] == 20
for name in ["comma", "tabs", "standard", "wide"]:
    if name + ".json" in glob.glob("*.json"):
        other = json.load(open(name + ".json"))
        assert [r["mechanism"] for r in other["ranking"]] == [r["mechanism"] for r in ranking], name
        assert max(abs(a["probability"] - b) for a, b in zip(other["ranking"], p)) < 1e-6, name
        assert other["runs"] == one["runs"] or name == "wide", name
plain = {r["mechanism"]: r["probability"] for r in ranking}
odds = {r["mechanism"]: r["probability"] for r in json.load(open("odds.json"))["ranking"]}
assert odds["M7"] == 0 and abs(odds["M6"] / odds["M1"] - 3 * plain["M6"] / plain["M1"]) < 1e-6 * odds["M6"] / odds["M1"]
among = json.load(open("among.json"))
assert {r["mechanism"] for r in among["ranking"] if r["probability"] > 0} == {"M1", "M6"}
assert among["credible_set"]["level"] == 0.5
lines = open("both.json").read().splitlines()
assert [json.loads(line)["file"].split("/")[-1] for line in lines] == ["iron-cycloisomerization.csv", "comma.csv"]
PYTHON
fi

# Figure and page.
for format in svg pdf png; do
    expect 0 'Ranked' "$MECHANIST" classify "$iron" --model $model --fast --figure runs.$format
    holds "runs.$format is there" test -s runs.$format
done
expect 0 'Ranked' "$MECHANIST" classify "$iron" --model $model --fast --report page.html
for words in '<h1>.*iron-cycloisomerization.csv</h1>' '<svg ' 'prefers-color-scheme: dark' 'Ranked mechanisms' \
    'Runs as read' 'As the model saw them' 'Mind that' 'the 95 % credible set' '<td>M20</td>' 'precatalyst activates by itself'; do
    holds "the page holds $words" grep -Eq -- "$words" page.html
done
holds "the page asks nothing of other places" sh -c '! grep -Eq "(src|href)=\"https?:|@import|<script" page.html'
if $python -c 'import html.parser' 2>/dev/null; then
    holds "the page's elements are closed in order" $python - <<'PYTHON'
import html.parser

class Check(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.rows = [], 0
    def handle_starttag(self, tag, attributes):
        self.rows += tag == "tr"
        if tag != "meta":
            self.open.append(tag)
    def handle_startendtag(self, tag, attributes):
        pass
    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, (tag, self.open[-3:])
        self.open.pop()

check = Check()
check.feed(open("page.html", encoding="utf-8").read())
assert not check.open, check.open
assert check.rows == 1 + 20 + 1 + 4, check.rows
PYTHON
fi

# Fits, the default: four runs of M1 and as many of the iron reaction, whose answer is known from spectroscopy.
awk 'BEGIN { print "run,time / min,S / mM,P / mM,cat / mM" }' >made.csv
for run in '1 100 0 2' '2 100 0 5' '3 100 0 9' '4 60 40 5'; do
    # shellcheck disable=SC2086 # the run's numbers are meant to fall apart
    set -- $run
    "$MECHANIST" simulate M1 --k 0.004,0.12,0.25,0.0018 --s0 "$2" --p0 "$3" --cat0 "$4" --t-end 800 --points 11 |
        awk -F, -v run="$1" -v cat="$4" 'NR > 1 { print run "," $1 "," $2 "," $3 "," cat }' >>made.csv
done
"$MECHANIST" classify made.csv --exact --json --among M1,M4,M9 >made.json 2>log || cat log
"$MECHANIST" classify "$iron" --json --figure iron.svg --report iron.html >iron.json 2>log || cat log
"$MECHANIST" classify "$iron" --among M6,M8 --json >even.json 2>log || cat log
"$MECHANIST" classify "$iron" --among M6,M8,M7 --prior-odds odds.txt --fits --threads 2 --json >weighed.json 2>log || cat log
"$MECHANIST" classify three.csv --among M4 >poor.txt 2>log || cat log
holds "what no mechanism explains is said first" sh -c 'head -1 poor.txt | grep -q "^Mind: none of the mechanisms explains the readings"'
for words in '^Mind: even the best fit, that of M4, misses the readings by [0-9.]+ % of' '^Answered by fits: 75 readings of 3 runs$' \
    '^  \* M4 +100.0 %' '^    19 ruled out$' '^Classes: bicatalytic 100.0 %' 'off by [0-9.]+ % of \[S\]0' \
    '^ +k2 +[a-z]+ +[0-9.e+-]+ +\([0-9.e+-]+ to [0-9.e+-]+\) conc\^-1 time\^-1$' '^Active catalyst at the end'; do
    holds "the answer says $words" grep -Eq -- "$words" poor.txt
done
for words in 'class="doubt".*None of these mechanisms explains' 'Classes: activation' 'do not tell apart: M[68], M[68]' \
    '<td>k<sub>2</sub></td>.*<td>determined</td>' 'run 1 behaves as if it held [0-9]+ % more catalyst' 'answered by fits'; do
    holds "the page says $words" grep -Eq -- "$words" iron.html
done
holds "the figure has the same first" grep -Eq '^M[68][^0-9M]+[0-9]+[^M]+M[68][^0-9M]+[0-9]+' iron.svg
{ "$MECHANIST" generate --protocol seed --mechanisms M1,M4 --train 20 --validation 4 --test 4 -o seed.h5 &&
    "$MECHANIST" train --network average --hidden 4 --data seed.h5 --steps 1 --batch 20 -o seed.safetensors
} >/dev/null 2>log || { cat log; exit 1; }
expect 0 'the average network took no part' "$MECHANIST" classify made.csv --model seed.safetensors
holds "its mechanisms are fitted" grep -q '^  \* M1 ' stdout
holds "and no others" sh -c '! grep -q "M9" stdout'
cat >mine.txt <<'MINE'
name: mine
cat + S <=> catS : k1, k-1
catS -> cat + P : k2
cat + cat -> dead : k3
MINE
expect 0 '^  [* ] mine ' "$MECHANIST" classify made.csv --mechanism-file mine.txt --among mine,M1
if $python -c 'import json' 2>/dev/null; then
    holds "the answers are right, and as documented" $python - <<'PYTHON'
import json, math
made, iron = (json.load(open(n + ".json")) for n in ("made", "iron"))
assert made["ranking"][0]["mechanism"] == "M1" and made["ranking"][0]["probability"] > 0.8, made["ranking"][:3]
assert made["model"] == "fits" and made["exact"] and made["conventions"] is None
fit = made["fits"][0]
for name, value in {"k1": 0.004, "k-1": 0.12, "k2": 0.25, "k-2": 0.0018}.items():
    found = fit["rate_constants"][name]
    assert found["low"] / 1.1 < value < found["high"] * 1.1, (name, found)
assert fit["rate_constants"]["k1"]["order"] == 2 and fit["deviation"] < 1e-3
assert made["doubts"] == 0 and not made["none_of_these"]["flagged"], made["warnings"]
ranking = iron["ranking"]
assert len(ranking) == 20 and {r["mechanism"] for r in ranking[:2]} == {"M6", "M8"}, ranking[:3]
assert sum(r["probability"] for r in ranking[:2]) > 0.99 and min(r["probability"] for r in ranking[:2]) > 0.1
assert iron["classes"][0]["class"] == "activation" and iron["classes"][0]["probability"] > 0.99
assert abs(sum(c["probability"] for c in iron["classes"]) - 1) < 1e-6
assert [sorted(group) for group in iron["alike"]] == [["M6", "M8"]]
assert sorted(iron["credible_set"]["mechanisms"]) == ["M6", "M8"]
assert iron["none_of_these"]["flagged"] and iron["none_of_these"]["p_value"] < 0.05
assert iron["doubts"] >= 1 and iron["warnings"][0].startswith("none of the mechanisms explains")
assert [r["species"] for r in iron["runs"]] == [["S"]] * 4 and iron["runs"][3]["points"] == 25
assert [f["mechanism"] for f in iron["fits"]] == iron["credible_set"]["mechanisms"]
assert iron["fits"][0]["deviation"] < 0.007 and len(iron["active_catalyst"]) == 4
even, weighed = ({r["mechanism"]: r["probability"] for r in json.load(open(n + ".json"))["ranking"]} for n in ("even", "weighed"))
assert even["M1"] == 0 and weighed["M7"] == 0 and abs(weighed["M6"] / weighed["M8"] / (3 * even["M6"] / even["M8"]) - 1) < 1e-6
PYTHON
fi
cp "$iron" 'a&b<c>.csv'
"$MECHANIST" classify 'a&b<c>.csv' --model $model --fast --report odd.html >/dev/null
holds "names are escaped" grep -q '<h1>a&amp;b&lt;c&gt;.csv</h1>' odd.html

# Several files: the others are answered where one fails, and the failure shows in the exit status.
printf 'run,time,S\n1,0,1\n' >bad.csv
expect 1 '^mechanist: bad.csv:2: run 1 has no point after time 0' "$MECHANIST" classify bad.csv "$iron" --model $model --fast
holds "the good file is answered" grep -q 'Ranked mechanisms' stdout
holds "one line speaks of the bad one" test "$(wc -l <stderr)" -eq 1

refuse 2 'an argument is missing' "$MECHANIST" classify --model $model --fast
refuse 2 '--figure goes with one experiment, not with 2 files' "$MECHANIST" classify "$iron" "$iron" --figure x.svg --model $model --fast
refuse 2 '--fits and --fast contradict each other' "$MECHANIST" classify "$iron" --fits --fast
refuse 2 '--uncalibrated goes with --fast' "$MECHANIST" classify "$iron" --uncalibrated
refuse 2 'names no picture format' "$MECHANIST" classify "$iron" --figure x.gif --model $model --fast
refuse 2 'standard output has the answer' "$MECHANIST" classify "$iron" --report - --model $model --fast
refuse 2 'a share above 0 and at most 1, or per cent' "$MECHANIST" classify "$iron" --level 101 --model $model --fast
refuse 2 'a share above 0 and at most 1, or per cent' "$MECHANIST" classify "$iron" --level 0 --model $model --fast
expect 0 'in the 90 % credible set' "$MECHANIST" classify "$iron" --level 90 --model $model --fast
refuse 2 'takes numbers with commas' "$MECHANIST" classify "$iron" --s0 a --model $model --fast
refuse 1 "there is no mechanism 'M21' to choose; expected one of M1 to M20" "$MECHANIST" classify "$iron" --among M1,M21 --model $model --fast
refuse 1 'names no mechanism' "$MECHANIST" classify "$iron" --among , --model $model --fast
refuse 1 'none.csv: cannot be opened' "$MECHANIST" classify none.csv --model $model --fast
refuse 1 'none.safetensors' "$MECHANIST" classify "$iron" --model none.safetensors
refuse 1 'none.txt: cannot be opened' "$MECHANIST" classify "$iron" --prior-odds none.txt --model $model --fast
refuse 1 'iron-cycloisomerization.csv: --s0 \(\[S\]0\) has 2 values' "$MECHANIST" classify "$iron" --s0 1,2 --model $model --fast
head -c 900 $model >cut.safetensors
refuse 1 'cut.safetensors' "$MECHANIST" classify "$iron" --model cut.safetensors
while IFS='|' read -r line message; do
    printf '# odds\n%s\n' "$line" | sed 's/;/\n/' >odds.txt
    refuse 1 "$message" "$MECHANIST" classify "$iron" --prior-odds odds.txt --model $model --fast
done <<'CASES'
M6|odds.txt:2: 'M6' is not followed by one number
M6 x|odds.txt:2: 'M6 x' is not followed by one number
M6 -1|odds.txt:2: 'M6 -1' is not followed by one number
M6 1 2|odds.txt:2: 'M6 1 2' is not followed by one number
M6 1;M6 2|odds.txt:3: M6 stands here again
|odds.txt: holds no odds
M6 1;M21 2|odds.txt:3: there is no mechanism 'M21' to choose
CASES

# What is read is never overwritten, nor one output by another; a page that cannot be made leaves no figure.
cp "$iron" kept.csv
ln kept.csv linked.html
refuse 2 '--report and an argument are one file; expected another one than linked.html' \
    "$MECHANIST" classify kept.csv --model $model --fast --report linked.html
cp odds.out odds.svg
refuse 2 '--figure and --prior-odds are one file' "$MECHANIST" classify kept.csv --model $model --fast --prior-odds odds.svg --figure odds.svg
refuse 2 '--figure and --report are one file' "$MECHANIST" classify kept.csv --model $model --fast --figure both.svg --report ./both.svg
refuse 2 '--figure and --report are one file' "$MECHANIST" classify kept.csv --model $model --fast --figure both.svg --report both.svg
holds "the table is untouched" cmp -s "$iron" kept.csv
refuse 1 'none/page.html: cannot be written' \
    "$MECHANIST" classify kept.csv --model $model --fast --figure alone.svg --report none/page.html
holds "there is no figure without its page" test ! -e alone.svg
blocks=$(($(wc -c <runs.svg) / 512 + 1))
refuse 1 'page.full.html: cannot be written' sh -c \
    "ulimit -f $blocks; exec \"\$MECHANIST\" classify \"\$0\" --model $model --fast --figure alone.svg --report page.full.html" "$iron"
holds "nor where the disk has room for the figure alone" test ! -e alone.svg

# A full disk leaves neither figure nor page, and prints no answer.
for option in '--figure x.svg' '--figure x.pdf' '--report x.html'; do
    refuse 1 'cannot be written' sh -c "ulimit -f 4; exec \"\$MECHANIST\" classify \"\$0\" --model $model --fast $option" "$iron"
done
holds "nothing is left of what failed" sh -c '! ls x.* .x* 2>/dev/null | grep -q .'

# What the documents show and say of tables and odds.
awk '/^```$/ && !other { inside = !inside; n += inside; next } /^```/ { other = !other; next }
     inside { print > ("shown" n ".txt") }' "$SOURCE_DIR/docs/kinetic-tables.md"
for n in 1 2; do
    holds "table $n of docs/kinetic-tables.md is read" "$MECHANIST" plot experiment shown$n.txt -o shown$n.svg
    holds "its two runs are drawn" grep -q "cat 2 mol %\|run 2" shown$n.svg
done
awk '/^```$/ && !other { inside = !inside; next } /^```/ { other = !other; next } inside' "$SOURCE_DIR/docs/classify.md" >odds.txt
expect 0 'Ranked' "$MECHANIST" classify "$iron" --model $model --fast --prior-odds odds.txt
if $python -c 'import re' 2>/dev/null; then
    $python - "$SOURCE_DIR/docs/kinetic-tables.md" <<'PYTHON'
import re, sys

roles = {"time": 1, "substrate": 2, "product": 3, "catalyst": 4, "run": 0, "start of substrate": 5, "start of product": 6}
rows = [["a", "0", "1", "0", "0.01", "1", "0"], ["a", "5", "0.5", "0.5", "0.01", "1", "0"]]
n = 0
for line in open(sys.argv[1], encoding="utf-8"):
    cells = [c.strip() for c in line.split("|")]
    if len(cells) != 4 or cells[1] not in roles:
        continue
    for header in re.findall("`([^`]+)`", cells[2]):
        headers = ["run", "time", "S", "P", "cat", "S0", "P0"]
        headers[roles[cells[1]]] = header
        n += 1
        with open("header%d.csv" % n, "w") as f:
            f.write("\n".join(";".join(r) for r in [headers] + rows) + "\n")
assert n > 30, n
for unit in ["Time / s", "time (min)", "t [h]", "t[h]", "time, s", "time in s", "time / \u00b5s"]:
    n += 1
    with open("header%d.csv" % n, "w") as f:
        f.write("\n".join(";".join(r) for r in [["run", unit, "S", "P", "cat", "S0", "P0"]] + rows) + "\n")
PYTHON
    for file in header*.csv; do
        holds "$(head -1 $file) is known" "$MECHANIST" plot experiment $file -o header.svg
    done
fi

# Every real file gets an answer or one line that says what is missing.
for file in "$SHARED_DIR"/experiments/*sv; do
    [ -f "$file" ] || continue
    status=0
    "$MECHANIST" classify "$file" --model $model --fast >stdout 2>stderr || status=$?
    name=$(basename "$file")
    case $name in
    iron* | mn* | pd* | ppm* | rh*) holds "$name is answered" test $status -eq 0 ;;
    *)
        holds "$name leaves something open" test $status -eq 1
        holds "$name is refused in one line that names it" sh -c 'test "$(wc -l <stderr)" -eq 1 && grep -q "$0" stderr' "$name"
        holds "$name is told by which option to say it" grep -q -e '--columns' -e '--s0' stderr
        holds "$name gets no answer" test ! -s stdout
        ;;
    esac
done

# More than four runs: four are chosen and named; fewer are refused with what would be needed.
mn=$SHARED_DIR/experiments/mn-silane-oxidation.csv
if [ -f "$mn" ]; then
    expect 0 'of 8 runs four were classified: .*, .*, .* and .*; --runs chooses others' "$MECHANIST" classify "$mn" --model $model --fast
    expect 1 'has 3 runs; expected four: .* so 1 more is needed' "$MECHANIST" classify "$mn" --model $model --fast \
        --runs 'Standard,DE Catalyst 1,DE Catalyst 2'
    for letter in A B C D; do cp "$SHARED_DIR/tables/m09-one-run-per-file-$letter.csv" .; done
    expect 0 '4 files were read as one experiment' "$MECHANIST" classify m09-*.csv --model $model --fast
    expect 1 'has 1 run; expected four: .* so 3 more are needed' "$MECHANIST" classify m09-*.csv --apart --model $model --fast
    expect 0 'Ranked' "$MECHANIST" classify m09-*.csv --model $model --fast --figure together.svg
fi
finish
