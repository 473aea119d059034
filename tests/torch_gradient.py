"""Reads a batch and parameters from a folder, writes probabilities and the gradient as PyTorch computes them, in float64.
Usage: torch_gradient.py FOLDER; called by test_engine_torch.c, which says what stands in the folder."""
import os
import sys
from array import array

import torch
import torch_networks


def read(folder, name, code, count):
    numbers = array(code)
    with open(os.path.join(folder, name), "rb") as file:
        numbers.fromfile(file, count)
    return numbers


def write(folder, name, tensor):
    with open(os.path.join(folder, name), "wb") as file:
        array("d", tensor.detach().reshape(-1).tolist()).tofile(file)


def main(folder):
    with open(os.path.join(folder, "case.txt")) as file:
        network, *numbers = file.readline().split()
        n, n_times, static_width, series_width, smoothing = *map(int, numbers[:4]), float(numbers[4])
        tensors = [line.split() for line in file]
    weights = {}
    count = sum(max(int(rows), 1) * int(columns) for _, rows, columns in tensors)
    parameters = torch.tensor(read(folder, "parameters", "d", count), dtype=torch.float64, requires_grad=True)
    offset = 0
    for name, rows, columns in tensors:
        shape = (int(rows), int(columns)) if int(rows) else (int(columns),)
        size = max(int(rows), 1) * int(columns)
        weights[name] = parameters[offset : offset + size].reshape(shape)
        offset += size
    x1 = torch.tensor(read(folder, "x1", "f", n * static_width), dtype=torch.float64).reshape(n, static_width)
    x2 = torch.tensor(read(folder, "x2", "f", n * n_times * series_width), dtype=torch.float64)
    y = torch.tensor(list(read(folder, "y", "B", n)))
    p = torch_networks.probabilities(network, weights, x1, x2.reshape(n, n_times, series_width))
    torch_networks.smoothed_cross_entropy(p, y, smoothing).backward()
    write(folder, "probabilities", p)
    write(folder, "gradient", parameters.grad)


main(sys.argv[1])
