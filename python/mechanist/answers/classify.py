"""A network's answer to an experiment."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Optional

from ..base._library import ffi, lib
from ..base.calls import make
from ..base.memory import Struct, decode, encode
from ..base.page import Figure, number, percent, sentences, table
from ..experiment import Experiment
from ..mechanism import Mechanism
from ..model import AnyModel, as_model


@dataclass(frozen=True)
class Ranked:
    """A mechanism and its probability."""

    id: str
    """"M6"."""
    probability: float
    """Of all mechanisms together 1."""
    mechanism: Optional[Mechanism]
    """None where the model does not say what the label is."""


@dataclass(frozen=True)
class ConformalSet:
    """The conformal set of one level."""

    level: float
    """0.95 or 0.99."""
    mechanisms: tuple[str, ...]
    """Ids, most probable first."""


@dataclass(frozen=True)
class Fitted:
    """The rate constants of a mechanism that fit the experiment best, in the units of its table."""

    mechanism: Mechanism
    """Which."""
    network_probability: float
    """Before the fits and without what was known beforehand."""
    deviation: float
    """Root mean square of simulated minus measured S and P."""
    k: dict[str, float]
    """Rate constants by name."""
    spread: dict[str, float]
    """Standard deviations of their logarithms."""
    additive: float
    """Amount of I at the start where the mechanism has one; else 0."""
    additive_spread: float
    """Standard deviation of its logarithm."""


@dataclass(frozen=True)
class Answer:
    """A network's answer to one experiment (docs/classify.md)."""

    ranking: tuple[Ranked, ...]
    """All labels of the model, most probable first."""
    credible_level: float
    """Of the credible set, as asked for."""
    credible_set: tuple[str, ...]
    """Ids, most probable first."""
    calibrated: bool
    """Whether the probabilities are calibrated ones."""
    conformal_sets: tuple[ConformalSet, ...]
    """Empty where the model has no thresholds for them."""
    doubts: tuple[str, ...]
    """What puts the answer itself in doubt, as sentences."""
    warnings: tuple[str, ...]
    """What else was assumed, or lies outside the training range."""
    exact: bool
    """The answer takes loadings, times and starts as exact."""
    time_unit: float
    """One unit of the model's time in the table's unit."""
    own_times: bool
    """Each run's times were divided by its own last time instead."""
    concentration_unit: float
    """One unit of the model's concentration in the table's unit."""
    n_points_used: int
    """Readings after t = 0, of each run."""
    run_order: tuple[int, ...]
    """Which run of the experiment, from 0, the model saw as its run 1 to 4."""
    loadings: tuple[float, ...]
    """As the model saw them."""
    fits: tuple[Fitted, ...]
    """Mechanisms that were fitted, most probable first."""
    model: str
    """What answered."""
    experiment: Experiment = field(repr=False)
    """What was asked about."""
    _address: Any = field(repr=False, compare=False)

    @property
    def probabilities(self) -> dict[str, float]:
        """Probabilities by id, most probable first."""
        return {each.id: each.probability for each in self.ranking}

    def figure(self) -> Figure:
        """The measured runs and the ranking beside them."""
        return Figure(f"Runs and ranking of {self.experiment.name}", lib.mech_draw_experiment, self.experiment._address,
                      self._address, owner=self)

    def _repr_html_(self) -> str:
        shown = self.ranking[:max(5, len(self.credible_set))]
        rows = [(each.id, percent(each.probability), each.mechanism.title if each.mechanism else "") for each in shown]
        fits = [(f.mechanism.id, number(f.deviation), ", ".join(f"{name} = {number(k)}" for name, k in f.k.items()))
                for f in self.fits]
        return (sentences("In doubt", self.doubts) + self.figure()._repr_html_()
                + table(("mechanism", "probability", "what it is"), rows)
                + (table(("fit", "deviation", "rate constants"), fits) if fits else "")
                + sentences("Mind that", self.warnings))


def _fitted(f: Any, owner: Any) -> Fitted:
    mechanism = Mechanism._of(f.mechanism, owner)
    names = mechanism.rate_constants
    return Fitted(mechanism, f.network_probability, f.deviation, {name: f.k[i] for i, name in enumerate(names)},
                  {name: f.spread[i] for i, name in enumerate(names)}, f.additive, f.additive_spread)


def _answer(a: Any, experiment: Experiment, owner: Any) -> Answer:
    ranked = [a.ranked[i] for i in range(a.n_ranked)]
    warnings = tuple(decode(a.warnings[i]) for i in range(a.n_warnings))
    conformal = tuple(ConformalSet(s.level, tuple(decode(s.mechanisms[i]) for i in range(s.n_mechanisms)))
                      for s in (a.conformal[i] for i in range(a.n_conformal)))
    return Answer(
        tuple(Ranked(decode(r.id), r.probability, Mechanism._of(r.mechanism, owner) if r.mechanism else None) for r in ranked),
        a.credible_level, tuple(decode(r.id) for r in ranked[:a.credible_size]), bool(a.calibrated), conformal,
        warnings[:a.n_doubts], warnings[a.n_doubts:], bool(a.exact), a.time_unit, bool(a.own_times), a.concentration_unit,
        int(a.n_points_used), tuple(a.run_order), tuple(a.loadings),
        tuple(_fitted(a.fits[i], owner) for i in range(a.n_fits)), decode(a.model), experiment, a)


def classify(experiment: Experiment, model: AnyModel = None, *, among: Optional[Sequence[str]] = None,
             prior_odds: Optional[Mapping[str, float]] = None, level: float = 0.95, exact: bool = False,
             calibrated: bool = True, fits: bool = False) -> Answer:
    """Asks a network which mechanism explains an experiment of four runs (docs/classify.md).

    among: ids of the mechanisms that come into question. prior_odds: what was known before the data, by id; 1 for all
        others, 0 rules a mechanism out.
    level: of the credible set. exact: loadings, times and starts have no errors, as in simulated experiments.
    calibrated: with the model's calibration where it has one.
    fits: fit the mechanisms in question, too, as a second opinion.
    """
    m = as_model(model)
    options = Struct("mech_classify_options").set(credible_level=level, exact=exact, uncalibrated=not calibrated)
    options.set_texts("among", "n_among", among)
    if prior_odds is not None:
        odds = [(options.keep(ffi.new("char[]", encode(id))), value) for id, value in prior_odds.items()]
        options.set(prior_odds=options.keep(ffi.new("mech_prior_odds[]", odds)), n_prior_odds=len(odds))
    if fits:
        options.set(fitter=options.keep(make("mech_fitter", lib.mech_fitter_free, lib.mech_fitter_for, m._address)))
    answer = make("mech_answer", lib.mech_answer_free, lib.mech_classify, experiment._address, m._address, options)
    return _answer(answer, experiment, (answer, m))
