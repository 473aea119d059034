"""Data sets: simulated samples to train and judge networks on."""
from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Optional

import numpy as np

from .base._library import ffi, lib
from .base.calls import call, make
from .base.errors import InvalidArgument, choose
from .base.memory import Path, Struct, array_in, array_of, decode, encode, encode_path
from .base.page import Figure, table
from .base.progress import Progress, call_long
from .experiment import Experiment
from .mechanism import AnyMechanism, Mechanism, set_mechanisms

SPLITS = {"train": lib.MECH_SPLIT_TRAIN, "validation": lib.MECH_SPLIT_VALIDATION, "test": lib.MECH_SPLIT_TEST}


def find_protocol(name: str) -> int:
    """The protocol of that name, "seed" or "nature"."""
    protocol = ffi.new("mech_protocol *")
    if not lib.mech_find_protocol(encode(name), protocol):
        raise InvalidArgument(f"there is no protocol '{name}'; expected seed or nature")
    return int(protocol[0])


class Samples:
    """Samples in memory: four runs of one mechanism each. The arrays are the library's memory and can only be read."""

    def __init__(self, address: Any, name: str = "samples"):
        """Not for callers: Dataset.samples() and Samples.from_arrays() make samples."""
        self._address, self.name = address, name

    def _array(self, member: str, kind: str, *shape: int, writable: bool = False) -> "np.ndarray[Any, Any]":
        return array_of(getattr(self._address, member), kind, (len(self), *shape), self._address, writable)

    @classmethod
    def from_arrays(cls, x1: Any, x2: Any, y: Any, *, n_labels: int = 20, protocol: str = "nature") -> "Samples":
        """Samples of one's own, which are copied: catalyst loadings x1 [n][4] as fractions of [S]0; x2 [n][n_times][12],
        t, S, P of run 1 to run 4, times ascending from 0 and scaled as the protocol says; labels y [n], 0 to
        n_labels - 1."""
        y = np.asarray(y)
        if y.size and (y.min() < 0 or y.max() >= n_labels):
            raise InvalidArgument(f"y has labels from {y.min()} to {y.max()}; expected 0 to {n_labels - 1}")
        x1 = array_in(x1, "float32", "x1", [None, 4])
        x2 = array_in(x2, "float32", "x2", [len(x1), None, 12])
        y = array_in(y, "uint8", "y", [len(x1)])
        samples = cls(make("mech_samples", lib.mech_samples_free, lib.mech_samples_create, find_protocol(protocol), len(x1),
                           x2.shape[1], n_labels))
        samples._array("x1", "float32", 4, writable=True)[...] = x1
        samples._array("x2", "float32", x2.shape[1], 12, writable=True)[...] = x2
        samples._array("y", "uint8", writable=True)[...] = y
        return samples

    def __len__(self) -> int:
        return int(self._address.n)

    @property
    def n_labels(self) -> int:
        """How many mechanisms the labels stand for."""
        return int(self._address.n_labels)

    @property
    def protocol(self) -> str:
        """How the times are scaled: "seed" or "nature"."""
        return decode(lib.mech_protocol_name(self._address.protocol))

    @property
    def x1(self) -> "np.ndarray[Any, Any]":
        """Catalyst loadings as fractions of the standard [S]0: float32 [n][4]."""
        return self._array("x1", "float32", 4)

    @property
    def x2(self) -> "np.ndarray[Any, Any]":
        """t, S, P of run 1 to run 4: float32 [n][n_times][12]."""
        return self._array("x2", "float32", self._address.n_times, 12)

    @property
    def y(self) -> "np.ndarray[Any, Any]":
        """Labels, 0 = the first mechanism of the set: uint8 [n]."""
        return self._array("y", "uint8")

    @property
    def theta(self) -> "np.ndarray[Any, Any]":
        """Rate constants, padded with NaN: float64 [n][n_theta]."""
        return self._array("theta", "float64", self._address.n_theta)

    @property
    def additive(self) -> "np.ndarray[Any, Any]":
        """Start amount of X, L or I, else 0; NaN where a file does not say it: float64 [n]."""
        return self._array("additive", "float64")

    def thin(self, points: int = 0, noise: float = 0.0, *, hide: str = "", seed: int = 1) -> "Samples":
        """A copy that keeps t = 0 and `points` random later times (0: all), with Gaussian noise of this standard
        deviation in units of [S]0 added to S and P after t = 0; hide "S" or "P": it was not measured."""
        if hide not in ("", "S", "P"):
            raise InvalidArgument(f"hide is '{hide}'; expected S or P")
        thinned = make("mech_samples", lib.mech_samples_free, lib.mech_samples_thin, self._address, points, noise, seed)
        if hide:
            lib.mech_samples_hide(thinned, lib.MECH_ROLE_SUBSTRATE if hide == "S" else lib.MECH_ROLE_PRODUCT)
        return Samples(thinned, self.name)

    def figure(self, sample: int, mechanism: Optional[Mechanism] = None) -> Figure:
        """The four runs of one sample, with its mechanism where it is given."""
        if not 0 <= sample < len(self):
            raise IndexError(f"there is no sample {sample} of {len(self)}")
        return Figure(f"Sample {sample} of {self.name}", lib.mech_draw_profiles, self._address, sample,
                      mechanism._address if mechanism else ffi.NULL, owner=(self, mechanism))

    def __repr__(self) -> str:
        return f"<Samples: {len(self)} with {self._address.n_times} times, protocol {self.protocol}>"


class Dataset:
    """A data file and what it says of itself; samples are read when they are asked for."""

    def __init__(self, path: Path):
        self.path = os.fspath(path)
        self._address = make("mech_dataset", lib.mech_dataset_free, lib.mech_dataset_read, encode_path(path))

    @property
    def mechanisms(self) -> tuple[Mechanism, ...]:
        """What the labels stand for."""
        return tuple(Mechanism._of(lib.mech_dataset_mechanism(self._address, i), self._address)
                     for i in range(lib.mech_dataset_n_mechanisms(self._address)))

    def counts(self, split: str) -> "np.ndarray[Any, Any]":
        """How many samples of each label a split ("train", "validation" or "test") holds: [n_mechanisms]."""
        number = choose("split", split, SPLITS)
        return np.array([lib.mech_dataset_n_samples(self._address, number, i)
                         for i in range(lib.mech_dataset_n_mechanisms(self._address))], dtype=np.uint64)

    def attribute(self, name: str) -> Optional[str]:
        """A text among the file's attributes ("options", "prior", "mechanisms", "version"), or None."""
        place = ffi.new("char **")
        call(lib.mech_dataset_attribute, encode_path(self.path), encode(name), place)
        value = ffi.gc(place[0], lib.mech_free)
        return decode(value) if value else None

    def samples(self, split: str = "test", n: Optional[int] = None, *, seed: int = 1) -> Samples:
        """The samples of a split, or n random ones of them in their order."""
        name = f"{os.path.basename(self.path)}, {split}"
        if n is None:
            return Samples(make("mech_samples", lib.mech_samples_free, lib.mech_samples_read, encode_path(self.path),
                                encode(split)), name)
        return Samples(make("mech_samples", lib.mech_samples_free, lib.mech_samples_read_subset, encode_path(self.path),
                            encode(split), n, seed), name)

    def experiment(self, split: str = "test", sample: int = 0) -> Experiment:
        """An experiment of a data set of experiments (format 2, docs/data.md)."""
        sets = ffi.new("mech_run_set **")
        call(lib.mech_experiment_of_data, encode_path(self.path), encode(split), sample, sets, ffi.NULL)
        runs = ffi.gc(sets[0], lib.mech_run_set_free)
        return Experiment(None, f"{os.path.basename(self.path)}, {split} {sample}", runs)

    def figure(self) -> Figure:
        """How many samples of each mechanism the set holds."""
        return Figure(f"Samples of {self.path}", lib.mech_draw_sample_counts, self._address, owner=self)

    def __repr__(self) -> str:
        return f"<Dataset {self.path}>"

    def _repr_html_(self) -> str:
        counts = {split: self.counts(split) for split in SPLITS}
        return table(("mechanism", *SPLITS), [(m.id, *(str(counts[split][i]) for split in SPLITS))
                                              for i, m in enumerate(self.mechanisms)])


@dataclass(frozen=True)
class DrawCounts:
    """What one mechanism's draws came to, over all splits."""

    mechanism: str
    """Its id."""
    candidates: int
    """Thetas that were drawn from the prior."""
    refused_by_yield: int
    """Of these: too little was converted."""
    refused_by_rule: int
    """Of these: the mechanism did not show itself."""
    accepted: int
    """Of these: are used."""
    duplicates: int
    """Of these: had been accepted before."""
    solver_failures: int
    """Runs that could not be integrated."""
    samples: int
    """Of the accepted ones."""


@dataclass(frozen=True)
class Generated:
    """What generate() made."""

    dataset: Dataset
    """The data set."""
    counts: tuple[DrawCounts, ...]
    """What each mechanism's draws came to."""

    def _repr_html_(self) -> str:
        return table(("mechanism", "drawn", "accepted", "samples"),
                     [(c.mechanism, str(c.candidates), str(c.accepted), str(c.samples)) for c in self.counts])


def read_counts(counts: Any) -> tuple[DrawCounts, ...]:
    """Counts of the library as dataclasses."""
    names = [name for name in DrawCounts.__dataclass_fields__ if name != "mechanism"]
    return tuple(DrawCounts(decode(c.mechanism), *(int(getattr(c, name)) for name in names)) for c in counts)


def generate(path: Path, *, train: Optional[int] = None, validation: Optional[int] = None, test: Optional[int] = None,
             protocol: Optional[str] = None, design: Optional[Path] = None, seed: int = 1,
             mechanisms: Optional[Iterable[AnyMechanism]] = None, prior: Optional[Path] = None, thetas: Optional[int] = None,
             resume: bool = False, threads: int = 0, progress: Optional[Progress] = None) -> Generated:
    """Draws rate constants from the prior, simulates the runs and writes the data set to an HDF5 file (docs/data.md).

    train, validation, test: samples of the splits (100,000, 10,000 and 10,000).
    protocol: "nature" or "seed"; design: what experiments look like ("fixed-window", "nature", "laboratory" or a file).
    mechanisms: in the order of the labels (M1 to M20). prior: "wide" or a file. thetas: accepted ones for training.
    threads: 0 means all cores; same options and seed give the same bytes.
    progress: see mechanist.Progress. Where it raises an exception, or at Ctrl-C, the work stops cleanly, and a later call
        with resume=True goes on from there.
    """
    options = Struct("mech_generate_options").set(
        protocol=None if protocol is None else find_protocol(protocol), n_train=train, n_validation=validation, n_test=test,
        seed=seed, threads=threads, prior=prior, n_thetas=thetas, resume=resume, design=design)
    chosen = set_mechanisms(options, mechanisms)
    counts = ffi.new("mech_draw_counts[]", len(chosen))
    call_long(progress, lib.mech_generate, options, encode_path(path), ..., counts)
    return Generated(Dataset(path), read_counts(counts))
