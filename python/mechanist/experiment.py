"""Measured runs: from tables, data frames and arrays."""
from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Optional, Union

import numpy as np

from .base._library import ffi, lib
from .base.calls import call, make
from .base.errors import InvalidArgument, InvalidInput
from .base.memory import Path, Struct, array_in, array_of, decode, encode, encode_path, pointer
from .base.page import Figure, number, percent, sentences, table

if TYPE_CHECKING:
    import pandas

Array = Any  # whatever NumPy makes an array of


@dataclass(frozen=True, eq=False)
class Reactant:
    """A reactant besides S, or an additive, of one run."""

    start: float
    """Amount at t = 0; NaN: not known."""
    concentration: Optional[Array] = None
    """[n_readings], NaN where not measured; None: never measured."""


@dataclass(frozen=True, eq=False)
class Run:
    """One run as it was measured. All runs of an experiment have one unit of time and one of concentration."""

    time: Array
    """[n_readings], not descending; several readings may share a time."""
    substrate: Optional[Array] = None
    """[n_readings], NaN where not measured; None: never measured."""
    product: Optional[Array] = None
    """[n_readings], the same."""
    cat0: float = np.nan
    """Catalyst as weighed in."""
    s0: Optional[float] = None
    """Substrate at t = 0; None: what was measured at t = 0."""
    p0: Optional[float] = None
    """Product at t = 0; None: what was measured at t = 0, else 0."""
    name: str = ""
    """As the file says; "": its number."""
    active: Optional[Array] = None
    """[n_readings]: catalyst on the cycle as measured, the same."""
    reactants: Mapping[str, Reactant] = field(default_factory=dict)
    """Further reactants and additives by name."""

    def _start(self, readings: Optional[Array]) -> Optional[float]:
        time = np.asarray(self.time, dtype=np.float64)
        if readings is None or not time.size or time[0] != 0:
            return None
        first = float(np.asarray(readings, dtype=np.float64)[0])
        return None if np.isnan(first) else first


@dataclass(frozen=True)
class Account:
    """What is known of a run besides its numbers."""

    kind: str
    """"standard", "different catalyst", "same excess", "product added", "different excess", "replicate" or "blank"."""
    used: bool
    """Whether fits and other questions take it."""
    left_out: str
    """Why it is not used; "" where it is."""
    noise: float
    """Standard deviation of a reading as its neighbours tell it, in the unit of concentration; NaN: too few of them."""
    conversion: float
    """Of substrate at the last reading, as a share of [S]0."""


def _run_of(r: Any, owner: Any) -> Run:
    """A run of the library, whose readings stay where they are."""
    def readings(memory: Any) -> Optional[Array]:
        return array_of(memory, "float64", (r.n_readings,), owner) if memory else None
    reactants = {decode(x.species): Reactant(x.start, readings(x.concentration))
                 for x in (r.reactants[i] for i in range(r.n_reactants))}
    return Run(readings(r.time), readings(r.substrate), readings(r.product), r.cat0, r.s0, r.p0, decode(r.name),
               readings(r.active), reactants)


def _run_set(runs: Iterable[Run], time_unit: str, concentration_unit: str) -> Any:
    """A run set of the library with copies of runs."""
    made = make("mech_run_set", lib.mech_run_set_free, lib.mech_run_set_new, encode(time_unit), encode(concentration_unit))
    for number_of_run, run in enumerate(runs, start=1):
        name = run.name or str(number_of_run)
        time = array_in(run.time, "float64", f"time of run {name}", [None])
        r = Struct("mech_run").set(name=name, n_readings=len(time))

        def readings(what: str, values: Optional[Array]) -> Any:
            if values is None:
                return ffi.NULL
            return r.keep(pointer(array_in(values, "float64", f"{what} of run {name}", [len(time)])))
        r.address.time = r.keep(pointer(time))
        for what in ("substrate", "product", "active"):
            setattr(r.address, what, readings(what, getattr(run, what)))
        s0 = run.s0 if run.s0 is not None else run._start(run.substrate)
        p0 = run.p0 if run.p0 is not None else run._start(run.product)
        if s0 is None:
            raise InvalidArgument(f"run {name} has no substrate at t = 0; expected s0")
        r.set(s0=s0, p0=0.0 if p0 is None else p0, cat0=run.cat0)
        others = r.keep(ffi.new("mech_reactant[]", len(run.reactants)))
        for reactant, (species, x) in zip(others, run.reactants.items()):
            reactant.species = r.keep(ffi.new("char[]", encode(species)))
            reactant.start, reactant.concentration = x.start, readings(species, x.concentration)
        r.address.n_reactants, r.address.reactants = len(run.reactants), others
        call(lib.mech_run_set_add, made, r)
    return made


def _options(columns: Optional[str] = None, runs: Optional[Union[str, Sequence[str]]] = None, unit: Optional[str] = None,
             loading_basis: Optional[str] = None, s0: Optional[Array] = None, p0: Optional[Array] = None,
             b0: Optional[Array] = None, cat0: Optional[Array] = None, cat0_unit: Optional[str] = None,
             response: Optional[str] = None, ignore_saved: bool = False, s0_unit: Optional[str] = None,
             p0_unit: Optional[str] = None, b0_unit: Optional[str] = None) -> Struct:
    if runs is not None and not isinstance(runs, str):
        runs = ",".join(str(run) for run in runs)
    options = Struct("mech_experiment_options").set(columns=columns, runs=runs, unit=unit, loading_basis=loading_basis,
                                                    cat0_unit=cat0_unit, response=response, ignore_saved=ignore_saved,
                                                    s0_unit=s0_unit, p0_unit=p0_unit, b0_unit=b0_unit)
    for name, values in (("s0", s0), ("p0", p0), ("b0", b0), ("cat0", cat0)):
        options.set_numbers(name, "n_" + name, values)
    return options


class Experiment:
    """Measured runs in the units of their table. It never changes; any number of threads may use it."""

    def __init__(self, address: Any, name: str, runs: Any = None):
        """Not for callers: Experiment.read(), .parse(), .from_dataframe() and .from_arrays() make experiments."""
        self._table, self.name, self._own_runs = address, name, runs

    @property
    def _address(self) -> Any:
        """The library's experiment. That of a run set is made when it is asked for."""
        if self._table is None:
            self._table = make("mech_experiment", lib.mech_experiment_free, lib.mech_experiment_of_runs, self._own_runs,
                               encode(self.name))
        return self._table

    @classmethod
    def read(cls, path: Union[Path, Sequence[Path]], **options: Any) -> "Experiment":
        """Reads kinetic runs from a text table, an Excel workbook or an OpenDocument spreadsheet
        (docs/kinetic-tables.md), or from several files as one experiment. Options say what a table does not:

        columns: which column is what, "time=1,S=Silane,P=Silanol".
        runs: names or numbers of the runs to be used, "A,B,C" or a list.
        unit: units that headers do not name, "time=min,S=mM".
        loading_basis: "own" or "standard": what mol % count from.
        s0, p0, b0, cat0: starts in the file's unit, one for each run or one for all; s0_unit, p0_unit, b0_unit,
            cat0_unit: their units where they are others, "mM", or "mol %" of catalyst.
        response: what areas and integrals are multiplied with, "S=2.1e-6,P=1.9e-6".
        ignore_saved: pass over a reading that was saved beside the file.
        """
        paths = [path] if isinstance(path, (str, os.PathLike)) else list(path)
        names = [ffi.new("char[]", encode_path(each)) for each in paths]
        address = make("mech_experiment", lib.mech_experiment_free, lib.mech_experiment_read_files, len(names),
                       ffi.new("char *[]", names), _options(**options))
        return cls(address, os.fspath(paths[0]) if paths else "")

    @classmethod
    def parse(cls, data: Union[bytes, str], name: str = "table", **options: Any) -> "Experiment":
        """The same from the contents of one file in memory: bytes of any of these formats, or the text of a table.
        `name` stands for the file in messages."""
        if isinstance(data, str):
            data = data.encode("utf-8")
        address = make("mech_experiment", lib.mech_experiment_free, lib.mech_experiment_parse, ffi.from_buffer(data),
                       len(data), encode(name), _options(**options))
        return cls(address, name)

    @classmethod
    def from_dataframe(cls, frame: "pandas.DataFrame", name: str = "data frame", **options: Any) -> "Experiment":
        """The experiment of a data frame, understood as a table with its columns' names as headers would be; an index
        that has a name is a column, too. Options as in read()."""
        if frame.columns.nlevels > 1:
            raise InvalidArgument("the data frame's columns have several levels; expected one name for each column")
        named = any(level is not None for level in frame.index.names)
        return cls.parse(frame.to_csv(index=named), name, **options)

    @classmethod
    def from_arrays(cls, runs: Iterable[Run], *, time_unit: str = "", concentration_unit: str = "",
                    name: str = "runs") -> "Experiment":
        """The experiment of runs in memory, at most 16; the readings are copied. Units are what results are shown with
        ("min", "M")."""
        experiment = cls(None, name, _run_set(runs, time_unit, concentration_unit))
        experiment.warnings  # what is wrong with the runs is said at once
        return experiment

    @property
    def _run_set(self) -> Any:
        return self._own_runs or lib.mech_experiment_runs(self._address)

    @property
    def runs(self) -> tuple[Run, ...]:
        """All runs of the file, with those that cannot be used; their readings are not copied."""
        if self._own_runs:
            return self.used_runs
        return tuple(_run_of(lib.mech_experiment_run(self._address, i), self)
                     for i in range(lib.mech_experiment_n_runs(self._address)))

    @property
    def used_runs(self) -> tuple[Run, ...]:
        """The runs that can be used, at most 16."""
        runs = self._run_set
        return tuple(_run_of(lib.mech_run_set_run(runs, i), self) for i in range(lib.mech_run_set_n_runs(runs)))

    @property
    def accounts(self) -> tuple[Account, ...]:
        """What is known of each run besides its numbers."""
        found = (lib.mech_experiment_account(self._address, i) for i in range(lib.mech_experiment_n_runs(self._address)))
        return tuple(Account(decode(a.kind), bool(a.used), decode(a.left_out), a.noise, a.conversion) for a in found)

    @property
    def time_unit(self) -> str:
        """The unit of time, "" where none is named."""
        return decode(lib.mech_run_set_time_unit(self._run_set))

    @property
    def concentration_unit(self) -> str:
        """The unit of concentration, "" where none is named."""
        return decode(lib.mech_run_set_concentration_unit(self._run_set))

    @property
    def columns(self) -> dict[str, str]:
        """What each column that was understood was taken for, by header."""
        return {decode(lib.mech_experiment_column_header(self._address, i)):
                decode(lib.mech_experiment_column_role(self._address, i))
                for i in range(lib.mech_experiment_n_columns(self._address))}

    @property
    def warnings(self) -> tuple[str, ...]:
        """What was assumed in reading, as sentences."""
        return tuple(decode(lib.mech_experiment_warning(self._address, i))
                     for i in range(lib.mech_experiment_n_warnings(self._address)))

    def to_dataframe(self) -> "pandas.DataFrame":
        """All readings of all runs as a data frame: run, time, S, P (and further species), cat."""
        import pandas
        frames = []
        for run in self.runs:
            readings = {"run": run.name, "time": run.time, "S": run.substrate, "P": run.product, "active": run.active}
            readings.update((species, x.concentration) for species, x in run.reactants.items())
            readings["cat"] = run.cat0
            frames.append(pandas.DataFrame({name: values for name, values in readings.items() if values is not None}))
        return pandas.concat(frames, ignore_index=True)

    def figure(self) -> Figure:
        """The measured runs over time."""
        return Figure(f"Runs of {self.name}", lib.mech_draw_experiment, self._address, ffi.NULL, owner=self)

    def __repr__(self) -> str:
        return f"<Experiment {self.name}: {len(self.runs)} runs>"

    def _figure_html(self) -> str:
        try:
            return self.figure()._repr_html_()
        except InvalidInput as problem:
            return sentences("The runs cannot be drawn", [str(problem)])

    def _repr_html_(self) -> str:
        unit = f" / {self.concentration_unit}" if self.concentration_unit else ""
        rows = [(run.name, str(len(run.time)), number(run.s0 or 0), number(run.cat0)) for run in self.runs]
        headers = ["run", "readings", f"[S]0{unit}", f"catalyst{unit}"]
        if self._table is None:
            return self._figure_html() + table(headers, rows)
        told = [(a.kind if a.used else f"left out: {a.left_out}", percent(a.conversion)) for a in self.accounts]
        return (self._figure_html() + table([*headers, "what it is", "conversion"], [r + t for r, t in zip(rows, told)])
                + sentences("Mind that", self.warnings))


def read(path: Union[Path, Sequence[Path]], **options: Any) -> Experiment:
    """Experiment.read(): measured runs from a table or workbook."""
    return Experiment.read(path, **options)


def simulate_experiment(mechanism: Any, design: Optional[Path] = None, *, seed: int = 1, number: int = 0) -> Experiment:
    """Simulates an experiment of a mechanism as a design ("laboratory" or another one, or a file, docs/designs.md) says:
    accepted rate constants, runs, readings and errors. Seed and number fix it. Times are in units of the longest run's
    last reading, concentrations in those of the standard [S]0."""
    from .mechanism import as_mechanism
    m = as_mechanism(mechanism)
    sets = ffi.new("mech_run_set **")
    call(lib.mech_simulate_experiment, m._address, ffi.NULL if design is None else encode_path(design), seed, number, sets,
         ffi.NULL)
    runs = ffi.gc(sets[0], lib.mech_run_set_free)
    return Experiment(None, f"{m.id}, simulated", runs)
