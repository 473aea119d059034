# Networks of run sets from files to files: trained on data of format 2, stopped and resumed, asked, judged slice by slice,
# calibrated; and what they and networks of samples refuse. Some with several threads.
. "$(dirname "$0")/expect.sh"
python=/usr/bin/python3

cat >own.txt <<'TEXT'
name: own
runs: 30 % 2, 40 % 4, else 5
loadings: uniform 0.01 0.10
loadings-ratio: 1.15
followed-to: uniform 0.8 0.99
goes-on: 75 % 1, else 2
points: uniform 6 20
times: even
reading-at-0: yes
species: 50 % S and P, 25 % S, else P
noise: log-uniform 0.001 0.01
loading-error: 30 % none, else log-uniform 0.01 0.1
TEXT
{ "$MECHANIST" generate --design own.txt --mechanisms M1,M4,M6 --train 1200 --validation 600 --test 300 --thetas 600 --seed 3 \
    -o runs.h5 && "$MECHANIST" generate --mechanisms M1,M4,M6 --train 30 --validation 30 --test 240 --seed 3 -o four.h5
} >log 2>&1 || { cat log; exit 1; }

# Training from a file; interrupted, it goes on to the same bytes.
task="--network set --hidden 8 --data runs.h5 --batch 60 --learning-rate 0.005 --seed 2"
expect 0 'set, .* best at epoch' "$MECHANIST" train $task --steps 120 --threads 1 -o model.safetensors
resume=
for moment in 0.2 0.3 0.4; do
    "$MECHANIST" train $task --steps 120 --threads 2 $resume -o other.safetensors >/dev/null 2>&1 &
    pid=$!
    sleep $moment
    kill -INT $pid 2>/dev/null
    wait $pid 2>/dev/null
    [ -e other.checkpoint ] || break
    resume=--resume
done
if [ -e other.checkpoint ] || [ ! -e other.safetensors ]; then
    expect 0 'best at epoch' "$MECHANIST" train $task --steps 120 --threads 2 $resume -o other.safetensors
fi
holds "an interrupted training ends with the same bytes" cmp -s model.safetensors other.safetensors
holds "and with the same history" cmp -s model.history.csv other.history.csv
holds "the model has its design and its mechanisms" grep -aq 'name: own' model.safetensors
refuse 1 'four.h5: is of format 1' "$MECHANIST" train --network set --data four.h5 -o x.safetensors

# Answers and judgements.
expect 0 '300 samples, 3 labels' "$MECHANIST" predict --model model.safetensors --data runs.h5 --threads 1 -o p.npy
expect 0 '"n": 300' "$MECHANIST" predict --model model.safetensors --data runs.h5 --threads 3 --json -o q.npy
holds "several threads give the same probabilities" cmp -s p.npy q.npy
expect 0 '^samples +300, of design own$' "$MECHANIST" evaluate --model model.safetensors --data runs.h5 --resamples 20
holds "the network has learned something (a third would be chance)" awk '$1 == "top-1" { ok = $2 > 45 } END { exit !ok }' stdout
for slice in 'runs +2' ' +5' 'species +S and P' ' +S ' 'noise +least third' 'loading errors +none' 'a plateau +no' ' +yes'; do
    holds "there is a slice: $slice" grep -Eq "^$slice.* [0-9.]+, [0-9.]+ " stdout
done
expect 0 '"of": "design own"' "$MECHANIST" evaluate --model model.safetensors --data runs.h5 --resamples 0 --json
cp stdout metrics.json
expect 0 '"against"' "$MECHANIST" evaluate --model model.safetensors --data runs.h5 --against other.safetensors --json --resamples 0

# Calibration on experiments: the weights stay.
for method in temperature vector adaptive; do
    expect 0 "calibrated with 300 samples \($method" "$MECHANIST" calibrate --model model.safetensors --data runs.h5 \
        --method $method --threads 1 -o $method.safetensors
done
expect 0 'on 300 others' "$MECHANIST" calibrate --model model.safetensors --data runs.h5 --threads 3 -o again.safetensors
holds "several threads give the same bytes" cmp -s adaptive.safetensors again.safetensors
expect 0 '95 % conformal set holds' "$MECHANIST" evaluate --model adaptive.safetensors --data runs.h5 --calibrated --resamples 0
expect 0 '300 samples' "$MECHANIST" predict --model temperature.safetensors --data runs.h5 --calibrated -o t.npy
for figure in confusion reliability entropy credible-sets; do
    holds "$figure is drawn" "$MECHANIST" plot $figure --model adaptive.safetensors --data runs.h5 -o $figure.svg
done
holds "the figure says what the samples are" grep -q 'design own' confusion.svg

# Samples of four runs, too, exact ones told to be so.
expect 0 'own and four.h5 is of design nature' "$MECHANIST" evaluate --model model.safetensors --data four.h5 --resamples 0
expect 0 '6 points after t = 0, 1 % noise added, told to be exact' "$MECHANIST" evaluate --model model.safetensors \
    --data four.h5 --points 6 --noise 1 --exact --resamples 0
expect 0 '^2,1,' "$MECHANIST" evaluate --model model.safetensors --data four.h5 --points 2,6 --noise 1 --csv --resamples 0

if $python -c 'import h5py' 2>/dev/null; then
    holds "an independent computation gives the same figures, slices and temperature" $python - <<'PYTHON'
import json, struct
import h5py
import numpy as np

m, p = json.load(open("metrics.json")), np.load("p.npy").astype(float)
g = h5py.File("runs.h5")["test"]
y, runs, readings = g["y"][:], g["run_offset"][:].astype(int), g["reading_offset"][:].astype(int)
right = p.argmax(1) == y
nats = -np.log(np.maximum(p[np.arange(len(y)), y], 1e-12))
assert m["n"] == len(y) == 300 and abs(m["top1"] - right.mean()) < 1e-12 and abs(m["cross_entropy"] - nats.mean()) < 1e-9
known = ["S and P" if np.isfinite(g["substrate"][readings[r]]) and np.isfinite(g["product"][readings[r]])
         else "S" if np.isfinite(g["substrate"][readings[r]]) else "P" for r in runs[:-1]]
noise, loading, goes_on = (g["errors/" + n][:] for n in ("noise", "loading_spread", "goes_on"))
masks = {"runs": lambda s: np.diff(runs) == int(s), "species": lambda s: np.array(known) == s,
         "a plateau": lambda s: (goes_on > 1) == (s == "yes"),
         "loading errors": lambda s: {"none": loading == 0, "below 5 %": (loading > 0) & (loading < 0.05)}.get(s, loading >= 0.05),
         "noise": lambda s: [noise < np.sort(noise)[100], (noise >= np.sort(noise)[100]) & (noise < np.sort(noise)[200]),
                             noise >= np.sort(noise)[200]][["least third", "middle third", "largest third"].index(s)]}
seen = set()
for s in m["slices"]:
    if s["by"] not in masks:
        continue
    mask = masks[s["by"]](s["slice"])
    assert s["n"] == mask.sum() and abs(s["top1"] - right[mask].mean()) < 1e-12, s
    assert abs(s["cross_entropy"] - nats[mask].mean()) < 1e-9, s
    seen.add(s["by"])
assert seen == set(masks) and 0.15 < (goes_on > 1).mean() < 0.35

def header(name):
    data = open(name, "rb").read()
    length, = struct.unpack("<Q", data[:8])
    return json.loads(data[8:8 + length])["__metadata__"], data[8 + length:]

raw, weights = header("model.safetensors")
for method in ("temperature", "vector", "adaptive"):
    meta, same = header(method + ".safetensors")
    assert same == weights and meta["calibration"] == method and meta["calibration_data"].startswith("validation of ")
beta = float(header("temperature.safetensors")[0]["calibration_parameters"])
q = np.exp(beta * np.log(np.maximum(p, 1e-38)))
assert abs(q / q.sum(1, keepdims=True) - np.load("t.npy")).max() < 1e-6
PYTHON
else
    echo "python3-h5py is absent: the independent computations are skipped"
fi

# What does not go together.
{ "$MECHANIST" train --network average --hidden 4 --data four.h5 --steps 1 --batch 20 -o four.safetensors; } >/dev/null 2>&1
refuse 1 'runs.h5: is of format 2, with runs of any shape; the model four.safetensors reads samples of four runs' \
    "$MECHANIST" evaluate --model four.safetensors --data runs.h5
refuse 1 'runs.h5: is of format 2, whose experiments are judged as they are; expected no --points' "$MECHANIST" evaluate \
    --model model.safetensors --data runs.h5 --points 4
refuse 1 'expected no --points, --noise' "$MECHANIST" predict --model model.safetensors --data runs.h5 --noise 1 -o x.npy
refuse 1 'expected no --points, --noise' "$MECHANIST" evaluate --model model.safetensors --data runs.h5 --grid --csv
refuse 1 'expected a model of network set, which can be told' "$MECHANIST" evaluate --model four.safetensors --data four.h5 --exact
expect 1 "four.h5: is of format 1; expected format 2: a network of run sets is calibrated" "$MECHANIST" calibrate \
    --model model.safetensors --data four.h5 --split test -o x.safetensors
refuse 1 'expected no --points or --noise' "$MECHANIST" calibrate --model model.safetensors --data runs.h5 --points 3 \
    -o x.safetensors
refuse 1 'runs.h5: is of format 2' "$MECHANIST" calibrate --model four.safetensors --data runs.h5 -o x.safetensors
refuse 1 "holds no split 'tests'" "$MECHANIST" evaluate --model model.safetensors --data runs.h5 --split tests
refuse 1 'the model was trained on this split' "$MECHANIST" evaluate --model model.safetensors --data runs.h5 --split train
holds "what was refused leaves no file" sh -c '! ls x.* 2>/dev/null | grep -q .'
finish
