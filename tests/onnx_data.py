"""Samples with fewer times: DATA.h5's test split cut to T of its times, as a data set points-T.h5 and, for programs that
do not read HDF5, as raw float32 in x1.raw and x2-T.raw. points-gaps-T.h5 and x2-gaps-T.raw are the same, but of two fifths
of the samples S, P, or one of them also at t = 0, is NaN. Usage: onnx_data.py DATA.h5 T...; called by
cli_export_runtime.sh."""
import sys

import h5py
import numpy as np

with h5py.File(sys.argv[1]) as source:
    split = {name: source["test"][name][:] for name in source["test"] if name != "digest"}
    protocol = source.attrs["protocol"]
split["x1"].astype("<f4").tofile("x1.raw")
random = np.random.default_rng(1)
for t in map(int, sys.argv[2:]):
    n_times = split["x2"].shape[1]
    kept = np.array([np.append(0, 1 + np.sort(random.permutation(n_times - 1)[: t - 1])) for _ in split["x2"]])
    x2 = np.take_along_axis(split["x2"], kept[:, :, None], 1)
    gaps = x2.copy()
    tenth = len(x2) // 10
    for part, (column, first) in enumerate([(1, 1), (2, 1), (1, 0), (2, 0)]):
        gaps[part * tenth : (part + 1) * tenth, first:, column::3] = np.nan
    for name, series in ((f"{t}", x2), (f"gaps-{t}", gaps)):
        series.astype("<f4").tofile(f"x2-{name}.raw")
        with h5py.File(f"points-{name}.h5", "w") as out:
            out.attrs["protocol"] = protocol
            for key, values in split.items():
                out["test/" + key] = series if key == "x2" else values
