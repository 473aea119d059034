# fit: kinetic tables in, fitted mechanisms with their evidence out.
. "$(dirname "$0")/expect.sh"
python=/usr/bin/python3
iron=$SOURCE_DIR/examples/iron-cycloisomerization.csv

expect 0 '^  M6 +[0-9.]+ %' "$MECHANIST" fit "$iron" --among M6,M1 --fast
expect 0 'off by 0\.[4-9][0-9] % of \[S\]0' "$MECHANIST" fit "$iron" --among M6 --fast
expect 0 'run 1 behaves as if it held [0-9]+ % more catalyst than written' "$MECHANIST" fit "$iron" --among M6
expect 0 'Active catalyst at the end of each run' "$MECHANIST" fit "$iron" --among M6 --fast
refuse 2 "loading-error takes a share of at most 100 %, like 5% or 0.05, not 'some'" "$MECHANIST" fit "$iron" --loading-error some
refuse 2 "loading-error takes a share of at most 100 %, like 5% or 0.05, not '5'" "$MECHANIST" fit "$iron" --loading-error 5
refuse 2 "noise-model takes student or gaussian, not 'cauchy'" "$MECHANIST" fit "$iron" --noise-model cauchy
refuse 2 'curves goes with one experiment, not with 2 files' "$MECHANIST" fit "$iron" "$iron" --curves c.csv
refuse 1 'the noise is 0' "$MECHANIST" fit "$iron" --noise 0 --among M1
expect 1 'no.csv' "$MECHANIST" fit no.csv
refuse 2 'composed chooses mechanisms itself' "$MECHANIST" fit "$iron" --composed --among M1
refuse 1 'the coefficient of B is 0' "$MECHANIST" fit "$iron" --b-coefficient 0

# Ranges of the rate constants: those of the wide prior change no bit, narrow ones around the truth are evidence for it, and
# what is wrong with them is said.
"$MECHANIST" fit "$iron" --among M1,M6 --fast --json >wide.json
printf 'M1 k1 1e-5 1e5\n' >ranges.txt
"$MECHANIST" fit "$iron" --among M1,M6 --fast --json --prior ranges.txt >same.json
holds "the wide ranges are the wide prior" cmp -s wide.json same.json
echo 'run,t,S,P,cat' >made.csv
for catalyst in 0.03 0.06; do
    "$MECHANIST" simulate M1 --k 1,0.1,1,0.01 --cat0 $catalyst --t-end 60 --points 13 |
        awk -F, -v cat=$catalyst 'NR > 1 { print cat "," $1 "," $2 "," $3 "," cat }' >>made.csv
done
printf 'M1 k1 0.5 2\nM1 k-1 0.05 0.2\nM1 k2 0.5 2\nM1 k-2 0.005 0.02 # as it was made\n' >narrow.txt
for prior in wide narrow.txt; do
    "$MECHANIST" fit made.csv --among M1 --fast --json --prior $prior | grep -o '"log_evidence":[-0-9.e]*' | head -1 | cut -d: -f2 >>evidence
done
holds "ranges around the truth are evidence for it" awk '{ e[NR] = $1 } END { exit !(NR == 2 && e[2] > e[1] + 1) }' evidence
# A model that learned from these ranges is fitted with them.
MECHANIST_MODELS=$SOURCE_DIR/models $python - narrow.txt <<'MODEL'
import json, os, struct, sys
whole = open(os.environ["MECHANIST_MODELS"] + "/hadamard-nature.safetensors", "rb").read()
length = struct.unpack("<Q", whole[:8])[0]
header = json.loads(whole[8:8 + length])
header["__metadata__"]["prior"] = "".join(line.split(" #")[0].rstrip("\n") + "\n" for line in open(sys.argv[1]))
text = json.dumps(header).encode()
text += b" " * (-len(text) % 8)
open("narrow.safetensors", "wb").write(struct.pack("<Q", len(text)) + text + whole[8 + length:])
MODEL
"$MECHANIST" fit made.csv --among M1 --json --prior narrow.txt | grep -o '"log_evidence":[-0-9.]*' | head -1 | cut -c16-23 >told
"$MECHANIST" classify made.csv --model narrow.safetensors --among M1 --json |
    grep -o '"log_evidence": *[-0-9.]*' | head -1 | sed 's/: */:/' | cut -c16-23 >learned
holds "a model is fitted with the ranges that it learned from" cmp told learned
printf 'M1 k1 2 1\n' >turned.txt
refuse 1 'turned.txt:1:9' "$MECHANIST" fit "$iron" --among M1 --fast --prior turned.txt
refuse 1 'of compositions the prior is wide' "$MECHANIST" fit "$iron" --composed --prior ranges.txt
refuse 1 'none.txt' "$MECHANIST" fit "$iron" --among M1 --fast --prior none.txt

# A second reactant in the file: mechanisms without it come with a word, first of all; readings of B count.
cat >second.csv <<'SECOND'
run,t,S,B,cat
1,0,1,1.2,0.05
1,1,0.8,1.01,0.05
1,2,0.62,0.83,0.05
1,4,0.41,0.6,0.05
1,8,0.2,0.41,0.05
2,0,1,2.4,0.05
2,1,0.65,2.04,0.05
2,2,0.43,1.84,0.05
2,4,0.2,1.59,0.05
2,8,0.04,1.45,0.05
SECOND
expect 0 '^Mind that run 1 starts with only 1.2 times as much of the second reactant B as S takes' "$MECHANIST" fit second.csv --among M1 --fast
expect 0 '^second.csv: 16 readings of 2 runs' "$MECHANIST" fit second.csv --among B2 --fast
"$MECHANIST" fit second.csv --among M1,B2 --json --fast >second.json 2>log || cat log

# With loadings, clocks and starts taken as exact, the same mechanism misses the readings.
"$MECHANIST" fit "$iron" --among M6,M8 --json --curves curves.csv --seed 3 --threads 1 >one.json 2>log || cat log
"$MECHANIST" fit "$iron" --among M6,M8 --json --seed 3 --threads 2 >two.json 2>log || cat log
"$MECHANIST" fit "$iron" --among M6 --json --loading-error 0 --clock-error 0% --start-error 0 --fast >exact.json 2>log || cat log
holds "threads change nothing" cmp -s one.json two.json
holds "the curves have a header" grep -qx 'run,mechanism,time,S,P,active,active_low,active_high' curves.csv
cat >mine.txt <<'MINE'
# A dead end besides the cycle.
name: mine
cat + S <=> catS : k1, k-1
catS -> cat + P : k2
cat -> dead : k3
MINE
expect 0 '^  mine ' "$MECHANIST" fit "$iron" --among M1 --mechanism-file mine.txt --fast
if $python -c 'import json' 2>/dev/null; then
    holds "the JSON is as documented" $python - <<'PYTHON'
import json
one = json.loads(open("one.json").read())
second = json.loads(open("second.json").read())
assert [run["b0"] for run in second["runs"]] == [1.2, 2.4] and second["runs"][0]["species"] == ["S", "B"]
assert second["mechanisms"][0]["mechanism"] == "B2" and "composition" not in second
exact = json.loads(open("exact.json").read())
names = [m["mechanism"] for m in one["mechanisms"]]
assert sorted(names) == ["M6", "M8"], names
best = one["mechanisms"][0]
for key in "probability log_evidence log_evidence_error deviation noise chi2 dof aicc bic rate_constants derived runs".split():
    assert key in best, key
assert abs(sum(m["probability"] for m in one["mechanisms"]) - 1) < 1e-9
assert best["deviation"] < 0.007 and exact["mechanisms"][0]["deviation"] > 2 * best["deviation"]
k2 = best["rate_constants"]["k2"]
assert k2["low"] < k2["value"] < k2["high"] and k2["verdict"] == "determined" and k2["order"] == 1
first = best["runs"][0]
low, high = first["intervals"]["catalyst_factor"]
assert len(best["runs"]) == 4 and 1 < low < first["catalyst_factor"] < high
assert one["alike"] and set(one["alike"][0]) == {"M6", "M8"}
assert {"p_value", "flagged", "better"} == set(one["none_of_these"]) and one["none_of_these"]["better"] is None
assert one["classes"][0]["class"] == "activation"
active = one["active_catalyst"]
assert len(active) == 4 and len(active[0]["time"]) == len(active[0]["share"])
for a in active:
    assert all(0 <= l <= s <= h <= 1 for l, s, h in zip(a["low"], a["share"], a["high"]))
PYTHON
fi
finish
