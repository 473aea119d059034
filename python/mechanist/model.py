"""Networks: those that come with the library, and ones of one's own."""
from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Optional, Union

import numpy as np

from .base._library import ffi, lib
from .base.calls import call, make, make_text
from .base.errors import choose
from .base.memory import Path, Struct, array_in, decode, encode, encode_path, pointer
from .base.page import Figure, table
from .base.progress import Progress, call_long
from .data import DrawCounts, Samples, find_protocol, read_counts
from .experiment import Experiment
from .mechanism import AnyMechanism, Mechanism, set_mechanisms

SCHEDULES = {"constant": lib.MECH_SCHEDULE_CONSTANT, "cosine": lib.MECH_SCHEDULE_COSINE,
             "one-cycle": lib.MECH_SCHEDULE_ONE_CYCLE}
OPTIMISERS = {"adam": lib.MECH_OPTIMISER_ADAM, "muon": lib.MECH_OPTIMISER_MUON}
METHODS = {"temperature": lib.MECH_CALIBRATION_TEMPERATURE, "vector": lib.MECH_CALIBRATION_VECTOR,
           "adaptive": lib.MECH_CALIBRATION_ADAPTIVE}
PRECISIONS = {"float32": lib.MECH_PRECISION_FLOAT32, "float64": lib.MECH_PRECISION_FLOAT64}


class Model:
    """A trained network. Any number of threads may use it while nobody calibrates it."""

    def __init__(self, name_or_path: Optional[Path] = None):
        """Reads a model file, or the shipped model of that name ("hadamard-nature"); None: the library's default."""
        path = make_text(lib.mech_model_find, ffi.NULL if name_or_path is None else encode_path(name_or_path))
        self._take(make("mech_model", lib.mech_model_free, lib.mech_model_read, encode(path)),
                   os.path.basename(path).removesuffix(".safetensors"))

    def _take(self, address: Any, name: str) -> None:
        self._address, self.name = address, name

    @classmethod
    def parse(cls, data: bytes, name: str = "model") -> "Model":
        """A model from the bytes of its file; `name` names it in messages."""
        model = cls.__new__(cls)
        model._take(make("mech_model", lib.mech_model_free, lib.mech_model_parse, ffi.from_buffer(data), len(data),
                         encode(name)), name)
        return model

    @staticmethod
    def shipped() -> tuple[str, ...]:
        """The names of the models that come with the library."""
        shipped = make("mech_shipped_models", lib.mech_shipped_models_free, lib.mech_shipped_models_read)
        return tuple(decode(lib.mech_shipped_models_model(shipped, i).name) for i in range(lib.mech_shipped_models_n(shipped)))

    def to_bytes(self) -> bytes:
        """The bytes of the model's file."""
        place, length = ffi.new("char **"), ffi.new("size_t *")
        call(lib.mech_model_bytes, self._address, place, length)
        try:
            return bytes(ffi.buffer(place[0], length[0]))
        finally:
            lib.mech_free(place[0])

    def write(self, path: Path) -> None:
        """Writes the model's file (docs/model-files.md), whole or not at all."""
        call(lib.mech_model_write, self._address, encode_path(path))

    def export_onnx(self, path: Path, precision: str = "float64") -> None:
        """Writes the model as an ONNX file (docs/onnx.md) that computes in "float64" or "float32"."""
        call(lib.mech_model_export_onnx, self._address, choose("precision", precision, PRECISIONS), encode_path(path))

    @property
    def network(self) -> str:
        """What network it is: "hadamard"."""
        return decode(lib.mech_model_network(self._address))

    @property
    def labels(self) -> tuple[str, ...]:
        """The ids of what it tells apart, in the order of probabilities."""
        return tuple(decode(lib.mech_model_label(self._address, i)) for i in range(lib.mech_model_n_labels(self._address)))

    def mechanism(self, label: Union[int, str]) -> Optional[Mechanism]:
        """The mechanism that a label, or its id, stands for; None where nothing says it."""
        if isinstance(label, str):
            place = ffi.new("size_t *")
            call(lib.mech_model_find_label, self._address, encode(label), place)
            label = int(place[0])
        elif not 0 <= label < lib.mech_model_n_labels(self._address):
            raise IndexError(f"there is no label {label} of {lib.mech_model_n_labels(self._address)}")
        found = lib.mech_model_mechanism(self._address, label)
        return Mechanism._of(found, self._address) if found else None

    @property
    def n_parameters(self) -> int:
        """Numbers that were trained."""
        return int(lib.mech_model_n_parameters(self._address))

    def metadata(self, key: str) -> Optional[str]:
        """What the model's file says under a key ("protocol", "data", "mechanisms"), or None."""
        value = lib.mech_model_metadata(self._address, encode(key))
        return decode(value) if value else None

    @property
    def calibration(self) -> Optional[str]:
        """"temperature", "vector" or "adaptive"; None where the model has no calibration."""
        value = lib.mech_model_calibration(self._address)
        return decode(value) if value else None

    @property
    def layers(self) -> list[dict[str, Any]]:
        """Its layers: for each, "kind", "activation", "inputs", "width" and "series"."""
        layers: list[dict[str, Any]] = json.loads(make_text(lib.mech_model_layers, self._address))
        return layers

    def calibrate(self, samples: Samples, *, method: str = "adaptive", points: Optional[Sequence[int]] = None,
                  noise: Optional[Sequence[float]] = None, origin: Optional[str] = None, seed: int = 1,
                  threads: int = 0) -> dict[str, float]:
        """Fits a calibration ("temperature", "vector" or "adaptive") and thresholds of conformal sets to samples that
        the model was not trained on (docs/calibration.md), and enters them into the model. Returns what it came to."""
        options = Struct("mech_calibrate_options").set(
            method=choose("method", method, METHODS), seed=seed, threads=threads)
        options.set_numbers("points", "n_points", points, "size_t").set_numbers("noise", "n_noise", noise)
        report = ffi.new("mech_calibration_report *")
        call(lib.mech_calibrate, self._address, samples._address, options, encode(origin or samples.name), report)
        return {name: getattr(report, name) for name, _ in ffi.typeof("mech_calibration_report").fields}

    def figure(self) -> Figure:
        """Its layers with their shapes."""
        return Figure(f"Layers of {self.name}", lib.mech_draw_architecture, self._address, owner=self)

    def __reduce__(self) -> Any:
        return Model.parse, (self.to_bytes(), self.name)

    def __repr__(self) -> str:
        return f"<Model {self.name}: {self.network} network, {lib.mech_model_n_labels(self._address)} labels>"


AnyModel = Union[Model, Path, None]
"""A model, its file, the name of a shipped one, or None: the library's default."""


def as_model(model: AnyModel) -> Model:
    """A model from itself, its path or name."""
    return model if isinstance(model, Model) else Model(model)


def predict(model: AnyModel, samples: Union[Samples, tuple[Any, Any]], *, calibrated: bool = False,
            threads: int = 0) -> "np.ndarray[Any, Any]":
    """Probabilities of samples: float32 [n][n_labels].

    samples: Samples, or the arrays x1 [n][4] (catalyst loadings as fractions of [S]0) and x2 [n][n_times][12] (t, S, P of
        run 1 to run 4); float32 arrays in C order are read where they are. S or P that was not measured is NaN.
    calibrated: with the model's calibration. threads: 0 means all cores.
    """
    m = as_model(model)
    given = (samples.x1, samples.x2) if isinstance(samples, Samples) else samples
    x1 = array_in(given[0], "float32", "x1", [None, 4])
    x2 = array_in(given[1], "float32", "x2", [len(x1), None, 12])
    probabilities = np.empty((len(x1), lib.mech_model_n_labels(m._address)), dtype=np.float32)
    if len(x1):
        function = lib.mech_model_predict_calibrated if calibrated else lib.mech_model_predict
        call(function, m._address, len(x1), x2.shape[1], pointer(x1.ravel()), pointer(x2.ravel()), threads,
             pointer(probabilities.ravel()))
    return probabilities


def predict_experiments(model: AnyModel, experiments: Sequence[Experiment], *, threads: int = 0) -> "np.ndarray[Any, Any]":
    """Probabilities of experiments by a network that reads run sets ("set"): float32 [n][n_labels]."""
    m = as_model(model)
    probabilities = np.empty((len(experiments), lib.mech_model_n_labels(m._address)), dtype=np.float32)
    sets = ffi.new("mech_run_set *[]", [experiment._run_set for experiment in experiments])
    call(lib.mech_model_predict_run_sets, m._address, len(experiments), sets, ffi.NULL, threads,
         pointer(probabilities.ravel()), ffi.NULL)
    return probabilities


class LearningCurve:
    """The learning curve of a training: one row for each validation."""

    columns = ("step", "samples", "epoch", "learning_rate", "training_loss", "training_accuracy", "validation_loss",
               "validation_accuracy")

    def __init__(self, path: Path):
        """Reads the curve that training writes beside a model, MODEL.history.csv."""
        self._address = make("mech_learning_curve", lib.mech_learning_curve_free, lib.mech_learning_curve_read,
                             encode_path(path))

    def __len__(self) -> int:
        return int(lib.mech_learning_curve_n(self._address))

    def __getitem__(self, column: str) -> "np.ndarray[Any, Any]":
        """A column as an array: losses in nats, accuracies and training progress as shares of 1."""
        if column not in self.columns:
            raise KeyError(column)
        return np.array([getattr(lib.mech_learning_curve_row(self._address, i), column) for i in range(len(self))])

    def figure(self) -> Figure:
        """Loss and accuracy by epoch, training and validation."""
        return Figure("Learning curve", lib.mech_draw_learning, self._address, owner=self)

    def _repr_html_(self) -> str:
        return self.figure()._repr_html_()


@dataclass(frozen=True)
class Stream:
    """Training samples that are simulated while the network learns (docs/training.md). None: the library's default."""

    protocol: Optional[str] = None
    """"nature" or "seed"."""
    design: Optional[Path] = None
    """What experiments look like; of network "set" "laboratory" or another design."""
    train: Optional[int] = None
    """Samples that count as an epoch."""
    validation: Optional[int] = None
    """Samples that training is judged by."""
    thetas: Optional[int] = None
    """About so many accepted thetas are in use at a time."""
    renew: Optional[float] = None
    """Thetas replaced by new ones for each sample."""
    reuse: Optional[int] = None
    """How often a sample is learned from."""
    prior: Optional[Path] = None
    """"wide" or a file with ranges of rate constants."""
    mechanisms: Optional[Sequence[AnyMechanism]] = None
    """In the order of the labels; None: M1 to M20."""


@dataclass(frozen=True)
class Training:
    """What train() made."""

    model: Model
    """The weights of the best validation."""
    curve: LearningCurve
    """How it learned."""
    counts: tuple[DrawCounts, ...] = ()
    """Of a stream: what was drawn and simulated."""

    def _repr_html_(self) -> str:
        best = int(np.argmax(self.curve["validation_accuracy"])) if len(self.curve) else None
        rows = [] if best is None else [(self.model.network, f"{self.curve['epoch'][best]:g}",
                                         f"{100 * self.curve['validation_accuracy'][best]:.2f} %")]
        return table(("network", "best epoch", "validation accuracy"), rows) + self.curve._repr_html_()


def train(data: Union[Path, tuple[Samples, Samples], Stream], output: Path, network: str = "hadamard", *,
          hidden: Optional[int] = None, start: Optional[Path] = None, second_start: Optional[Path] = None,
          batch: Optional[int] = None, largest_batch: Optional[int] = None, epochs: Optional[int] = None,
          steps: Optional[int] = None, validation_interval: Optional[int] = None, patience: Optional[int] = None,
          optimiser: str = "adam", schedule: str = "cosine", learning_rate: Optional[float] = None,
          warm_up: Optional[float] = None, weight_decay: Optional[float] = None, clip: Optional[float] = None,
          average: Optional[float] = None, label_smoothing: Optional[float] = None,
          points: Optional[Sequence[int]] = None, noise: Optional[Sequence[float]] = None, each_sample: bool = False,
          missing: Optional[float] = None, labels: Optional[Iterable[str]] = None, resume: bool = False,
          checkpoint_minutes: Optional[float] = None, seed: int = 1, threads: int = 0,
          progress: Optional[Progress] = None) -> Training:
    """Trains a network (docs/training.md) and writes it to `output`, MODEL.safetensors, with MODEL.history.csv beside it.

    data: a data file; training and validation samples in memory; or a Stream of samples that are simulated on the way.
    network: "hadamard", "average", "attention", "gate", "nature", "kinetic", ...
    batch 2,048, epochs 100, learning_rate 1e-3 (of optimiser "muon" 0.01 suits), warm_up 0.02, clip 1, average 0.999 are
        the defaults; `steps` is the length as a number of batches instead.
    points, noise: points after t = 0 that batches keep, and standard deviations of noise in units of [S]0.
    labels: of samples in memory, the mechanisms' ids in the order of the labels.
    Same options, seed and data give the same bytes, whatever the threads (0: all cores).
    progress: see mechanist.Progress. Where it raises an exception, or at Ctrl-C, training stops cleanly, its state stays in
        MODEL.checkpoint, and a later call with resume=True goes on to the same result.
    """
    options = Struct("mech_train_options").set(
        network=network, hidden=hidden, start=start, second_start=second_start, batch=batch, largest_batch=largest_batch,
        epochs=epochs, steps=steps, validation_interval=validation_interval, patience=patience,
        optimiser=choose("optimiser", optimiser, OPTIMISERS), schedule=choose("schedule", schedule, SCHEDULES),
        learning_rate=learning_rate, warm_up=warm_up, weight_decay=weight_decay, clip=clip, average=average,
        label_smoothing=label_smoothing, each_sample=each_sample, missing=missing, resume=resume,
        checkpoint_minutes=checkpoint_minutes, seed=seed, threads=threads)
    options.set_numbers("points", "n_points", points, "size_t").set_numbers("noise", "n_noise", noise)
    path = encode_path(output)
    counts = None
    if isinstance(data, Stream):
        stream = Struct("mech_stream_options").set(
            protocol=None if data.protocol is None else find_protocol(data.protocol), n_train=data.train,
            n_validation=data.validation, n_thetas=data.thetas, renew=data.renew, reuse=data.reuse, prior=data.prior,
            design=data.design)
        counts = ffi.new("mech_draw_counts[]", len(set_mechanisms(stream, data.mechanisms)))
        call_long(progress, lib.mech_train_stream, options, stream, path, ..., counts)
    elif isinstance(data, tuple):
        ids = ffi.NULL if labels is None else encode(",".join(labels))
        call_long(progress, lib.mech_train_samples, options, data[0]._address, data[1]._address, ids, path, ...)
    else:
        call_long(progress, lib.mech_train, options, encode_path(data), path, ...)
    base = os.fspath(output).removesuffix(".safetensors")
    return Training(Model(output), LearningCurve(base + ".history.csv"), () if counts is None else read_counts(counts))
