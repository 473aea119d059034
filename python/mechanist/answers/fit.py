"""Fits of mechanisms to the readings of an experiment."""
from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Optional

import numpy as np

from ..base._library import ffi, lib
from ..base.calls import call, make_text
from ..base.errors import InvalidArgument, choose
from ..base.memory import Struct, array_in, array_of, decode, encode, pointer
from ..base.page import Figure, number, percent, sentences, table
from ..base.progress import Progress, call_long
from ..experiment import Experiment
from ..mechanism import AnyMechanism, Mechanism, Parts, as_mechanism, set_mechanisms
from .estimate import Estimate

NOISE_MODELS = {"student": False, "gaussian": True}


@dataclass(frozen=True)
class Quantity:
    """A rate constant, or a combination of some, in the units of the experiment."""

    name: str
    """"k-1", "KM"."""
    interval: Estimate
    """Median, and the interval that holds 95 % of the posterior."""
    concentration_power: int
    """Its unit: concentration to this power ..."""
    time_power: int
    """... times time to that."""
    verdict: str
    """How well it is known: "determined", "bounded" or "undetermined"."""


@dataclass(frozen=True)
class RunEstimate:
    """What a run's errors came out as."""

    name: str
    """Of the run."""
    catalyst_factor: Estimate
    """Catalyst at hand over catalyst written."""
    clock_offset: Estimate
    """By which the written times are early, in the experiment's unit."""
    start_factor: Estimate
    """[S]0 at hand over [S]0 written."""
    highest_tof: Estimate
    """Turnover frequency where the run is fastest, turnovers in the experiment's unit of time."""
    ton: Estimate
    """Turnovers by the run's last reading."""
    half_life: Estimate
    """Time by which half of the catalyst is lost; infinite: later; NaN where the mechanism loses none."""
    resting_state: str
    """The form that holds most of what is not lost, averaged over the run."""
    resting_share: Estimate
    """The share of all catalyst that it holds."""
    remarks: tuple[str, ...]
    """What its errors came out as, as sentences; empty: nothing beside what is written."""


@dataclass(frozen=True)
class MechanismFit:
    """One mechanism and what the readings say of it."""

    mechanism: Mechanism
    """Which."""
    fitted: bool
    """False: no simulation came to its end, and the rest says nothing."""
    probability: float
    """Evidence times prior odds, of all mechanisms together 1."""
    log_evidence: float
    """ln of the probability of the readings under the mechanism, per unit of [S]0."""
    log_evidence_error: float
    """Its standard error from sampling; infinite where it was not sampled."""
    effective_samples: float
    """Independent samples that it stands on; 0 where it was not sampled."""
    deviation: float
    """Root mean square of best curves minus readings, as a share of [S]0."""
    noise: float
    """Standard deviation found, the part that is the same for all readings."""
    proportional_noise: float
    """The part that grows with the reading."""
    chi2: float
    """Sum of squared deviations in units of the noise."""
    dof: float
    """Readings less rate constants and unknown amounts."""
    aicc: float
    """Akaike's criterion, corrected for few readings."""
    bic: float
    """Schwarz's criterion."""
    rate_constants: tuple[Quantity, ...]
    """Of the mechanism, and the unknown start amount behind them where it has one."""
    derived: tuple[Quantity, ...]
    """Combinations that have a name: kcat, KM, ..."""
    runs: tuple[RunEstimate, ...]
    """What each run came out as."""
    rate_law: str
    """In the limit that the readings determine, "rate = kcat [cat] [S] / (KM + [S])"; "" where there is none."""
    rate_law_latex: str
    """The same for papers."""


@dataclass(frozen=True, eq=False)
class ActiveCatalyst:
    """Catalyst of a run that is not lost and not waiting to be activated, as a share of all, averaged over mechanisms."""

    run: str
    """Its name."""
    time: "np.ndarray[Any, Any]"
    """[n_times], in the experiment's unit."""
    share: "np.ndarray[Any, Any]"
    """[n_times][3]: best estimate, lower and upper end of the interval."""


@dataclass(frozen=True)
class PartPresence:
    """How probable it is that a part of composed mechanisms is there."""

    row: str
    """"loss"."""
    part: str
    """"M12"; "": any part of the row."""
    title: str
    """What it does; "" where part is."""
    probability: float
    """Of all mechanisms that have it, together."""


@dataclass(frozen=True)
class BetterComposition:
    """A composition that is not among M1 to M20 and explains the readings better than any of them."""

    mechanism: str
    """Its id: "M1+PI"."""
    title: str
    """What happens in it."""
    log_bayes_factor: float
    """ln of its evidence over that of the best of M1 to M20, both by Laplace's approximation."""


@dataclass(frozen=True)
class Fits:
    """Fits of mechanisms to an experiment (docs/fits.md)."""

    mechanisms: tuple[MechanismFit, ...]
    """Most probable first."""
    classes: dict[str, float]
    """The probability of each class of mechanisms, most probable first."""
    alike: tuple[str, ...]
    """The first so many mechanisms that the readings cannot tell apart; empty where the best stands alone."""
    p_value: float
    """How often curves of the right mechanism miss readings as badly as the best one does."""
    none_of_these: bool
    """Perhaps none of the mechanisms explains the readings: p_value is below 0.05, or a composition does clearly better."""
    doubt: Optional[str]
    """Why, as a sentence; None where one of them does."""
    better: Optional[BetterComposition]
    """A composition that is not among M1 to M20 and explains the readings better."""
    active: tuple[ActiveCatalyst, ...]
    """Of each run that was fitted."""
    n_readings: int
    """That were fitted."""
    warnings: tuple[str, ...]
    """What to mind before anything else, as sentences."""
    parts: tuple[PartPresence, ...]
    """Of a search among compositions, row by row: the row, then its parts, most probable first."""
    n_searched: int
    """Compositions that were tried."""
    family: tuple[str, ...]
    """Of such a search: the mechanisms that are at least a twentieth as probable as the best."""
    experiment: Experiment = field(repr=False)
    """What was fitted."""
    _address: Any = field(repr=False, compare=False)
    _owner: Any = field(repr=False, compare=False)

    @property
    def probabilities(self) -> dict[str, float]:
        """Probabilities by id, most probable first."""
        return {fit.mechanism.id: fit.probability for fit in self.mechanisms}

    def curves(self, times: Any, run: int = 0, rank: int = 0) -> "tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]":
        """The best curves of mechanisms[rank] for a run of experiment.used_runs at ascending times [n_times] of its
        clock: substrate [n_times] and product [n_times], in the experiment's units and as the readings show them."""
        t = self._times(times, run, rank)
        substrate, product = np.empty(len(t)), np.empty(len(t))
        call(lib.mech_fits_curves, self._address, rank, run, len(t), pointer(t), pointer(substrate), pointer(product))
        return substrate, product

    def bands(self, times: Any, run: int = 0, rank: int = 0) -> "tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]":
        """The same with the errors that runs may have: substrate and product [n_times][3], each with median, lower and
        upper end of the interval that holds 95 % of the posterior."""
        t = self._times(times, run, rank)
        substrate, product = np.empty((len(t), 3)), np.empty((len(t), 3))
        call(lib.mech_fits_bands, self._address, rank, run, len(t), pointer(t), _estimates(substrate), _estimates(product))
        return substrate, product

    def catalyst(self, times: Any, run: int = 0, rank: int = 0) -> "np.ndarray[Any, Any]":
        """Which share of a run's catalyst is in which species of mechanisms[rank]: [n_times][n_species][3], 0 for species
        that hold none; intervals as of bands()."""
        t = self._times(times, run, rank)
        share = np.empty((len(t), len(self.mechanisms[rank].mechanism.species), 3))
        call(lib.mech_fits_catalyst, self._address, rank, run, len(t), pointer(t), _estimates(share))
        return share

    def draws(self, n: int = 1000, rank: int = 0) -> "np.ndarray[Any, Any]":
        """n samples of the posterior of mechanisms[rank], all alike in weight: [n][n_rate_constants] in the experiment's
        units, in the order of mechanisms[rank].rate_constants."""
        values = np.empty((n, len(self.mechanisms[rank].rate_constants)))
        call(lib.mech_fits_draws, self._address, rank, n, pointer(values.ravel()))
        return values

    def _times(self, times: Any, run: int, rank: int) -> "np.ndarray[Any, Any]":
        if not 0 <= rank < len(self.mechanisms) or not 0 <= run < len(self.active):
            raise IndexError(f"there is no run {run} of mechanism {rank}")
        return array_in(times, "float64", "times", [None])

    def figure(self) -> Figure:
        """The readings with the curves of the most probable mechanisms, what is left of the readings, the active catalyst
        and the evidence."""
        return Figure(f"Fits of {self.experiment.name}", lib.mech_draw_fits, self._address, self._title(), owner=self)

    def constants_figure(self, rank: int = 0) -> Figure:
        """What the readings say of the rate constants of mechanisms[rank]: each, and how each two go together."""
        return Figure(f"Rate constants of {self.mechanisms[rank].mechanism.id}", lib.mech_draw_fit_constants, self._address,
                      rank, self._title(), owner=self)

    def _title(self) -> bytes:
        return encode(os.path.basename(self.experiment.name) or "runs")

    def report(self) -> str:
        """All that the fits say as one page of HTML that needs nothing but itself."""
        return make_text(lib.mech_report_fits, self.experiment._address, self._address, ffi.NULL)

    def _repr_html_(self) -> str:
        rows = [(f.mechanism.id, percent(f.probability), percent(f.deviation),
                 ", ".join(f"{q.name} = {q.interval}" for q in f.rate_constants), f.mechanism.title)
                for f in self.mechanisms if f.fitted][:max(5, len(self.alike))]
        words = sentences("Mind that", self.warnings)
        words += f"<p>The readings cannot tell apart: {', '.join(self.alike)}.</p>" if self.alike else ""
        if self.none_of_these:
            words += sentences("Perhaps none of these explains the readings:", (self.doubt or "",))
        return (self.figure()._repr_html_()
                + table(("mechanism", "probability", "deviation / [S]0", "rate constants", "what it is"), rows) + words)


def _estimates(array: "np.ndarray[Any, Any]") -> Any:
    """The memory of an array [...][3] as estimates of the library."""
    return ffi.from_buffer("mech_estimate[]", array)


def _quantity(q: Any) -> Quantity:
    return Quantity(decode(q.name), Estimate._of(q.interval), q.concentration_power, q.time_power,
                    decode(lib.mech_verdict_name(q.verdict)))


def _run_estimate(r: Any) -> RunEstimate:
    return RunEstimate(
        decode(r.name), Estimate._of(r.catalyst_factor), Estimate._of(r.clock_offset), Estimate._of(r.start_factor),
        Estimate._of(r.highest_tof), Estimate._of(r.ton), Estimate._of(r.half_life), decode(r.resting_state),
        Estimate._of(r.resting_share), tuple(decode(r.remarks).splitlines()))


def _mechanism_fit(f: Any, owner: Any) -> MechanismFit:
    return MechanismFit(
        Mechanism._of(f.mechanism, owner), bool(f.fitted), f.probability, f.log_evidence, f.log_evidence_error,
        f.effective_samples, f.deviation, f.noise, f.proportional_noise, f.chi2, f.dof, f.aicc, f.bic,
        tuple(_quantity(f.rate_constants[i]) for i in range(f.n_rate_constants if f.rate_constants else 0)),
        tuple(_quantity(f.derived[i]) for i in range(f.n_derived)),
        tuple(_run_estimate(f.runs[i]) for i in range(f.n_runs)), decode(f.rate_law), decode(f.rate_law_latex))


def read_fits(f: Any, experiment: Experiment, owner: Any) -> Fits:
    """Fits of the library, which belong to `owner`, as a dataclass."""
    active = tuple(
        ActiveCatalyst(decode(a.run), array_of(a.time, "float64", (a.n_times,), owner),
                       array_of(a.share, "float64", (a.n_times, 3), owner))
        for a in (f.active[i] for i in range(f.n_runs)))
    classes = {decode(lib.mech_class_name(c.mechanism_class)): c.probability
               for c in (f.classes[i] for i in range(f.n_classes))}
    mechanisms = tuple(_mechanism_fit(f.mechanisms[i], owner) for i in range(f.n_mechanisms))
    parts = tuple(PartPresence(decode(p.row), decode(p.part), decode(p.title), p.probability)
                  for p in (f.parts[i] for i in range(f.n_parts)))
    better = (BetterComposition(decode(f.better.mechanism), decode(f.better.title), f.better.log_bayes_factor)
              if f.better else None)
    return Fits(mechanisms, classes, tuple(decode(f.alike[i]) for i in range(f.n_alike)), f.none_of_these.p_value,
                bool(f.none_of_these.flagged), decode(f.doubt) if f.doubt else None, better, active, int(f.n_readings),
                tuple(decode(f.warnings[i]) for i in range(f.n_warnings)), parts, int(f.n_searched),
                tuple(fit.mechanism.id for fit in mechanisms[:f.n_family]), experiment, f, owner)


def fit(experiment: Experiment, mechanisms: Optional[Iterable[AnyMechanism]] = None, *,
        prior_odds: Optional[Mapping[str, float]] = None, loading_error: Optional[float] = None,
        start_error: Optional[float] = None, clock_error: Optional[float] = None, noise: Optional[float] = None,
        noise_model: str = "student", fast: bool = False, composed: bool = False, parts: Optional[Parts] = None,
        seed: int = 1, threads: int = 0, progress: Optional[Progress] = None) -> Fits:
    """Fits mechanisms to all readings of an experiment (S, P, B and active catalyst), and weighs them by their evidence
    (docs/fits.md).

    mechanisms: M1 to M20 where none are given. prior_odds: what was known before the data, by id; 1 for all others.
    loading_error: standard deviation of ln of the factor between the catalyst of a run and what is written;
        start_error: the same of [S]0 and [P]0; clock_error: of a run's clock, as a share of the run's length; noise: of a
        reading, as a share of the standard [S]0. None: not known, and estimated; 0: none at all.
    noise_model: "student", to which outliers cost little, or "gaussian".
    fast: Laplace's approximation of the evidence instead of sampling.
    composed: searches all compositions with up to three parts beside the cycle instead. parts: what they are composed of,
        and how much of the second reactant a turnover takes; None: the built-in parts, and 1.
    Same seed, same bits, whatever the threads (0: all cores).
    progress: see mechanist.Progress; an exception that it raises, or Ctrl-C, stops the work.
    """
    options = Struct("mech_fit_options").set(
        loading_error=loading_error, start_error=start_error, clock_error=clock_error, noise=noise,
        gaussian=choose("noise model", noise_model, NOISE_MODELS), fast=fast, seed=seed, threads=threads)
    options.set(composed=composed, parts=parts and options.keep(parts)._address)
    chosen = set_mechanisms(options, None if mechanisms is None else [as_mechanism(m) for m in mechanisms])
    if prior_odds is not None:
        unknown = set(prior_odds) - {m.id for m in chosen}
        if unknown:
            raise InvalidArgument(f"prior_odds names {sorted(unknown)[0]}, which is not fitted")
        odds = [float(prior_odds.get(m.id, 1.0)) for m in chosen]
        options.set(prior_odds=options.keep(ffi.new("double[]", odds)))
    place = ffi.new("mech_fits **")
    call_long(progress, lib.mech_fit_run_set, experiment._run_set, options, ..., place)
    fits = ffi.gc(place[0], lib.mech_fits_free)
    return read_fits(fits, experiment, (fits, chosen))
