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
times="2 3 4 7 21"

expect 0 'samples' "$MECHANIST" generate --protocol nature --train 2000 --validation 100 --test 500 --seed 11 -o data.h5
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
                echo "$model-$precision.onnx $within 500 ${t#gaps-} x1.raw x2-$t.raw $model-$t.npy" >>unordered
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
# With a single reading after t = 0, fewer than it was trained on, this one's answers hang on ten-thousandths of the catalyst.
times=2
cases 1e-2 shipped-experts
times="3 4 7 21"
cases 1e-3 shipped-experts
# A network of kinetics that was trained on such samples is given NaN where S or P was not measured.
times=gaps-7
cases 1e-4 kinetic separate
cases 1e-3 comparative experts
cases 1e-3 shipped-kinetic shipped-comparative shipped-experts
times="2 3 4 7 21"
if [ -d "$SHARED_DIR/reference" ]; then
    cp "$SHARED_DIR"/reference/published-*.safetensors .
    cases 1e-4 published-average published-hadamard
fi
sort -s -k 1,1 unordered >cases
holds "ONNX Runtime gives the same probabilities" node "$SOURCE_DIR/tests/onnx_runtime.js" "$runtime" cases
finish
