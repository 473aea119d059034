"""Samples a second of PyTorch, training (forward and backward) and inference, on one of this project's networks with random
weights: a line of both for each number of steps. Usage: torch_speed.py NETWORK THREADS STEPS..."""
import os
import sys
import time

import torch

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests"))
import torch_networks

BATCH, CLASSES, REPEATS = 2048, 20, 3


def shapes(network):
    """Names and shapes of the tensors (model files)."""
    width = 200 if network == "nature" else 64

    def dense(name, inputs, outputs):
        return {name + "/kernel": (inputs, outputs), name + "/bias": (outputs,)}

    result = dense("static", 4, width)
    for name, inputs in (("lstm_1", 12), ("lstm_2", width)):
        result.update(dense(name, inputs, 4 * width))
        result[name + "/recurrent_kernel"] = (width, 4 * width)
    if network == "average":
        return {**result, **dense("static_output", width, CLASSES), **dense("dynamic_output", width, CLASSES)}
    if network in ("gate", "hadamard"):
        result.update({**dense("static_projection", width, width), **dense("dynamic_projection", width, width)})
    if network == "gate":
        result.update({**dense("static_gate", width, width), **dense("dynamic_gate", width, width)})
    if network == "hadamard":
        result.update(dense("combined", width, width))
    if network == "attention":
        result.update(dense("attention", 2 * width, 2 * width))
    joined = 2 * width if network in ("attention", "nature") else width
    return {**result, **dense("hidden", joined, width), **dense("output", width, CLASSES)}


def fastest(work):
    best = float("inf")
    for _ in range(REPEATS):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def main(network, threads, steps):
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    weights = {name: (0.1 * torch.randn(shape)).requires_grad_() for name, shape in shapes(network).items()}
    y = torch.randint(CLASSES, (BATCH,))
    for n_times in steps:
        x1, x2 = torch.rand(BATCH, 4), torch.rand(BATCH, n_times, 12)

        def train():
            p = torch_networks.probabilities(network, weights, x1, x2)
            torch.nn.functional.nll_loss(torch.log(p), y).backward()

        def infer():
            with torch.no_grad():
                torch_networks.probabilities(network, weights, x1, x2)

        print(BATCH / fastest(train), BATCH / fastest(infer), flush=True)


main(sys.argv[1], int(sys.argv[2]), [int(s) for s in sys.argv[3:]])
