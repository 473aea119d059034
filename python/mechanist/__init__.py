"""Names the catalytic reaction mechanism behind kinetic data.

    import mechanist
    experiment = mechanist.read("my-runs.xlsx")
    mechanist.fit(experiment)

Concentrations of simulations are in units of the standard substrate concentration, [S]0 = 1, times in units in which a
simulated run ends at t = 100; an experiment keeps the units of its table. Arrays are NumPy arrays in C order; the library
reads those of the right type where they are. Long calls let other threads of Python run, and end cleanly at Ctrl-C.
"""
from .answers.classify import Answer, ConformalSet, FourRuns, Ranked, classify
from .answers.estimate import Estimate
from .answers.fit import ActiveCatalyst, BetterComposition, Fits, MechanismFit, PartPresence, Quantity, RunEstimate, fit
from .answers.kinetics import KineticRun, Kinetics, Order, Overlay, RunPair, kinetics
from .base._library import ffi as _ffi, lib as _lib
from .base.errors import Error, FileError, InvalidArgument, InvalidInput, NumericalFailure, OutOfMemory, Stopped
from .base.page import Figure
from .base.progress import Progress
from .data import Dataset, DrawCounts, Generated, Samples, generate
from .experiment import Account, Experiment, Reactant, Run, read, simulate_experiment
from .judgement import CredibleSets, Evaluation, ReliabilityBin, evaluate
from .mechanism import Mechanism, Parts, Reaction, mechanisms
from .model import LearningCurve, Model, Stream, Training, predict, predict_experiments, train
from .simulation import Simulation, simulate

__version__: str = _ffi.string(_lib.mech_version()).decode()

__all__ = [
    "Account", "ActiveCatalyst", "Answer", "BetterComposition", "ConformalSet", "CredibleSets", "Dataset", "DrawCounts", "Error", "Estimate",
    "Evaluation", "Experiment", "Figure", "FileError", "Fits", "FourRuns", "Generated", "InvalidArgument", "InvalidInput",
    "KineticRun", "Kinetics", "LearningCurve", "Mechanism", "MechanismFit", "Model", "NumericalFailure", "Order",
    "OutOfMemory", "Overlay", "PartPresence", "Parts", "Progress", "Quantity", "Ranked", "Reactant", "Reaction",
    "ReliabilityBin", "Run", "RunEstimate", "RunPair", "Samples", "Simulation", "Stopped", "Stream", "Training",
    "classify", "evaluate", "fit", "generate", "kinetics", "mechanisms", "predict", "predict_experiments", "read",
    "simulate", "simulate_experiment", "train",
]
