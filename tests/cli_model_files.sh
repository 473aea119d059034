# Model files: others read what train writes, and what others write is read.
. "$(dirname "$0")/expect.sh"
python=/usr/bin/python3
MECHANIST_MODELS=$SOURCE_DIR/models
export MECHANIST_MODELS
if ! $python -c 'import numpy, h5py' 2>/dev/null; then
    echo "python3-numpy or python3-h5py is absent: skipped"
    exit 77
fi
expect 0 'samples' "$MECHANIST" generate --protocol nature --train 400 --validation 60 --test 300 --seed 5 -o data.h5
expect 0 'best at epoch' "$MECHANIST" train --network hadamard --hidden 16 --data data.h5 --batch 50 --epochs 4 \
    --learning-rate 0.01 --threads 1 -o trained.safetensors
cp "$MECHANIST_MODELS/hadamard-nature.safetensors" shipped.safetensors
for model in trained shipped; do
    expect 0 'probabilities of 300 samples' \
        "$MECHANIST" predict --model "$model.safetensors" --data data.h5 -o "$model.npy"
    holds "NumPy computes the probabilities of $model from its file" \
        $python "$SOURCE_DIR/tests/safetensors_files.py" probabilities "$model.safetensors" data.h5 "$model.npy"
done

for variant in by-name shuffled spaces metadata bare; do
    $python "$SOURCE_DIR/tests/safetensors_files.py" rewrite trained.safetensors "$variant.safetensors" "$variant"
    expect 0 'probabilities of 300 samples' \
        "$MECHANIST" predict --model "$variant.safetensors" --data data.h5 -o "$variant.npy"
    holds "a file of another program ($variant) is the same model" cmp -s trained.npy "$variant.npy"
done

# The format's own reader and writer, which Debian 12 does not have.
if $python -c 'import safetensors.numpy' 2>/dev/null; then
    holds "the format's own program reads and writes the model" $python - <<'PYTHON'
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

with safe_open("trained.safetensors", framework="numpy") as file:
    metadata = file.metadata()
save_file(load_file("trained.safetensors"), "own.safetensors", metadata=metadata)
PYTHON
    expect 0 'probabilities of 300 samples' "$MECHANIST" predict --model own.safetensors --data data.h5 -o own.npy
    holds "the file of the format's own program is the same model" cmp -s trained.npy own.npy
else
    echo "the Python package safetensors is absent: its look at the file is skipped"
fi
finish
