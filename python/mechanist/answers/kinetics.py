"""Orders, rates and turnovers of an experiment, without a mechanism."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Optional

from ..base._library import lib
from ..base.calls import make
from ..base.errors import InvalidArgument
from ..base.memory import Struct, array_of, decode
from ..base.page import Figure, number, percent, sentences, table
from ..experiment import Experiment
from .estimate import Estimate

ORDER_OF = {lib.MECH_ORDER_OF_CATALYST: "catalyst", lib.MECH_ORDER_OF_SUBSTRATE: "substrate",
            lib.MECH_ORDER_OF_REACTANT: "reactant", lib.MECH_ORDER_OF_PRODUCT: "product"}

Array = Any  # a NumPy array of float64


@dataclass(frozen=True)
class Order:
    """How the rate goes with the concentration of one species."""

    species: str
    """"cat", "S", "P" or the reactant's name."""
    of: str
    """What it is: "catalyst", "substrate", "reactant" or "product"."""
    estimated: bool
    """False: the runs do not tell, and the remark says why."""
    order: Estimate
    """The exponent; NaN where it was not estimated."""
    least: float
    """Its smallest amount at the start of the runs."""
    most: float
    """Its largest one."""
    consumed: float
    """How much of it goes with one unit of extent; 0: none, negative: it is formed."""
    remark: str
    """A sentence; "" where there is nothing to say."""


@dataclass(frozen=True, eq=False)
class KineticRun:
    """One run of a kinetic analysis, in the units of the experiment."""

    name: str
    """Of the run."""
    used: bool
    """False: left out, and a remark says why."""
    followed_product: bool
    """The extent was read from P; else from S."""
    start_substrate: float
    """[S]0."""
    conversion: float
    """Extent at the end over [S]0."""
    initial_rate: Estimate
    """d(extent)/dt at the start."""
    highest_rate: Estimate
    """The fastest that it becomes."""
    initial_tof: Estimate
    """Apparent turnovers a unit of time at the start."""
    highest_tof: Estimate
    """The most that they become."""
    ton: float
    """Turnovers at the end."""
    noise: float
    """Standard deviation of a reading around the run's own smooth course."""
    factor: float
    """How much faster the run is than the orders say; NaN: no orders."""
    time: Array
    """[n_readings]."""
    extent: Array
    """[n_readings]: product formed or substrate consumed."""
    normalised: Array
    """[n_readings]: time normalised by the orders."""
    curve_extent: Array
    """[n_curve]: the smooth course."""
    curve_rate: Array
    """[n_curve]: d(extent)/dt there."""
    curve_low: Array
    """[n_curve]: lower end of its interval."""
    curve_high: Array
    """[n_curve]: upper end of its interval."""
    curve_normalised: Array
    """[n_curve]: the rate over what the orders say; empty where no orders were estimated."""


@dataclass(frozen=True)
class RunPair:
    """What two runs that differ in one thing say of it."""

    kind: str
    """How they differ: "repeat", "same excess", "product added", "different excess", ..."""
    first: int
    """A run of the experiment's used runs, from 0."""
    second: int
    """Another one."""
    species: str
    """What they differ in, "" where in nothing."""
    compared: bool
    """False: they have too little in common, and the finding says so."""
    watched: tuple[float, float]
    """Concentrations of S from which and to which both were watched."""
    ratio: Estimate
    """Rate of the second over rate of the first at the same S."""
    order: Estimate
    """The order in `species` where they differ in one amount alone; else NaN."""
    finding: str
    """What that means, a sentence."""


@dataclass(frozen=True)
class Overlay:
    """How well runs overlay, each as a share of the largest extent."""

    before: float
    """Over time as measured."""
    after: float
    """Over normalised time."""
    noise: float
    """What `after` comes to where the orders say everything."""
    spread: float
    """Standard deviation of ln of what runs are faster or slower by than the orders say."""


@dataclass(frozen=True)
class Kinetics:
    """Orders by variable-time normalisation, rates, turnovers and pairs of runs (docs/kinetics.md)."""

    level: float
    """Of all intervals."""
    runs: tuple[KineticRun, ...]
    """Of the experiment's used runs."""
    orders: tuple[Order, ...]
    """One for each species of which the runs know an amount."""
    overlay: Optional[Overlay]
    """How well normalised runs overlay; None where no order was estimated."""
    pairs: tuple[RunPair, ...]
    """Of runs that differ in one thing."""
    remarks: tuple[str, ...]
    """What was assumed, what was left out, what to beware of."""
    experiment: Experiment = field(repr=False)
    """What was analysed."""
    _address: Any = field(repr=False, compare=False)

    def figure(self) -> Figure:
        """The runs over time and over normalised time, and their rates against the concentration."""
        return Figure(f"Kinetics of {self.experiment.name}", lib.mech_draw_kinetics, self._address, owner=self)

    def _repr_html_(self) -> str:
        orders = [(o.species, str(o.order) if o.estimated else "", o.remark) for o in self.orders]
        runs = [(r.name, percent(r.conversion), str(r.initial_rate), str(r.initial_tof), number(r.ton))
                for r in self.runs if r.used]
        return (self.figure()._repr_html_() + table(("order in", f"{100 * self.level:g} % interval", "remark"), orders)
                + table(("run", "conversion", "initial rate", "initial TOF", "TON"), runs)
                + sentences("Pairs of runs", [f"{self.runs[p.first].name} and {self.runs[p.second].name}: {p.finding}"
                                               for p in self.pairs if p.finding])
                + sentences("Mind that", self.remarks))


def _run(r: Any, owner: Any) -> KineticRun:
    def column(memory: Any, n: int) -> Array:
        return array_of(memory, "float64", (n,), owner)
    readings = [column(memory, r.n_readings) for memory in (r.time, r.extent, r.normalised)]
    curve = [column(memory, r.n_curve)
             for memory in (r.curve_extent, r.curve_rate, r.curve_low, r.curve_high, r.curve_normalised)]
    return KineticRun(
        decode(r.name), bool(r.used), bool(r.followed_product), r.start_substrate, r.conversion,
        Estimate._of(r.initial_rate), Estimate._of(r.highest_rate), Estimate._of(r.initial_tof),
        Estimate._of(r.highest_tof), r.ton, r.noise, r.factor, *readings, *curve)


def _order(o: Any) -> Order:
    return Order(decode(o.species), ORDER_OF[o.of], bool(o.estimated), Estimate._of(o.order), o.least, o.most, o.consumed,
                 decode(o.remark))


def _pair(p: Any) -> RunPair:
    # "from" is a word of Python.
    return RunPair(decode(lib.mech_pair_kind_name(p.kind)), int(p.first), int(p.second), decode(p.species), bool(p.compared),
                   (getattr(p, "from"), p.to), Estimate._of(p.ratio), Estimate._of(p.order), decode(p.finding))


def kinetics(experiment: Experiment, *, follow: Optional[str] = None, level: Optional[float] = None,
             loading_error: Optional[float] = None, draws: Optional[int] = None, seed: int = 1) -> Kinetics:
    """Orders by variable-time normalisation, rates, turnovers, and pairs of runs by reaction progress kinetic analysis
    (docs/kinetics.md); no mechanism is assumed.

    follow: "S" or "P": from what extents are read; None: P where all runs have it, else S.
    level: of intervals (0.95). loading_error: standard deviation of ln of a run's rate from errors in weighing (0.05).
    draws: of the bootstrap (400). Same seed, same bits.
    """
    if follow not in (None, "S", "P"):
        raise InvalidArgument(f"follow is {follow!r}; expected S or P")
    options = Struct("mech_kinetics_options").set(
        seed=seed, n_draws=draws, level=level, loading_error=loading_error, follow=follow and follow.encode())
    k = make("mech_kinetics", lib.mech_kinetics_free, lib.mech_kinetics_analyse, experiment._run_set, options)
    o = k.overlay
    return Kinetics(
        k.level, tuple(_run(k.runs[i], k) for i in range(k.n_runs)), tuple(_order(k.orders[i]) for i in range(k.n_orders)),
        Overlay(o.before, o.after, o.noise, o.spread) if k.normalised else None,
        tuple(_pair(k.pairs[i]) for i in range(k.n_pairs)), tuple(decode(k.remarks[i]) for i in range(k.n_remarks)),
        experiment, k)
