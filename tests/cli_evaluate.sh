# predict, evaluate and models: from files to files, some with several threads.
. "$(dirname "$0")/expect.sh"
python=/usr/bin/python3

# A little trained network stands in for the shipped ones.
expect 0 'samples' "$MECHANIST" generate --protocol nature --train 380 --validation 60 --test 400 --seed 5 -o data.h5
mkdir shipped
expect 0 'best at epoch' "$MECHANIST" train --network hadamard --hidden 16 --data data.h5 --batch 100 --steps 20 \
    -o shipped/hadamard-nature.safetensors
expect 0 'best at epoch' "$MECHANIST" train --network average --hidden 8 --data data.h5 --batch 100 --steps 1 \
    --learning-rate 1e-9 -o shipped/poor-nature.safetensors
MECHANIST_MODELS=$PWD/shipped
export MECHANIST_MODELS

expect 0 '^hadamard-nature +hadamard +[0-9]+ +nature +[0-9.]+ % +mechanist' "$MECHANIST" models
holds "an epoch has four digits" grep -Eq 'epoch [0-9.]{1,6}$' stdout
holds "models are listed in the order of their names" sh -c 'tail -n 2 stdout | sort -c'
expect 0 '"name": "hadamard-nature"' "$MECHANIST" models --json
holds "one model is the default" [ "$("$MECHANIST" models | grep -c ' (default)$')" = 1 ]
holds "as JSON, too" [ "$("$MECHANIST" models --json | grep -c '"default": true')" = 1 ]
holds "the options of the training are listed" grep -q '"options": "--network hadamard --hidden 16' stdout
# A folder in which nothing answers by default is listed all the same.
mkdir modelless
expect 0 '^name ' env MECHANIST_MODELS="$work/modelless" "$MECHANIST" models

expect 0 'top-1' "$MECHANIST" evaluate --data data.h5
expect 0 'top-1' "$MECHANIST" evaluate --data data.h5 --points 2 --noise 5
expect 0 'top1' "$MECHANIST" evaluate --data data.h5 --points 2 --noise 5 --json
cp stdout first
expect 0 'top1' "$MECHANIST" evaluate --data data.h5 --points 2 --noise 5 --json --threads 1
holds "the same seed gives the same figures for any number of threads" cmp -s stdout first
expect 0 'top1' "$MECHANIST" evaluate --data data.h5 --points 2 --noise 5 --json --seed 2
holds "another seed draws other points and noise" sh -c '! cmp -s stdout first'
expect 0 '"top1"' "$MECHANIST" evaluate --data data.h5 --json
cp stdout metrics.json
holds "the default is the shipped model of nature with the highest accuracy" grep -q hadamard-nature metrics.json
expect 0 '400 samples, 20 labels' "$MECHANIST" predict --data data.h5 -o probabilities.npy
holds "predict writes its file" test -s probabilities.npy
cp data.h5 kept.h5
refuse 2 '-o and --data are one file' "$MECHANIST" predict --data kept.h5 -o ./kept.h5
holds "the data are untouched" cmp -s data.h5 kept.h5
refuse 2 '--points takes a whole number from 1 on' "$MECHANIST" predict --data data.h5 --points 0 -o none.npy
expect 0 '"n": 400' "$MECHANIST" predict --model hadamard-nature --data data.h5 -o probabilities.npy --json

if $python -c 'import h5py' 2>/dev/null; then
    holds "an independent computation gives the same metrics" $python - <<'PYTHON'
import json
import h5py
import numpy as np

p = np.load("probabilities.npy").astype(float)
y = h5py.File("data.h5")["test/y"][:]
m = json.load(open("metrics.json"))
n = len(y)
order = np.argsort(-p, axis=1, kind="stable")
rank = (order == y[:, None]).argmax(1)
entropy = -np.where(p > 0, p * np.log(np.where(p > 0, p, 1)), 0).sum(1)
sums = np.cumsum(np.take_along_axis(p, order, 1), 1)
checks = {
    "n": (m["n"], n),
    "top1": (m["top1"], (rank == 0).mean()),
    "top3": (m["top3"], (rank < 3).mean()),
    "cross_entropy": (m["cross_entropy"], -np.log(np.maximum(p[np.arange(n), y], 1e-12)).mean()),
    "entropy mean": (m["entropy"]["mean"], entropy.mean()),
    "entropy median": (m["entropy"]["median"], np.median(entropy)),
    "entropy sd": (m["entropy"]["sd"], entropy.std()),
}
for name, level in (("credible_set", 0.95), ("credible_set_99", 0.99)):
    size = np.minimum((sums < level).sum(1) + 1, p.shape[1])
    checks[name + " coverage"] = (m[name]["coverage"], (rank < size).mean())
    checks[name + " mean size"] = (m[name]["mean_size"], size.mean())
    for i in range(6):
        share = (size == i + 1 if i < 5 else size >= 6).mean()
        checks[name + " share of size %d" % (i + 1)] = (m[name]["size_share"][i], share)
top = p.max(1)
bins = np.minimum((top * 15).astype(int), 14)
ece = sum(abs((rank[bins == b] == 0).sum() - top[bins == b].sum()) for b in range(15)) / n
checks["ece"] = (m["ece"], ece)
confusion = np.zeros((20, 20), int)
np.add.at(confusion, (y, order[:, 0]), 1)
assert (np.array(m["confusion"]) == confusion).all()
checks["recall"] = (sum(m["recall"]), sum(confusion[c, c] / confusion[c].sum() for c in range(20)))
bad = {k: v for k, v in checks.items() if abs(v[0] - v[1]) > 1e-9}
assert not bad, bad
assert p.shape == (n, 20) and np.load("probabilities.npy").dtype == np.float32
PYTHON
else
    echo "python3-h5py is absent: the independent computation is skipped"
fi

# Intervals, and comparison with another model.
for species in S P; do
    expect 0 '^top-1 ' "$MECHANIST" evaluate --data data.h5 --points 6 --noise 5 --species $species
    expect 0 'probabilities of [24]00 samples' "$MECHANIST" predict --data data.h5 --points 6 --species $species -o only-$species.npy
done
holds "what was measured alone makes a difference" sh -c '! cmp -s only-S.npy only-P.npy'
refuse 2 "--species takes S or P, not 'Q'" "$MECHANIST" evaluate --data data.h5 --species Q
expect 0 '^top-1 +[0-9.]+ \([0-9.]+ to [0-9.]+\) %' "$MECHANIST" evaluate --data data.h5 --resamples 50
holds "recall, precision and F1 stand beside each other" grep -Eq '^class +recall % +precision % +F1 %' stdout
holds "the reliability table is there" grep -q '^highest probability' stdout
expect 0 '^top-1 +[0-9.]+ %' "$MECHANIST" evaluate --data data.h5 --resamples 0
holds "no resamples, no intervals" sh -c '! grep -q "intervals" stdout'
expect 0 '"resamples": 50' "$MECHANIST" evaluate --data data.h5 --resamples 50 --json --threads 1
cp stdout first
expect 0 '"intervals"' "$MECHANIST" evaluate --data data.h5 --resamples 50 --json --threads 3
holds "intervals are the same for any number of threads" cmp -s stdout first
expect 0 "McNemar's test +(exact|chi-squared)" "$MECHANIST" evaluate --data data.h5 --against poor-nature --resamples 0
expect 0 '"against": \{"model": ".*poor-nature.safetensors"' "$MECHANIST" evaluate --data data.h5 --against poor-nature --json
expect 0 'exact .*p = 1$' "$MECHANIST" evaluate --data data.h5 --against hadamard-nature
refuse 1 "there is no model 'nonesuch'" "$MECHANIST" evaluate --data data.h5 --against nonesuch

# A grid: one table in three forms, whose cells are those of single judgements; and its figure.
expect 0 '^ +3 +0.5 +[0-9.]+ \(' "$MECHANIST" evaluate --data data.h5 --points 2,3 --noise 0,0.5 --resamples 20
holds "a table has a row a cell" test "$(wc -l <stdout)" -eq 5
expect 0 '^points,noise,n,top1,top1_low,top1_high,' "$MECHANIST" evaluate --data data.h5 --points 2,3 --noise 0,5 --csv \
    --resamples 20
cp stdout grid.csv
holds "the grid is the same for any number of threads" sh -c '"$MECHANIST" evaluate --data data.h5 --points 2,3 \
    --noise 0,5 --csv --resamples 20 --threads 1 -o other.csv && cmp -s grid.csv other.csv'
expect 0 '"cells": \[\{"points": 2' "$MECHANIST" evaluate --data data.h5 --points 2,3 --noise 0,5 --json --resamples 20
cp stdout grid.json
expect 0 '"top1"' "$MECHANIST" evaluate --data data.h5 --points 3 --noise 5 --json --resamples 20
cp stdout cell.json
expect 0 '^2,0,S,' "$MECHANIST" evaluate --data data.h5 --points 2,3 --noise 0 --species S --csv --resamples 0
expect 0 '^points,noise,n,top1,top3' "$MECHANIST" evaluate --data data.h5 --grid --csv --resamples 0
holds "the default grid has 8 by 5 cells" test "$(wc -l <stdout)" -eq 41
for format in svg pdf png; do
    holds "the grid is drawn as $format" "$MECHANIST" plot grid grid.csv -o grid.$format
    holds "reliability is drawn as $format" "$MECHANIST" plot reliability --data data.h5 --points 3 -o reliability.$format
done
expect 0 'in nats' "$MECHANIST" plot grid grid.csv --figure cross_entropy -o -
refuse 2 "there is no --figure 'beauty'" "$MECHANIST" plot grid grid.csv --figure beauty -o x.svg
refuse 1 "grid.csv:1: there is no column 'conformal_size_99'" "$MECHANIST" plot grid grid.csv --figure conformal_size_99 -o x.svg
printf 'points,noise,top1\n2,0,x\n' >bad.csv
refuse 1 "bad.csv:2: column 3 \('top1'\): 'x' is no number" "$MECHANIST" plot grid bad.csv -o x.svg
printf 'points,noise,top1\n2,0,0.5\n3,1,0.25\n' >holes.csv
expect 0 'svg' "$MECHANIST" plot grid holes.csv -o -
refuse 2 "--points takes whole numbers from 1 on, N1,N2,..., not '2,x'" "$MECHANIST" evaluate --data data.h5 --points 2,x
refuse 2 "not '0'" "$MECHANIST" evaluate --data data.h5 --points 0
refuse 2 '--csv goes with' "$MECHANIST" evaluate --data data.h5 --csv
refuse 2 '--json and --csv' "$MECHANIST" evaluate --data data.h5 --grid --csv --json
refuse 2 '--against goes with one' "$MECHANIST" evaluate --data data.h5 --grid --against poor-nature
refuse 2 'exclude each other' "$MECHANIST" evaluate --data data.h5 --calibrated --uncalibrated

if $python -c 'import numpy' 2>/dev/null; then
    holds "figures agree between the forms, and predict agrees with evaluate" $python - <<'PYTHON'
import csv
import json
import subprocess
import os
import h5py
import numpy as np

cell, grid = json.load(open("cell.json")), json.load(open("grid.json"))
last, row = grid["cells"][3], list(csv.DictReader(open("grid.csv")))[3]
assert (last["points"], last["noise"], row["points"], row["noise"]) == (3, 5, "3", "5")
flat = {"top1": cell["top1"], "ece": cell["ece"], "brier": cell["brier"], "entropy_sd": cell["entropy"]["sd"],
        "coverage_99": cell["credible_set_99"]["coverage"], "size_95": cell["credible_set"]["mean_size"]}
for name, value in flat.items():
    assert value == last[name] == float(row[name]), name
ends = cell["intervals"]["top1"]
assert ends == last["intervals"]["top1"] == [float(row["top1_low"]), float(row["top1_high"])]
assert ends[0] <= cell["top1"] <= ends[1]
assert len(cell["reliability"]) == 15 and abs(sum(b["share"] for b in cell["reliability"]) - 1) < 1e-12
subprocess.run([os.environ["MECHANIST"], "predict", "--data", "data.h5", "--points", "3", "--noise", "5", "-o", "p.npy"],
               check=True, stdout=subprocess.DEVNULL)
y = h5py.File("data.h5")["test/y"][:]
assert abs((np.load("p.npy").argmax(1) == y).mean() - cell["top1"]) < 1e-12
PYTHON
fi

refuse 2 '--data is missing' "$MECHANIST" evaluate
refuse 2 '-o is missing' "$MECHANIST" predict --data data.h5
refuse 2 '--noise takes a percentage' "$MECHANIST" evaluate --data data.h5 --noise -1
refuse 2 '--noise takes a percentage' "$MECHANIST" evaluate --data data.h5 --noise 101
refuse 1 "there is no split 'tests'" "$MECHANIST" evaluate --data data.h5 --split tests
refuse 1 "there is no model 'nonesuch'" "$MECHANIST" evaluate --data data.h5 --model nonesuch
refuse 1 'none.h5' "$MECHANIST" evaluate --data none.h5
expect 0 'samples +60' "$MECHANIST" evaluate --data data.h5 --split validation
expect 0 'hadamard-nature.safetensors' "$MECHANIST" evaluate --model ./shipped/hadamard-nature.safetensors --data data.h5
refuse 1 'points' "$MECHANIST" evaluate --data data.h5 --points 500
refuse 1 'cannot be written' "$MECHANIST" predict --data data.h5 -o none/probabilities.npy
head -c 2000 data.h5 >short.h5
refuse 1 'short.h5' "$MECHANIST" evaluate --data short.h5
head -c 2000 probabilities.npy >model.safetensors
refuse 1 'model.safetensors' "$MECHANIST" evaluate --data data.h5 --model model.safetensors

# A damaged model is left out with one line; the others can still be used.
head -c 300 shipped/hadamard-nature.safetensors >shipped/short.safetensors
expect 0 'left out: .*short.safetensors: the header is said to have' "$MECHANIST" models
holds "a damaged model does not hide the others" grep -q '^hadamard-nature ' stdout
expect 0 'top-1' "$MECHANIST" evaluate --data data.h5
holds "one line tells of the damaged model" test "$(wc -l <stderr)" -eq 1
refuse 1 'short.safetensors: the header is said to have' "$MECHANIST" evaluate --data data.h5 --model short
rm shipped/short.safetensors

# A model is asked about data of the other design: the answer comes with one line that says so.
"$MECHANIST" generate --protocol seed --test 20 --mechanisms M1 -o one.h5 >/dev/null 2>&1
"$MECHANIST" generate --protocol seed --test 20 -o seed.h5 >/dev/null 2>&1
# Fits in place of a model: of exact samples, and of experiments with errors (format 2).
{ "$MECHANIST" generate --protocol nature --mechanisms M1,M4 --train 40 --validation 4 --test 8 --seed 1 -o two.h5 &&
    "$MECHANIST" generate --design laboratory --mechanisms M1,M4 --train 0 --validation 0 --test 6 --seed 2 -o runs.h5 &&
    "$MECHANIST" train --network average --hidden 4 --data two.h5 --steps 1 --batch 20 -o two.safetensors
} >/dev/null 2>log || { cat log; exit 1; }
expect 0 'answered by +fits of the mechanisms of two.safetensors' \
    "$MECHANIST" evaluate --data two.h5 --points 6 --fits --model two.safetensors --against two.safetensors
holds "fits are right without noise" grep -Eq '^top-1 +100.00' stdout
holds "the network is not" grep -Eq 'this model alone [1-9]' stdout
"$MECHANIST" evaluate --data two.h5 --points 6 --noise 1 --fits --model two.safetensors --json >fits.json 2>/dev/null
holds "JSON says so" grep -q '"fits": true' fits.json
"$MECHANIST" evaluate --data two.h5 --points 6 --noise 1 --fits --model two.safetensors --json --threads 1 >once.json 2>/dev/null
holds "threads change no fit" cmp -s fits.json once.json
expect 0 'samples +6, of design laboratory' "$MECHANIST" evaluate --data runs.h5 --fits --model two.safetensors
holds "most are right" awk '$1 == "top-1" { found = $2 > 60 } END { exit !found }' stdout
expect 1 'the samples are of design fixed-window' "$MECHANIST" evaluate --data seed.h5 --fits
other='was trained on design nature and seed.h5 is of design fixed-window'
expect 0 "$other" "$MECHANIST" evaluate --data seed.h5 --json
holds "it goes to standard error alone" sh -c 'test "$(wc -l <stderr)" -eq 1 && ! grep -q trained stdout'
expect 0 "$other" "$MECHANIST" predict --data seed.h5 -o probabilities.npy
expect 0 "$other" sh -c '"$MECHANIST" plot confusion --data seed.h5 -o - | grep "</svg>"'
expect 0 'top-1' "$MECHANIST" evaluate --data data.h5
holds "data of the model's design bring no such line" test ! -s stderr
refuse 1 'one.h5: the data set has 1 labels' "$MECHANIST" evaluate --data one.h5
refuse 1 'no folder of shipped models' env MECHANIST_MODELS=/nonexistent "$MECHANIST" models
echo none >shipped/default
refuse 1 "shipped/default: line 1: 'none' is no model of this folder" "$MECHANIST" evaluate --data data.h5
rm shipped/default
mkdir empty
refuse 1 'no model of run sets or of design nature' env MECHANIST_MODELS="$PWD/empty" "$MECHANIST" evaluate --data data.h5
(
    ulimit -f 8
    refuse 1 'cannot be written' "$MECHANIST" predict --data data.h5 -o large.npy
    holds "a full disk leaves no part of a file" test ! -e large.npy
    [ "$failures" = 0 ]
) || failures=$((failures + 1))
finish
