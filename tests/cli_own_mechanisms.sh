# A library of one's own from mechanism files to an answer: generate, train, evaluate, predict, classify, figures. Its ids
# are those of built-in mechanisms, which must not matter.
. "$(dirname "$0")/expect.sh"

mkdir own
cat >own/1-loss.txt <<'TEXT'
mechanism: M6
title: my loss of catalyst
class: deactivation
cat + S <=> catS : k1, k-1
catS -> cat + P  : k2
cat -> dead      : k3
shows: cat + catS at conversion 0.5 within 0.2 to 0.8
TEXT
cat >own/2-reactant.txt <<'TEXT'
mechanism: B
title: a second reactant runs out
cat + S <=> catS    : k1, k-1
catS + B -> cat + P : k2
reactant: B
start: B = 0.8
TEXT
cat >own/3-activation.txt <<'TEXT'
mechanism: slow
title: activation with a constant additive
pre + A -> cat   : ka
cat + S <=> catS : k1, k-1
catS -> cat + P  : k2
cat0: pre
additive: A
start: A = 0.3
shows: cat + catS at conversion 0.2 within 0.1 to 0.5, loading 0.05
TEXT

expect 0 '^M6 +[0-9]+ +[0-9]+ +[1-9][0-9]* ' "$MECHANIST" generate --train 1500 --validation 240 --test 120 --thetas 300 \
    --mechanism-file own --seed 3 --threads 1 -o data.h5
expect 0 '^slow ' "$MECHANIST" generate --train 1500 --validation 240 --test 120 --thetas 300 --seed 3 --threads 2 \
    --mechanism-file own/1-loss.txt --mechanism-file own/2-reactant.txt --mechanism-file own/3-activation.txt -o again.h5
holds "a folder is the list of its files" cmp -s data.h5 again.h5
expect 0 'best at epoch' "$MECHANIST" train --data data.h5 --network kinetic --hidden 12 --epochs 25 --batch 128 \
    --learning-rate 0.01 -o model.safetensors
holds "the model carries its mechanisms" grep -aq 'title: a second reactant runs out' model.safetensors
expect 0 'best at epoch' "$MECHANIST" train --stream --mechanism-file own --network hadamard --hidden 4 --steps 2 --batch 30 \
    --train 60 --validation 30 --thetas 30 -o stream.safetensors
holds "so does one that was trained without a file" grep -aq 'title: my loss of catalyst' stream.safetensors

# Three classes that differ by what they do: the network learns them (a third would be chance).
expect 0 '^slow ' "$MECHANIST" evaluate --model model.safetensors --data data.h5 --resamples 0
holds "the network tells them apart" awk '$1 == "top-1" { found = $2 > 60 } END { exit !found }' stdout
expect 0 '^M6 ' "$MECHANIST" evaluate --model model.safetensors --data data.h5 --resamples 0 --mechanism-file own
expect 0 '120 samples, 3 labels' "$MECHANIST" predict --model model.safetensors --data data.h5 -o p.npy
sed 's/my loss/another loss/' own/1-loss.txt >other.txt
refuse 1 "trained on another mechanism 'M6'" "$MECHANIST" predict --model model.safetensors --data data.h5 -o p.npy \
    --mechanism-file other.txt
# Data whose labels stand for something else are not judged by accident.
"$MECHANIST" generate --train 30 --validation 9 --test 9 --mechanisms M6,M9,M12 -o three.h5 >/dev/null 2>&1
refuse 1 'three.h5: its M6 is another mechanism than that of the model' "$MECHANIST" evaluate --model model.safetensors \
    --data three.h5
"$MECHANIST" generate --train 30 --validation 9 --test 9 --mechanisms M1,M9,M12 -o three.h5 >/dev/null 2>&1
refuse 1 'three.h5: label 0 is M1; of the model .* it is M6' "$MECHANIST" evaluate --model model.safetensors --data three.h5

# Experiments as chemists do them, of the same library: the data file says what each run starts with of the second reactant.
expect 0 '^slow ' "$MECHANIST" generate --design laboratory --train 30 --validation 0 --test 30 --thetas 15 \
    --mechanism-file own --seed 3 -o runs.h5
if /usr/bin/python3 -c 'import h5py' 2>/dev/null; then
    holds "runs of B alone have some, in the same excess over S" /usr/bin/python3 - <<'PYTHON'
import h5py
import numpy as np

with h5py.File("runs.h5") as f:
    assert "title: a second reactant runs out" in f.attrs["library"].decode()
    g = f["test"]
    label = np.repeat(g["y"][:], np.diff(g["run_offset"][:].astype(int)))
    b0, s0 = g["b0"][:], g["s0"][:]
    assert np.isnan(b0[label != 1]).all() and np.isnan(g["b"][:]).all()
    assert np.allclose(b0[label == 1], np.maximum(0.8 - (1 - s0[label == 1]), 0), atol=1e-6)
PYTHON
fi

# A file of four runs of the second mechanism.
for run in 1,1,0,0.02 2,1,0,0.05 3,1,0,0.09 4,0.6,0.4,0.05; do
    number=${run%%,*} rest=${run#*,}
    s0=${rest%%,*} rest=${rest#*,}
    p0=${rest%%,*} cat0=${rest#*,}
    b=$(awk -v p="$p0" 'BEGIN { print 0.8 - p }')
    "$MECHANIST" simulate --mechanism-file own/2-reactant.txt --k 60,5,40 --cat0 "$cat0" --s0 "$s0" --p0 "$p0" \
        --start B="$b" --t-end 4 --points 12 |
        awk -F, -v run="$number" -v cat="$cat0" 'NR > 1 { print run "," $1 "," $2 "," $3 "," cat }'
done >rows.csv
{ echo 'run,time (min),S (M),P (M),cat (M)'; cat rows.csv; } >runs.csv
expect 0 '^ *\*? *[0-9]?.*a second reactant runs out' "$MECHANIST" classify runs.csv --model model.safetensors --fast
holds "all three are ranked" sh -c 'grep -q "my loss of catalyst" stdout && grep -q "constant additive" stdout'
expect 0 '"mechanism": "M6", "class": "deactivation"' "$MECHANIST" classify runs.csv --model model.safetensors --fast --json
expect 0 '^  \* B +[0-9.]+ %.*a second reactant runs out' "$MECHANIST" classify runs.csv --model model.safetensors
holds "none of them cannot be fitted" sh -c '! grep -q "do not vary" stderr'
holds "profiles are drawn" "$MECHANIST" plot profiles --data data.h5 --sample 0 -o profiles.svg
holds "the figure has the title of the user's M6" grep -q 'my loss of catalyst' profiles.svg
holds "counts are drawn" "$MECHANIST" plot counts --data data.h5 -o counts.svg
holds "counts name the own mechanisms" grep -q 'slow' counts.svg

# Fits of the user's M6 instead of the built-in one; --among names either kind.
expect 0 '"mechanism": "M6", "class": "deactivation"' "$MECHANIST" fit runs.csv --mechanism-file own --among M1,M6 --fast --json
holds "the others were not named" sh -c '! grep -q "\"slow\"" stdout'
expect 0 'my loss of catalyst' "$MECHANIST" classify runs.csv --mechanism-file own/1-loss.txt --among M1,M6 --threads 2

# Figures of all of them, or of one.
holds "experiments of own mechanisms" "$MECHANIST" plot experiment --design laboratory --mechanism-file own -o page.svg
holds "the page has the user's M6" grep -q 'M6: my loss of' page.svg
expect 0 'M6: my loss of catalyst|my loss of catalyst' "$MECHANIST" plot network M6 --mechanism-file own -o -
refuse 1 'own: has 3 mechanisms; expected the ID of one of them' "$MECHANIST" plot network --mechanism-file own -o x.svg
"$MECHANIST" plot prior --mechanism-file own --thetas 20 -o prior.svg 2>/dev/null
holds "rate constants of all three" sh -c 'grep -q ">slow<" prior.svg && grep -q ">M6<" prior.svg'

# Ids must differ in more than capital letters.
sed 's/mechanism: M6/mechanism: b/' own/1-loss.txt >b.txt
refuse 1 "the library has mechanisms 'B' and 'b'" "$MECHANIST" generate --train 10 --mechanism-file own \
    --mechanism-file b.txt -o no.h5
finish
