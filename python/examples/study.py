"""What the notebooks of the seed study do, end to end: a data set, its training, predictions, their judgement, the figures.

usage: study.py FOLDER [SAMPLES] [EPOCHS]

The study trained hadamard on 4,944,900 samples that follow runs over a fixed window (protocol seed).
"""
import sys
from pathlib import Path

import numpy as np

import mechanist

folder = Path(sys.argv[1])
samples, epochs = (int(number) for number in (sys.argv[2:] + ["100000", "20"][len(sys.argv) - 2:]))
folder.mkdir(parents=True, exist_ok=True)

data = mechanist.generate(folder / "data.h5", protocol="seed", train=samples, validation=samples // 10,
                          test=samples // 10, seed=1).dataset                      # 1. simulate
data.figure().save(folder / "samples.svg")
trained = mechanist.train(data.path, folder / "hadamard.safetensors", "hadamard", epochs=epochs,
                          batch=min(2048, samples // 10), seed=1)                  # 2. train
trained.curve.figure().save(folder / "learning.svg")
for points in (6, 3):                                                              # 3. predict and judge
    test = data.samples("test").thin(points, noise=0.01)
    probabilities = mechanist.predict(trained.model, test)
    np.save(folder / f"probabilities-{points}.npy", probabilities)
    judged = mechanist.evaluate(probabilities, test.y, labels=trained.model.labels, resamples=100)
    judged.confusion_figure(f"hadamard, {points} points").save(folder / f"confusion-{points}.svg")
    judged.reliability_figure(f"hadamard, {points} points").save(folder / f"reliability-{points}.svg")
    print(f"{points} points, 1 % noise: top-1 {judged.top1:.3f} ({judged.lower.top1:.3f} to {judged.upper.top1:.3f}), "
          f"top-3 {judged.top3:.3f}, cross-entropy {judged.cross_entropy:.3f}")
