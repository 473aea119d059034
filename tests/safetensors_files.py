"""Model files read and written independently of this program, after the format's specification
(https://github.com/huggingface/safetensors), and the network hadamard computed from them in NumPy, in float64.

safetensors_files.py probabilities MODEL DATA.h5 PROBS.npy   PROBS are those of the network to 1e-6
safetensors_files.py rewrite MODEL OUT VARIANT               the same model as another program might write it

Called by cli_model_files.sh."""
import json
import struct
import sys

import numpy as np


def read(path):
    """Tensors by name, and the metadata."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length).decode("utf-8"))
        data = file.read()
    assert (8 + length) % 8 == 0, "the tensors are not aligned"
    metadata = header.pop("__metadata__")
    assert all(isinstance(value, str) for value in metadata.values())
    tensors, covered = {}, 0
    for name, tensor in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        begin, end = tensor["data_offsets"]
        assert set(tensor) == {"dtype", "shape", "data_offsets"} and tensor["dtype"] == "F32"
        assert begin == covered and end - begin == 4 * np.prod(tensor["shape"])
        tensors[name] = np.frombuffer(data[begin:end], "<f4").reshape(tensor["shape"])
        covered = end
    assert covered == len(data), "bytes follow the last tensor"
    return tensors, metadata


def write(path, tensors, metadata, data_order, header_order, metadata_first=True, spaces=0):
    """Tensors lie in the file in data_order and are named in the header in header_order."""
    offsets, data = {}, b""
    for name in data_order:
        piece = tensors[name].astype("<f4").tobytes()
        offsets[name] = [len(data), len(data) + len(piece)]
        data += piece
    entries = [
        (name, {"data_offsets": offsets[name], "shape": list(tensors[name].shape), "dtype": "F32"})
        for name in header_order
    ]
    entries.insert(0 if metadata_first else len(entries), ("__metadata__", metadata))
    header = json.dumps(dict(entries)).encode() + b" " * spaces
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(header)) + header + data)


def rewrite(path, out, variant):
    tensors, metadata = read(path)
    names, by_name, backward = list(tensors), sorted(tensors), list(tensors)[::-1]
    shuffled = list(np.random.default_rng(3).permutation(names))
    if variant == "by-name":  # as safetensors' own writer sorts them
        write(out, tensors, metadata, by_name, by_name)
    elif variant == "shuffled":
        write(out, tensors, metadata, shuffled, backward)
    elif variant == "spaces":
        write(out, tensors, metadata, names, names, spaces=1001)
    elif variant == "metadata":
        extra = {"author": "someone else", "Größe": "µ\n\"quoted\"", "empty": ""}
        write(out, tensors, {**extra, **metadata}, names, shuffled, metadata_first=False)
    elif variant == "bare":  # no more than is required
        write(out, tensors, {key: metadata[key] for key in ("model", "format")}, names, names)
    else:
        sys.exit("there is no variant " + variant)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def lstm(w, name, series):
    """The hidden states of all steps; gates in the order i, f, c, o."""
    kernel, recurrent, bias = (w[f"{name}/{part}"] for part in ("kernel", "recurrent_kernel", "bias"))
    h = c = np.zeros((series.shape[0], recurrent.shape[0]))
    states = []
    for x in series.swapaxes(0, 1):
        i, f, g, o = np.split(x @ kernel + h @ recurrent + bias, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        states.append(h)
    return np.stack(states, axis=1)


def hadamard(w, x1, x2):
    def dense(name, x):
        return x @ w[name + "/kernel"] + w[name + "/bias"]

    c = np.maximum(dense("static", x1), 0)
    k = lstm(w, "lstm_2", lstm(w, "lstm_1", x2))[:, -1]
    combined = np.maximum(dense("combined", dense("static_projection", c) * dense("dynamic_projection", k)), 0)
    logits = dense("output", np.maximum(dense("hidden", combined), 0))
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    return p / p.sum(axis=1, keepdims=True)


def compare(model, data, probabilities):
    import h5py

    tensors, metadata = read(model)
    assert metadata["format"] == "mechanist" and metadata["model"] == "hadamard"
    with h5py.File(data) as file:
        x1, x2 = (file["test"][name][:].astype("f8") for name in ("x1", "x2"))
    expected = hadamard({name: tensor.astype("f8") for name, tensor in tensors.items()}, x1, x2)
    worst = np.abs(np.load(probabilities) - expected).max()
    print(f"largest difference to NumPy: {worst:.2g}")
    return worst <= 1e-6


if sys.argv[1] == "probabilities":
    sys.exit(not compare(*sys.argv[2:]))
rewrite(*sys.argv[2:])
