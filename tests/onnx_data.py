"""Samples with fewer times: DATA.h5's test split cut to T of its times, as a data set points-T.h5 and, for programs that
do not read HDF5, as raw float32 in x1.raw and x2-T.raw. Usage: onnx_data.py DATA.h5 T...; called by
cli_export_runtime.sh."""
import sys

import h5py
import numpy as np

with h5py.File(sys.argv[1]) as source:
    split = {name: source["test"][name][:] for name in source["test"]}
    protocol = source.attrs["protocol"]
split["x1"].astype("<f4").tofile("x1.raw")
random = np.random.default_rng(1)
for t in map(int, sys.argv[2:]):
    n_times = split["x2"].shape[1]
    kept = np.array([np.append(0, 1 + np.sort(random.permutation(n_times - 1)[: t - 1])) for _ in split["x2"]])
    x2 = np.take_along_axis(split["x2"], kept[:, :, None], 1)
    x2.astype("<f4").tofile(f"x2-{t}.raw")
    with h5py.File(f"points-{t}.h5", "w") as out:
        out.attrs["protocol"] = protocol
        for name, values in split.items():
            out["test/" + name] = x2 if name == "x2" else values
