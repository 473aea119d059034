"""An answer to an experiment: by fits, or by a network."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Optional

from ..base._library import ffi, lib
from ..base.calls import make_text
from ..base.memory import Struct, decode, encode
from ..base.page import Figure, percent, sentences, table
from ..base.progress import Progress, call_long
from ..experiment import Experiment
from ..mechanism import Mechanism
from ..model import AnyModel, as_model
from .fit import Fits, read_fits


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
class FourRuns:
    """How a network of four runs saw an experiment."""

    time_unit: float
    """One unit of the network's time in the table's unit."""
    own_times: bool
    """Each run's times were divided by its own last time instead."""
    concentration_unit: float
    """One unit of the network's concentration in the table's unit."""
    n_points_used: int
    """Readings after t = 0, of each run."""
    run_order: tuple[int, ...]
    """Which run of the experiment, from 0, was its run 1 to 4."""
    loadings: tuple[float, ...]
    """As it saw them."""


@dataclass(frozen=True)
class Answer:
    """The answer to one experiment (docs/classify.md)."""

    ranking: tuple[Ranked, ...]
    """All mechanisms that there are to choose from, most probable first."""
    credible_level: float
    """Of the credible set, as asked for."""
    credible_set: tuple[str, ...]
    """Ids, most probable first."""
    calibrated: bool
    """Whether a network answered with calibrated probabilities."""
    conformal_sets: tuple[ConformalSet, ...]
    """Empty but where a network answers for an exact experiment."""
    doubts: tuple[str, ...]
    """What puts the answer itself in doubt, as sentences."""
    warnings: tuple[str, ...]
    """What else was assumed, or lies outside the training range."""
    exact: bool
    """The answer takes loadings, times and starts as exact."""
    classes: dict[str, float]
    """Probabilities of the classes, most probable first."""
    alike: tuple[str, ...]
    """Ids of the mechanisms that these readings cannot tell apart."""
    none_of_these: Optional[float]
    """How often curves of the right mechanism miss readings as badly as the best ones do (p); None where nothing was fitted."""
    fits: Optional[Fits]
    """What the answer stands on; None where a network alone answered."""
    four: Optional[FourRuns]
    """How a network of four runs saw them; None where none was asked."""
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
        return (sentences("In doubt", self.doubts) + self.figure()._repr_html_()
                + table(("mechanism", "probability", "what it is"), rows)
                + sentences("Mind that", self.warnings))


def _answer(a: Any, experiment: Experiment, owner: Any) -> Answer:
    ranked = [a.ranked[i] for i in range(a.n_ranked)]
    warnings = tuple(decode(a.warnings[i]) for i in range(a.n_warnings))
    conformal = tuple(ConformalSet(s.level, tuple(decode(s.mechanisms[i]) for i in range(s.n_mechanisms)))
                      for s in (a.conformal[i] for i in range(a.n_conformal)))
    return Answer(
        tuple(Ranked(decode(r.id), r.probability, Mechanism._of(r.mechanism, owner) if r.mechanism else None) for r in ranked),
        a.credible_level, tuple(decode(r.id) for r in ranked[:a.credible_size]), bool(a.calibrated), conformal,
        warnings[:a.n_doubts], warnings[a.n_doubts:], bool(a.exact),
        {decode(lib.mech_class_name(c.mechanism_class)): c.probability for c in (a.classes[i] for i in range(a.n_classes))},
        tuple(decode(a.alike[i]) for i in range(a.n_alike)), a.none_of_these.p_value if a.fits else None,
        read_fits(a.fits, experiment, owner) if a.fits else None, _four(a.four) if a.four else None, decode(a.model),
        experiment, a)


def _four(f: Any) -> FourRuns:
    return FourRuns(f.time_unit, bool(f.own_times), f.concentration_unit, int(f.n_points_used), tuple(f.run_order),
                    tuple(f.loadings))


def classify(experiment: Experiment, model: AnyModel = None, *, among: Optional[Sequence[str]] = None,
             prior_odds: Optional[Mapping[str, float]] = None, level: float = 0.95, exact: bool = False,
             fast: bool = False, calibrated: bool = True, seed: int = 1, threads: int = 0,
             progress: Optional[Progress] = None) -> Answer:
    """Names the mechanisms behind an experiment by fits of all of them (docs/classify.md).

    model: its mechanisms are fitted in place of M1 to M20, or, with `fast`, it answers.
    among: ids of the mechanisms that come into question. prior_odds: what was known before the data, by id; 1 for all
        others, 0 rules a mechanism out.
    level: of the credible set. exact: loadings, times, starts and responses have no errors, as in simulated experiments.
    fast: the network alone answers, in milliseconds: `model`, or the shipped one that suits the experiment. calibrated: with its calibration where it has one.
    """
    if model is None and fast and exact and lib.mech_experiment_suits_four(experiment._address):
        model = make_text(lib.mech_model_find_for_four)
    m = as_model(model) if model is not None or fast else None
    options = Struct("mech_classify_options").set(credible_level=level, exact=exact, fast=fast, uncalibrated=not calibrated,
                                                  seed=seed, threads=threads)
    options.set_texts("among", "n_among", among)
    if prior_odds is not None:
        odds = [(options.keep(ffi.new("char[]", encode(id))), value) for id, value in prior_odds.items()]
        options.set(prior_odds=options.keep(ffi.new("mech_prior_odds[]", odds)), n_prior_odds=len(odds))
    place = ffi.new("mech_answer **")
    call_long(progress, lib.mech_classify, experiment._address, m._address if m else ffi.NULL, options, ..., place)
    answer = ffi.gc(place[0], lib.mech_answer_free)
    return _answer(answer, experiment, (answer, m))
