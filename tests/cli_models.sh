# The shipped networks: listed, found by name, described by a model card, and as accurate as it says.
. "$(dirname "$0")/expect.sh"
MECHANIST_MODELS=$SOURCE_DIR/models
export MECHANIST_MODELS

for model in 'experts-nature +experts +707348' 'comparative-nature +comparative +287636' 'kinetic-nature +kinetic +637652' 'nature-nature +nature +576420' 'hadamard-nature +hadamard +70996'; do
    expect 0 "^$model +nature " "$MECHANIST" models
done
expect 0 '^set-laboratory +set +549343 +laboratory .*\(default\)$' "$MECHANIST" models
expect 0 '^experts-nature .*\(default of four exact runs\)$' "$MECHANIST" models
for network in 'kinetic +285844' 'average +55656' 'attention +79124' 'gate +75156' 'hadamard +70996'; do
    holds "$network is there, trained on design fixed-window" sh -c "'$MECHANIST' models | grep -Eq '^${network% +*}-fixed-window +$network +fixed-window '"
done
expect 0 'hadamard' "$MECHANIST" export --model hadamard-seed --onnx old-name.onnx # as version 0.1.0 called hadamard-fixed-window
for file in "$MECHANIST_MODELS"/*.safetensors; do
    name=$(basename "$file" .safetensors)
    holds "$name is smaller than 4 MB" test "$(wc -c <"$file")" -lt 4194304
    holds "$name is listed" sh -c "'$MECHANIST' models | grep -q '^$name '"
    holds "docs/models.md leads to the card of $name" grep -q "(../models/$name.md)" "$SOURCE_DIR/docs/models.md"
    for section in 'What it is' 'What it is for' 'What it was trained on' 'How good it is' 'Where not to trust it' 'Licence'; do
        holds "the card of $name says: $section" grep -qx "## $section" "$MECHANIST_MODELS/$name.md"
    done
    for picture in $(sed -n 's/^!\[.*(\(.*\))$/\1/p' "$MECHANIST_MODELS/$name.md"); do
        holds "$picture in the card of $name is there" test -s "$MECHANIST_MODELS/$picture"
    done
done

# 2,000 samples that no training has seen (another seed). A share of 2,000 has a standard deviation of at most 1.1 %; the
# bounds are four of them around what the model's card states for more samples.
for protocol in nature seed; do
    "$MECHANIST" generate --protocol $protocol --train 0 --validation 0 --test 2000 --seed 20261 -o $protocol.h5 >/dev/null 2>log ||
        cat log
    holds "samples of design $protocol were made" test -s $protocol.h5
done
as_stated() { # MODEL PROTOCOL POINTS NOISE
    stated=$(sed -n "s/^| $3 \/ $4 % | \([0-9.]*\) .*/\1/p" "$MECHANIST_MODELS/$1.md")
    "$MECHANIST" evaluate --model "$1" --data "$2.h5" --points "$3" --noise "$4" --json --resamples 0 >metrics.json
    top1=$(sed -n 's/.*"top1": *\([0-9.]*\).*/\1/p' metrics.json)
    holds "top-1 of $1 at $3 points and $4 % noise is within 4.4 of the stated $stated %: $top1" \
        awk "BEGIN { d = 100 * $top1 - $stated; exit !(d < 4.4 && d > -4.4) }"
}
for model in $("$MECHANIST" models | awk '$4 == "nature" { print $1 }'); do
    as_stated "$model" nature 6 0
    as_stated "$model" nature 20 1
    as_stated "$model" nature 6 5
done
for model in $("$MECHANIST" models | awk '$4 == "seed" { print $1 }'); do
    as_stated "$model" seed 6 0
    as_stated "$model" seed 6 1.2
    as_stated "$model" seed 3 0
done

# Networks of run sets, on fresh experiments; the card states "| laboratory | TOP-1 ...".
sets=$("$MECHANIST" models | awk '$4 == "laboratory" { print $1 }')
[ -z "$sets" ] || expect 0 '^all ' "$MECHANIST" generate --design laboratory --train 0 --validation 0 --test 2000 --seed 20261 \
    -o laboratory.h5
for model in $sets; do
    stated=$(sed -n 's/^| laboratory | \([0-9.]*\) .*/\1/p' "$MECHANIST_MODELS/$model.md")
    expect 0 '^a plateau +no ' "$MECHANIST" evaluate --model "$model" --data laboratory.h5 --calibrated --resamples 0
    holds "top-1 of $model is within 4.4 of the stated $stated %" awk -v stated="$stated" \
        '$1 == "top-1" { d = $2 - stated; near = d < 4.4 && d > -4.4 } END { exit !near }' stdout
    holds "its 95 % conformal sets cover the truth" awk '/^95 % conformal set holds/ { covers = $9 > 93 } END { exit !covers }' stdout
done

# Calibration makes few noisy points honest: of the four, hadamard-nature needs it most. docs/calibration.md states that its
# calibration error goes from 10.8 to 2.6 %, and 98.57 % coverage, with a standard deviation of 0.3 % for 2,000 samples.
for model in hadamard-nature kinetic-nature comparative-nature experts-nature; do
    expect 0 '^2,5,' "$MECHANIST" evaluate --model $model --data nature.h5 --points 2 --noise 0,5 --resamples 0 --csv --calibrated
    holds "the calibrated 99 % set of $model covers the truth at 2 points and 5 % noise" awk -F, \
        'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i } NR == 3 { honest = $at["coverage_99"] > 0.974 && $at["ece"] < 0.06 } END { exit !honest }' stdout
done

# The answer to the example is the same whichever way the model is named: the network of run sets answers, of exact
# experiments that of four runs where there are four that suit it.
iron=$SOURCE_DIR/examples/iron-cycloisomerization.csv
same() { # WHAT MODEL OPTION...
    what=$1 model=$2
    shift 2
    "$MECHANIST" classify "$iron" --fast --json "$@" >by-default.json
    "$MECHANIST" classify "$iron" --fast --json --model "$model" "$@" >by-name.json
    holds "$what" cmp -s by-default.json by-name.json
    holds "$model says so" grep -q "\"model\": \"$model\"" by-default.json
}
same "the network of run sets answers by default" set-laboratory
same "that of four runs answers about four exact ones" experts-nature --exact
same "three exact runs are a run set" set-laboratory --exact --runs 1,2,3
expect 0 '^  the network.s quick look: nothing was fitted' "$MECHANIST" classify "$iron" --fast
expect 0 '^95 % conformal set: M' "$MECHANIST" classify "$iron" --fast --runs 1,4
expect 0 '"conformal_sets": \[\]' "$MECHANIST" classify "$iron" --fast --runs 1,4 --exact --json
cp -r "$MECHANIST_MODELS" no-default && rm no-default/default
expect 0 '"model": "set-laboratory"' env MECHANIST_MODELS="$PWD/no-default" "$MECHANIST" classify "$iron" --fast --json
expect 0 '"model": "experts-nature"' env MECHANIST_MODELS="$PWD/no-default" "$MECHANIST" classify "$iron" --fast --json --exact
finish
