"""Reads batches and parameters from a folder, writes probabilities and gradients as PyTorch computes them, in float64.
Usage: torch_gradient.py FOLDER; called by test_engine_torch.c, which says what stands in the folder."""
import sys
from array import array
from pathlib import Path

import torch
import torch_networks


def read(case, name, code, count):
    numbers = array(code)
    with open(case.with_suffix("." + name), "rb") as file:
        numbers.fromfile(file, count)
    return numbers


def write(case, name, tensor):
    with open(case.with_suffix("." + name), "wb") as file:
        array("d", tensor.detach().reshape(-1).tolist()).tofile(file)


def compute(case):
    with open(case) as file:
        network, *numbers = file.readline().split()
        n, n_times, static_width, series_width, smoothing = *map(int, numbers[:4]), float(numbers[4])
        tensors = [line.split() for line in file]
    weights = {}
    count = sum(max(int(rows), 1) * int(columns) for _, rows, columns in tensors)
    parameters = torch.tensor(read(case, "parameters", "d", count), dtype=torch.float64, requires_grad=True)
    offset = 0
    for name, rows, columns in tensors:
        shape = (int(rows), int(columns)) if int(rows) else (int(columns),)
        size = max(int(rows), 1) * int(columns)
        weights[name] = parameters[offset : offset + size].reshape(shape)
        offset += size
    x1 = torch.tensor(read(case, "x1", "f", n * static_width), dtype=torch.float64).reshape(n, static_width)
    x2 = torch.tensor(read(case, "x2", "f", n * n_times * series_width), dtype=torch.float64)
    y = torch.tensor(list(read(case, "y", "B", n)))
    p = torch_networks.probabilities(network, weights, x1, x2.reshape(n, n_times, series_width))
    torch_networks.smoothed_cross_entropy(p, y, smoothing).backward()
    write(case, "probabilities", p)
    write(case, "gradient", parameters.grad)


torch.set_num_threads(1)
for path in sorted(Path(sys.argv[1]).glob("*.case")):
    compute(path)
