# calibrate: the weights stay, the probabilities change, and what was promised holds.
. "$(dirname "$0")/expect.sh"
python=/usr/bin/python3
iron=$SOURCE_DIR/examples/iron-cycloisomerization.csv

expect 0 'samples' "$MECHANIST" generate --protocol nature --train 3800 --validation 400 --test 200 --seed 5 -o data.h5
expect 0 'best at epoch' "$MECHANIST" train --network hadamard --hidden 16 --data data.h5 --batch 100 --steps 500 \
    --learning-rate 0.008 -o raw.safetensors

for method in temperature vector adaptive; do
    expect 0 "calibrated with 200 samples \($method" "$MECHANIST" calibrate --model raw.safetensors --data data.h5 \
        --method $method -o $method.safetensors --threads 1
    expect 0 '"n_held_out": 200' "$MECHANIST" calibrate --model raw.safetensors --data data.h5 --method $method \
        -o again.safetensors --threads 3 --json
    holds "$method: the same bytes for any number of threads" cmp -s $method.safetensors again.safetensors
    expect 0 'calibrated\)' "$MECHANIST" evaluate --model $method.safetensors --data data.h5 --calibrated --resamples 0
    holds "$method: conformal sets are reported" grep -q '^99 % conformal set' stdout
done
expect 0 'calibrated with 200 samples' "$MECHANIST" calibrate --model raw.safetensors --data data.h5 --seed 2 -o other.safetensors
holds "another seed gives another calibration" sh -c '! cmp -s other.safetensors adaptive.safetensors'
expect 0 'calibrated with 200 samples' "$MECHANIST" calibrate --model vector.safetensors --data data.h5 -o again.safetensors
holds "a calibration takes the place of the one before" cmp -s again.safetensors adaptive.safetensors

# Without --calibrated everything is as the network gives it.
expect 0 'probabilities of [24]00 samples' "$MECHANIST" predict --model raw.safetensors --data data.h5 -o raw.npy
expect 0 'probabilities of [24]00 samples' "$MECHANIST" predict --model adaptive.safetensors --data data.h5 -o same.npy
expect 0 'probabilities of [24]00 samples' "$MECHANIST" predict --model temperature.safetensors --data data.h5 --calibrated -o calibrated.npy
holds "predict gives the network's probabilities" cmp -s raw.npy same.npy
holds "predict --calibrated gives others" sh -c '! cmp -s raw.npy calibrated.npy'
expect 0 'as the network gives them' "$MECHANIST" evaluate --model adaptive.safetensors --data data.h5 --uncalibrated
refuse 1 'the model has no calibration' "$MECHANIST" predict --model raw.safetensors --data data.h5 --calibrated -o x.npy
refuse 1 'the model has no calibration' "$MECHANIST" evaluate --model raw.safetensors --data data.h5 --calibrated

# What a model was trained on says nothing of other samples.
for command in "calibrate -o own.safetensors" evaluate; do
    # shellcheck disable=SC2086
    refuse 1 'the model was trained on this split' "$MECHANIST" $command --model raw.safetensors --data data.h5 --split train
done
expect 0 'top-1' "$MECHANIST" evaluate --model raw.safetensors --data data.h5 --split train --own-training

# classify takes what the model has.
expect 0 '^99 % conformal set: M' "$MECHANIST" classify "$iron" --model adaptive.safetensors --fast --exact
holds "errors of the experiment void them" sh -c '! "$MECHANIST" classify "$0" --model adaptive.safetensors --fast | grep "conformal set"' "$iron"
expect 0 '"calibrated": true, "conformal_sets": \[\{"level": 0.9' "$MECHANIST" classify "$iron" --model adaptive.safetensors --fast --json --exact
cp stdout calibrated.json
expect 0 '"conformal_sets": \[\]' "$MECHANIST" classify "$iron" --model adaptive.safetensors --fast --exact --json --uncalibrated
sed 's/adaptive.safetensors/raw.safetensors/' stdout >uncalibrated.json
expect 0 '"calibrated": false' "$MECHANIST" classify "$iron" --model raw.safetensors --fast --exact --json
holds "--uncalibrated is the model before" cmp -s stdout uncalibrated.json
expect 0 'conformal set: (M6$|none of the mechanisms that come into question)' "$MECHANIST" classify "$iron" --model adaptive.safetensors --fast --among M6 --exact
expect 0 'svg' "$MECHANIST" plot reliability --model adaptive.safetensors --data data.h5 -o -

if $python -c 'import h5py, numpy' 2>/dev/null; then
    holds "weights keep their bits, formulas are those of the docs" $python - <<'PYTHON'
import json
import struct
import numpy as np

def read(name):
    data = open(name, "rb").read()
    length, = struct.unpack("<Q", data[:8])
    return json.loads(data[8:8 + length])["__metadata__"], data[8 + length:]

meta, weights = read("raw.safetensors")
for method in ("temperature", "vector", "adaptive"):
    new, same = read(method + ".safetensors")
    assert same == weights, method
    added = {"calibration", "calibration_parameters", "calibration_options", "calibration_data", "conformal_thresholds"}
    assert set(new) - set(meta) == added and all(new[k] == meta[k] for k in meta), method
assert meta.get("calibration") is None
p = np.load("raw.npy").astype(float)
import os, subprocess
for method in ("temperature", "vector"):
    subprocess.run([os.environ["MECHANIST"], "predict", "--model", method + ".safetensors", "--data", "data.h5",
                    "--calibrated", "-o", "q.npy"], check=True, stdout=subprocess.DEVNULL)
    w = np.array([float(x) for x in read(method + ".safetensors")[0]["calibration_parameters"].split(",")])
    z = np.log(np.maximum(p, 1e-38))
    z = z * w[0] if method == "temperature" else z * w[:20] + w[20:]
    q = np.exp(z - z.max(1, keepdims=True))
    assert abs(q / q.sum(1, keepdims=True) - np.load("q.npy")).max() < 1e-6, method
PYTHON
    holds "the temperature is the one that SciPy finds" $python - <<'PYTHON'
import json, os, struct, subprocess
import h5py
import numpy as np
try:
    from scipy.optimize import minimize_scalar
except ImportError:
    raise SystemExit(0)
# With all points and no noise the fit sees what predict gives, but half of the samples: six halves together come near all.
base = [os.environ["MECHANIST"]]
quiet = dict(check=True, stdout=subprocess.DEVNULL)
subprocess.run(base + "predict --model raw.safetensors --data data.h5 --split validation -o v.npy".split(), **quiet)
z = np.log(np.maximum(np.load("v.npy").astype(float), 1e-38))
y = h5py.File("data.h5")["validation/y"][:]

def loss(w):
    s = w * z
    s = s - s.max(1, keepdims=True)
    return (np.log(np.exp(s).sum(1)) - s[np.arange(len(y)), y]).mean()

best = minimize_scalar(loss, bounds=(0.05, 5), method="bounded").x
found = []
for seed in range(1, 7):
    subprocess.run(base + ("calibrate --model raw.safetensors --data data.h5 --method temperature --points 20 --noise 0 "
                           "-o t.safetensors --seed %d" % seed).split(), **quiet)
    data = open("t.safetensors", "rb").read()
    length, = struct.unpack("<Q", data[:8])
    found.append(float(json.loads(data[8:8 + length])["__metadata__"]["calibration_parameters"]))
assert abs(np.mean(found) / best - 1) < 0.2, (best, found)
PYTHON
else
    echo "python3-h5py is absent: the independent computations are skipped"
fi

refuse 2 '--data is missing' "$MECHANIST" calibrate -o x.safetensors
refuse 2 '-o is missing' "$MECHANIST" calibrate --data data.h5
cp data.h5 kept.h5
refuse 2 '-o and --data are one file; expected another one than kept.h5' "$MECHANIST" calibrate --model raw.safetensors --data kept.h5 -o kept.h5
holds "the data are untouched" cmp -s data.h5 kept.h5
cp raw.safetensors renewed.safetensors
expect 0 'calibration error' "$MECHANIST" calibrate --model renewed.safetensors --data data.h5 -o renewed.safetensors
refuse 2 "--method takes temperature, vector or adaptive, not 'platt'" "$MECHANIST" calibrate --data data.h5 --method platt -o x
refuse 2 '--points takes whole numbers from 1 on' "$MECHANIST" calibrate --data data.h5 --points 0 -o x
refuse 2 '--points takes numbers' "$MECHANIST" calibrate --data data.h5 --points a -o x
refuse 2 '--noise takes percentages' "$MECHANIST" calibrate --data data.h5 --noise 101 -o x
refuse 1 'have 20' "$MECHANIST" calibrate --model raw.safetensors --data data.h5 --points 21 -o x.safetensors
refuse 1 'none/x.safetensors' "$MECHANIST" calibrate --model raw.safetensors --data data.h5 -o none/x.safetensors
holds "no file is left of what failed" sh -c '! ls x* 2>/dev/null | grep -q .'
expect 0 'samples' "$MECHANIST" generate --protocol nature --test 40 -o few.h5
refuse 1 'there are 40 samples to calibrate with; expected at least 200' "$MECHANIST" calibrate --model raw.safetensors \
    --data few.h5 --split test -o x.safetensors
finish
