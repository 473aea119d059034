"""Integration of rate equations."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Optional, Union

import numpy as np

from .base._library import ffi, lib
from .base.calls import call
from .base.errors import InvalidArgument, choose
from .base.memory import Struct, array_in, pointer
from .mechanism import AnyMechanism, Mechanism, as_mechanism

SOLVERS = {"batch": lib.MECH_SOLVER_BATCH, "cvode": lib.MECH_SOLVER_CVODE}


@dataclass(frozen=True)
class Simulation:
    """Simulated runs of one mechanism."""

    mechanism: Mechanism
    """Whose rate equations were integrated."""
    times: "np.ndarray[Any, Any]"
    """As given: [n_times] or [n][n_times]."""
    y: "np.ndarray[Any, Any]"
    """Concentrations [n_times][n_species] of one run, [n][n_times][n_species] of several, in units of [S]0; NaN from where
    a run could not be integrated."""
    statistics: dict[str, int]
    """Steps, rejected_steps, failures, derivative_evaluations and factorisations of all runs together."""

    def __getitem__(self, species: str) -> "np.ndarray[Any, Any]":
        """The concentrations of a species, [n_times] or [n][n_times]."""
        if species not in self.mechanism.species:
            raise KeyError(species)
        return self.y[..., self.mechanism.species.index(species)]


def simulate(mechanism: AnyMechanism, k: Any, start: Union[Mapping[str, float], Any], times: Any, *,
             solver: str = "batch", rtol: Optional[float] = None, atol: Optional[float] = None,
             max_steps: Optional[int] = None, threads: int = 0) -> Simulation:
    """Integrates the rate equations of a mechanism.

    k: rate constants [n_rate_constants], or [n][n_rate_constants] of n runs, in the order of mechanism.rate_constants.
    start: concentrations at t = 0, [n_species] or [n][n_species], in units of [S]0; or what Mechanism.start() takes, as
        a mapping: {"s0": 1, "cat0": 0.02}.
    times: [n_times] of all runs or [n][n_times], ascending from 0 on.
    solver: "batch", the library's own, or "cvode", the reference of SUNDIALS. rtol 1e-6 and atol 1e-9 are the defaults.
    threads: 0 means all cores; results do not depend on it.

    Arrays of float64 in C order are read where they are. A run that cannot be integrated is NaN from there on and counts
    in statistics["failures"].
    """
    m = as_mechanism(mechanism)
    if isinstance(start, Mapping):
        unknown = set(start) - {"s0", "p0", "cat0"} - set(m.species)
        if unknown:
            raise InvalidArgument(f"{m.id} has no species '{sorted(unknown)[0]}'")
        known = {name: start[name] for name in ("s0", "p0", "cat0") if name in start}
        start = m.start(**known, others={name: start[name] for name in start if name not in known})
    k, start, times = (np.asarray(values, dtype=np.float64) for values in (k, start, times))
    if not 1 <= k.ndim <= 2 or not 1 <= start.ndim <= 2 or not 1 <= times.ndim <= 2:
        raise InvalidArgument("k, start and times have one dimension, or two for several runs")
    single = k.ndim == start.ndim == times.ndim == 1
    n = max(values.shape[0] if values.ndim == 2 else 1 for values in (k, start, times))
    if not single and n == 1:
        n = next(values.shape[0] for values in (k, start, times) if values.ndim == 2)
    k, start = (np.broadcast_to(values, (n, values.shape[-1])) if values.ndim == 1 else values for values in (k, start))
    k = array_in(k, "float64", "k", [n, len(m.rate_constants)])
    start = array_in(start, "float64", "start", [n, len(m.species)])
    times = array_in(times, "float64", "times", [None] if times.ndim == 1 else [n, None])
    if np.any(m._coefficients != 1):
        start = start / m._coefficients
    y = np.empty((n, times.shape[-1], len(m.species)))
    options = Struct("mech_solver_options").set(
        solver=choose("solver", solver, SOLVERS), rtol=rtol, atol=atol, max_steps=max_steps, threads=threads)
    problems = Struct("mech_problems").set(n_problems=n, n_times=times.shape[-1], times_shared=times.ndim == 1)
    problems.address.k, problems.address.start, problems.address.times = (
        problems.keep(pointer(values.ravel())) for values in (k, start, times))
    counts = ffi.new("mech_solver_statistics *")
    call(lib.mech_simulate, m._address, options, problems, pointer(y.ravel()), counts)
    if np.any(m._coefficients != 1):
        y *= m._coefficients
    names = ("steps", "rejected_steps", "failures", "derivative_evaluations", "factorisations")
    return Simulation(m, times, y[0] if single else y, {name: getattr(counts, name) for name in names})
