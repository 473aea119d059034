# export: ONNX Runtime computes from the ONNX files the probabilities that this program gives, for every network.
# Needs Node.js and the package onnxruntime-node, which scripts/install-dependencies --tests puts into build/node.
. "$(dirname "$0")/expect.sh"
runtime=$SOURCE_DIR/build/node/node_modules/onnxruntime-node
python=/usr/bin/python3
if ! command -v node >/dev/null || ! node -e "require('$runtime')" 2>/dev/null; then
    echo "Node.js or onnxruntime-node is absent (scripts/install-dependencies --tests): skipped"
    exit 77
fi
if ! $python -c 'import h5py' 2>/dev/null; then
    echo "python3-h5py is absent: skipped"
    exit 77
fi
MECHANIST_MODELS=$SOURCE_DIR/models
export MECHANIST_MODELS
times="2 7 21"

expect 0 'samples' "$MECHANIST" generate --protocol nature --train 2000 --validation 100 --test 200 --seed 11 -o data.h5
# shellcheck disable=SC2086 # a list
$python "$SOURCE_DIR/tests/onnx_data.py" data.h5 $times || exit 1
for network in average attention gate hadamard nature kinetic comparative experts joint separate; do
    # Those that read kinetics learn from samples with S or P hidden, so that they are told of it.
    missing=0
    case $network in kinetic | comparative | experts | joint | separate) missing=30 ;; esac
    expect 0 'best at epoch' "$MECHANIST" train --network "$network" --data data.h5 --steps 40 --batch 128 \
        --learning-rate 0.003 --average 0 --missing $missing --threads 1 -o "$network.safetensors"
done
for name in hadamard kinetic comparative experts; do
    cp "$MECHANIST_MODELS/$name-nature.safetensors" "shipped-$name.safetensors"
done

# cases BOUND-IN-FLOAT32 MODEL...: exports the models and adds them, in both precisions and at all times, to the list.
cases() {
    bound=$1
    shift
    for model in "$@"; do
        for t in $times; do
            expect 0 'probabilities of' "$MECHANIST" predict --model "$model.safetensors" --data "points-$t.h5" \
                -o "$model-$t.npy"
            for precision in float64 float32; do
                [ -e "$model-$precision.onnx" ] || expect 0 "as ONNX, 20 labels, computing in $precision$" "$MECHANIST" export \
                    --model "$model.safetensors" --onnx "$model-$precision.onnx" --precision "$precision"
                within=1e-6
                [ "$precision" = float64 ] || within=$bound
                echo "$model-$precision.onnx $within 200 ${t#gaps-} x1.raw x2-$t.raw $model-$t.npy" >>unordered
            done
        done
    done
}
cases 1e-5 average attention gate hadamard nature kinetic joint separate
# Comparisons divide differences of turnover times by a thousandth of them.
cases 1e-3 comparative experts
# Where logits are in the hundreds, as those of long training are, float32 cannot hold probabilities to 1e-5
# (docs/onnx.md); nor where a network of kinetics sees the rounding of S + P, over the loading, as catalyst that carries
# substrate.
cases 1e-4 shipped-hadamard
cases 1e-3 shipped-kinetic shipped-comparative
# This one's answers may hang on ten-thousandths of the catalyst, so that one sample in a thousand shows float32 in
# its third digit.
cases 1e-2 shipped-experts
# A network of kinetics that was trained on such samples is given NaN where S or P was not measured.
times=gaps-7
cases 1e-4 kinetic separate
cases 1e-3 comparative experts
cases 1e-3 shipped-kinetic shipped-comparative shipped-experts
times="2 7 21"
if [ -d "$SHARED_DIR/reference" ]; then
    cp "$SHARED_DIR"/reference/published-*.safetensors .
    cases 1e-4 published-average published-hadamard
fi
# A network of run sets: experiments of one to eight runs, padded to one shape; and one experiment alone, which the padding
# of the others must not change. A run of more than 64 readings has 64 rows.
sed 's/^points:.*/points: log-uniform 2 90/' "$SOURCE_DIR/designs/laboratory.txt" >long-runs.txt
expect 0 'samples' "$MECHANIST" generate --design long-runs.txt --train 600 --validation 100 --test 200 --seed 12 -o runs.h5
expect 0 'best at epoch' "$MECHANIST" train --network set --hidden 24 --data runs.h5 --steps 40 --batch 64 \
    --learning-rate 0.003 --average 0 --threads 1 -o set.safetensors
expect 0 'probabilities of' "$MECHANIST" predict --model set.safetensors --data runs.h5 -o set.npy
expect 0 'all-sets.npy, .*: 200 experiments, up to 8 runs, up to 64 rows of readings' \
    "$MECHANIST" export --inputs all --data runs.h5
expect 0 ': 1 experiments, up to [1-8] runs' "$MECHANIST" export --inputs one --data runs.h5 --samples 1
$python -c "import numpy; numpy.save('one.npy', numpy.load('set.npy')[:1])" || exit 1
for precision in float64 float32; do
    expect 0 "as ONNX, 20 labels, computing in $precision$" "$MECHANIST" export --model set.safetensors \
        --onnx "set-$precision.onnx" --precision "$precision"
    within=1e-6
    [ "$precision" = float64 ] || within=1e-5
    echo "set-$precision.onnx $within all set.npy" >>unordered
    echo "set-$precision.onnx $within one one.npy" >>unordered
done
sort -s -k 1,1 unordered >cases
holds "ONNX Runtime gives the same probabilities" node "$SOURCE_DIR/tests/onnx_runtime.js" "$runtime" cases
finish
