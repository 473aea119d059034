"""Computes the metrics of docs/metrics.md anew with NumPy and SciPy and compares. Usage: metrics_scipy.py FILE

FILE has lines `sample LABEL P1 P2 ... / Q1 Q2 ...` (probabilities of two classifiers) and `figure NAME VALUE`.
"""
import sys

import numpy as np
from scipy import stats
from scipy.special import entr

labels, first, second, figures = [], [], [], {}
for line in open(sys.argv[1]):
    words = line.split()
    if words[0] == "sample":
        slash = words.index("/")
        labels.append(int(words[1]))
        first.append([float(w) for w in words[2:slash]])
        second.append([float(w) for w in words[slash + 1:]])
    else:
        figures[words[1]] = float(words[2])
# Nine digits name a float32 without doubt.
y, p, q = np.array(labels), *(np.array(a, np.float32).astype(float) for a in (first, second))
n, classes = p.shape
every = np.arange(n)
order = np.argsort(-p, axis=1, kind="stable")
rank = (order == y[:, None]).argmax(1)
called = order[:, 0]
expected = {
    "top1": np.mean(rank == 0),
    "top3": np.mean(rank < 3),
    "cross_entropy": -np.log(np.maximum(p[every, y], 1e-12)).mean(),
    "entropy_mean": entr(p).sum(1).mean(),
    "entropy_median": np.median(entr(p).sum(1)),
    "entropy_sd": np.std(entr(p).sum(1)),
    "brier": ((p - np.eye(classes)[y]) ** 2).sum(1).mean(),
}
sums = np.cumsum(np.take_along_axis(p, order, 1), 1)
for name, level in (("credible_95", 0.95), ("credible_99", 0.99), ("conformal_95", 0.9), ("conformal_99", 0.97)):
    # As many classes as have less than the level before them; where rounding keeps the sum below it, all.
    size = np.minimum(1 + (sums < level).sum(1), classes)
    expected[name + ".coverage"] = np.mean(rank < size)
    expected[name + ".mean_size"] = size.mean()
    for i in range(6):
        expected["%s.size_share%d" % (name, i)] = np.mean(size == i + 1 if i < 5 else size >= 6)
bin_of = np.minimum((15 * p.max(1)).astype(int), 14)
count = np.bincount(bin_of, minlength=15)
with np.errstate(invalid="ignore"):
    confidence = np.bincount(bin_of, p.max(1), 15) / count
    accuracy = np.bincount(bin_of, rank == 0, 15) / count
expected["ece"] = np.nansum(count / n * abs(accuracy - confidence))
for i in range(15):
    expected["bin%d.share" % i] = count[i] / n
    expected["bin%d.confidence" % i] = confidence[i]
    expected["bin%d.accuracy" % i] = accuracy[i]
confusion = np.zeros((classes, classes))
np.add.at(confusion, (y, called), 1)
right, actual, predicted = np.diag(confusion), confusion.sum(1), confusion.sum(0)
with np.errstate(invalid="ignore"):
    for name, values in (("recall", right / actual), ("precision", right / predicted),
                         ("f1", 2 * right / (actual + predicted))):
        for c in range(classes):
            expected["%s%d" % (name, c)] = values[c]
for c in range(classes):
    for d in range(classes):
        expected["confusion%d.%d" % (c, d)] = confusion[c, d]

a, b = rank == 0, q.argmax(1) == y
alone, other = int((a & ~b).sum()), int((~a & b).sum())
expected.update({"both": (a & b).sum(), "only_first": alone, "only_second": other, "neither": (~a & ~b).sum()})
if alone + other < 25:
    expected["p_value"] = stats.binomtest(alone, alone + other, 0.5).pvalue if alone + other else 1
    expected["exact"] = 1
else:
    statistic = max(0, abs(alone - other) - 1) ** 2 / (alone + other)
    expected.update({"statistic": statistic, "p_value": stats.chi2.sf(statistic, 1), "exact": 0})

assert set(expected) == set(figures), set(expected) ^ set(figures)
bad = {k: (figures[k], v) for k, v in expected.items()
       if not np.isclose(figures[k], v, rtol=1e-9, atol=1e-12, equal_nan=True)}
assert not bad, bad
