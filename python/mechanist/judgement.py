"""Probabilities judged against the truth."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Optional, Union

import numpy as np

from .base._library import ffi, lib
from .base.calls import call
from .base.errors import InvalidArgument
from .base.memory import Path, Struct, array_in, array_of, encode, pointer
from .base.page import Figure, percent, table
from .data import Samples
from .model import Model, as_model, predict


@dataclass(frozen=True)
class CredibleSets:
    """How credible or conformal sets hold what they promise."""

    level: float
    """Probability that a set holds at least."""
    coverage: float
    """Share of the samples whose set holds the true label."""
    mean_size: float
    """Labels of a set."""
    size_share: tuple[float, ...]
    """Shares of the samples with a set of 1, 2, 3, 4, 5, 6 or more labels."""


@dataclass(frozen=True)
class ReliabilityBin:
    """The samples whose highest probability falls into one of 15 equal bins."""

    share: float
    """Of all samples."""
    confidence: float
    """Mean highest probability; NaN where the bin is empty."""
    accuracy: float
    """Share of the bin's samples whose most probable label is the true one; NaN likewise."""


@dataclass(frozen=True, eq=False)
class Evaluation:
    """Probabilities judged against the truth; shares are of 1, entropies in nats (docs/metrics.md)."""

    n: int
    """Samples."""
    labels: tuple[str, ...]
    """Names of the labels."""
    top1: float
    """Share with the true label first."""
    top3: float
    """Share with the true label among the first three."""
    cross_entropy: float
    """Mean of -ln p(true label)."""
    entropy_mean: float
    """Of the probabilities of a sample."""
    entropy_median: float
    """The same."""
    entropy_sd: float
    """The same: standard deviation over the samples."""
    credible_95: CredibleSets
    """Credible sets at 0.95."""
    credible_99: CredibleSets
    """Credible sets at 0.99."""
    conformal_95: Optional[CredibleSets]
    """Conformal sets at 0.95; None without thresholds."""
    conformal_99: Optional[CredibleSets]
    """The same at 0.99."""
    expected_calibration_error: float
    """Over the bins of `reliability`."""
    brier: float
    """Mean squared distance from the truth, 0 to 2."""
    reliability: tuple[ReliabilityBin, ...]
    """By the highest probability."""
    recall: "np.ndarray[Any, Any]"
    """[n_labels]: share of a label's samples that are called it; NaN where it has none."""
    precision: "np.ndarray[Any, Any]"
    """[n_labels]: share of what is called a label that is it; NaN where nothing is."""
    f1: "np.ndarray[Any, Any]"
    """[n_labels]: harmonic mean of both."""
    confusion: "np.ndarray[Any, Any]"
    """[n_labels][n_labels]: row = actual, column = predicted."""
    lower: Optional["Evaluation"] = None
    """The lower ends of 95 % intervals of all figures (not of `confusion`); None without resamples."""
    upper: Optional["Evaluation"] = None
    """The upper ends."""
    _address: Any = field(default=None, repr=False)

    def confusion_figure(self, title: str = "Confusion") -> Figure:
        """How often each label was taken for each."""
        names = [ffi.new("char[]", encode(name)) for name in self.labels]
        array = ffi.new("char *[]", names)
        return Figure(title, lib.mech_draw_confusion, self._address, array, encode(title), owner=(self, names))

    def reliability_figure(self, title: str = "Reliability", what: str = "") -> Figure:
        """How often the most probable label is right against its probability; `what` says of which samples."""
        name = ffi.new("char[]", b"probabilities")
        ends = [end._address if end else ffi.NULL for end in (self.lower, self.upper)]
        series = ffi.new("mech_reliability_series[]", [(name, self._address, *ends)])
        return Figure(title, lib.mech_draw_reliability, series, 1, encode(title), encode(what), owner=(self, name))

    def __repr__(self) -> str:
        return f"<Evaluation: {self.n} samples, top-1 {percent(self.top1)}, cross-entropy {self.cross_entropy:.4f}>"

    def _repr_html_(self) -> str:
        def row(title: str, name: str, form: Any) -> tuple[str, str, str]:
            ends = ""
            if self.lower and self.upper:
                ends = f"{form(getattr(self.lower, name))} to {form(getattr(self.upper, name))}"
            return title, form(getattr(self, name)), ends
        rows = [row("top-1 accuracy", "top1", percent), row("top-3 accuracy", "top3", percent),
                row("cross-entropy / nats", "cross_entropy", "{:.4f}".format),
                row("expected calibration error", "expected_calibration_error", percent)]
        return table(("figure", f"{self.n} samples", "95 % interval"), rows) + self.confusion_figure()._repr_html_()


def _sets(s: Any) -> CredibleSets:
    return CredibleSets(s.level, s.coverage, s.mean_size, tuple(s.size_share))


def _evaluation(m: Any, labels: tuple[str, ...], lower: Optional[Evaluation] = None,
                upper: Optional[Evaluation] = None) -> Evaluation:
    n = len(labels)
    conformal_95, conformal_99 = (_sets(s) if s.level > 0 else None for s in (m.conformal_95, m.conformal_99))
    return Evaluation(
        int(m.n), labels, m.top1, m.top3, m.cross_entropy, m.entropy_mean, m.entropy_median, m.entropy_sd,
        _sets(m.credible_95), _sets(m.credible_99), conformal_95, conformal_99, m.expected_calibration_error, m.brier,
        tuple(ReliabilityBin(b.share, b.confidence, b.accuracy) for b in m.reliability),
        array_of(m.recall, "float64", (n,), m), array_of(m.precision, "float64", (n,), m),
        array_of(m.f1, "float64", (n,), m), array_of(m.confusion, "uint64", (n, n), m), lower, upper, m)


def evaluate(what: Union[Model, Path, None, Any], truth: Union[Samples, Any], *, calibrated: bool = False,
             labels: Optional[Sequence[str]] = None, resamples: int = 1000, seed: int = 1, threads: int = 0) -> Evaluation:
    """Judges a model on samples, or probabilities against true labels (docs/metrics.md).

    what, truth: a Model (or its path or name) and Samples; or probabilities [n][n_labels] and labels [n].
    calibrated: judge a model's calibrated probabilities, and its conformal sets.
    labels: names of the labels of probabilities; a model knows them.
    resamples: of the bootstrap that finds 95 % intervals; 0: none. Same seed, same bits, whatever the threads (0: all
        cores).
    """
    options = Struct("mech_evaluate_options").set(resamples=resamples, seed=seed, threads=threads)
    if isinstance(truth, Samples):
        if not isinstance(what, np.ndarray):
            model = as_model(what)
            what = predict(model, truth, calibrated=calibrated, threads=threads)
            labels = labels or model.labels
            if calibrated:
                options.set(conformal_95=lib.mech_model_conformal_threshold(model._address, 0.95),
                            conformal_99=lib.mech_model_conformal_threshold(model._address, 0.99))
        truth = truth.y
    probabilities = array_in(what, "float32", "the probabilities", [None, None])
    n, n_labels = probabilities.shape
    names = tuple(labels) if labels is not None else tuple(f"label {i}" for i in range(n_labels))
    if len(names) != n_labels:
        raise InvalidArgument(f"there are {len(names)} names of labels; expected {n_labels}")
    y = np.asarray(truth)
    if y.size and (y.min() < 0 or y.max() >= n_labels):
        raise InvalidArgument(f"the truth has labels from {y.min()} to {y.max()}; expected 0 to {n_labels - 1}")
    y = array_in(y, "uint8", "the truth", [n])
    places = [ffi.new("mech_metrics **") for _ in range(3)]
    call(lib.mech_evaluate_intervals, n, n_labels, pointer(probabilities.ravel()), pointer(y), options, *places)
    made, lower, upper = (ffi.gc(p[0], lib.mech_metrics_free) if p[0] else None for p in places)
    return _evaluation(made, names, _evaluation(lower, names) if lower else None, _evaluation(upper, names) if upper else None)
