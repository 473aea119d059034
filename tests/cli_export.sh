# export: what the ONNX files hold, how they are written, what is refused.
. "$(dirname "$0")/expect.sh"
python=/usr/bin/python3
MECHANIST_MODELS=$SOURCE_DIR/models
export MECHANIST_MODELS

expect 0 '^model\.onnx: network hadamard of .*hadamard-nature\.safetensors as ONNX, 20 labels, computing in float64$' \
    "$MECHANIST" export --model hadamard-nature --onnx model.onnx
expect 0 '^narrow\.onnx: .* computing in float32$' \
    "$MECHANIST" export --model hadamard-nature --onnx narrow.onnx --precision float32
expect 0 '^first\.onnx: network set of .*set-laboratory\.safetensors as ONNX, 20 labels, computing in float64$' \
    "$MECHANIST" export --model set-laboratory --onnx first.onnx
expect 0 '"network": "set", "labels": 20, "precision": "float64", "output": "again.onnx"' \
    "$MECHANIST" export --onnx again.onnx --json
holds "the network that answers by default is exported by default; same model, same bytes" cmp -s first.onnx again.onnx
"$MECHANIST" export --model hadamard-nature --onnx - >printed.onnx 2>messages
holds "standard output receives the file and nothing else" cmp -s model.onnx printed.onnx
holds "no message goes with it" test ! -s messages

refuse 2 '^mechanist export: --onnx is missing' "$MECHANIST" export --model hadamard-nature
refuse 2 "^mechanist export: --precision takes float64 or float32, not 'half'" \
    "$MECHANIST" export --onnx model.onnx --precision half
refuse 2 '^mechanist export: --inputs needs --data' "$MECHANIST" export --inputs x
refuse 2 '^mechanist export: --data goes with --inputs' "$MECHANIST" export --onnx model.onnx --data data.h5
refuse 1 'none.h5: cannot be opened' "$MECHANIST" export --inputs x --data none.h5
expect 0 'samples' "$MECHANIST" generate --mechanisms M1 --test 4 --seed 5 -o four-runs.h5
refuse 1 'four-runs.h5: .*format 1' "$MECHANIST" export --inputs x --data four-runs.h5
cp "$MECHANIST_MODELS/hadamard-nature.safetensors" kept.safetensors
refuse 2 '--onnx and --model are one file' "$MECHANIST" export --model kept.safetensors --onnx kept.safetensors
refuse 1 'nonesuch' "$MECHANIST" export --model nonesuch --onnx other.onnx
printf 'no model' >broken.safetensors
refuse 1 '^mechanist: broken\.safetensors: ' "$MECHANIST" export --model broken.safetensors --onnx other.onnx
refuse 1 '^mechanist: nonesuch/model\.onnx: cannot be written: ' \
    "$MECHANIST" export --model hadamard-nature --onnx nonesuch/model.onnx
holds "what is refused leaves no file" test ! -e other.onnx
# A file that may not grow to its size (blocks of 512 bytes) leaves the old one as it was.
cp model.onnx old.onnx
refuse 1 '^mechanist: model\.onnx: cannot be written: ' \
    sh -c 'ulimit -f 100; exec "$0" export --model hadamard-nature --onnx model.onnx --precision float32' "$MECHANIST"
holds "a failed write leaves the old file" cmp -s model.onnx old.onnx
holds "no temporary file is left" test "$(ls | grep -c '^model\.onnx')" = 1
if [ -w /dev/full ]; then
    expect 1 'standard output: cannot be written: ' \
        sh -c 'exec "$0" export --model hadamard-nature --onnx - >/dev/full' "$MECHANIST"
fi

# Every network, by those who define the format.
if $python -c 'import onnx' 2>/dev/null; then
    expect 0 'samples' "$MECHANIST" generate --protocol nature --train 200 --validation 20 --test 20 --seed 5 -o data.h5
    for network in average attention gate hadamard nature kinetic comparative experts joint separate; do
        expect 0 'best at epoch' "$MECHANIST" train --network "$network" --hidden 5 --data data.h5 --steps 2 --batch 50 \
            --threads 1 -o "$network.safetensors"
        for precision in float64 float32; do
            expect 0 'as ONNX' "$MECHANIST" export --model "$network.safetensors" \
                --onnx "$network-$precision.onnx" --precision "$precision"
        done
    done
    expect 0 'samples' "$MECHANIST" generate --design laboratory --train 100 --validation 20 --test 20 --seed 5 -o runs.h5
    expect 0 'best at epoch' "$MECHANIST" train --network set --hidden 8 --data runs.h5 --steps 2 --batch 50 --threads 1 \
        -o set.safetensors
    for precision in float64 float32; do
        expect 0 'network set of .* as ONNX' "$MECHANIST" export --model set.safetensors --onnx set-$precision.onnx \
            --precision $precision
    done
    holds "the checker of ONNX accepts every network" $python "$SOURCE_DIR/tests/onnx_check.py" ./*.onnx
else
    echo "python3-onnx is absent: the look of ONNX's checker at the files is skipped"
fi
finish
