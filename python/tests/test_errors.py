"""What is wrong is said in the library's words, as the right exception."""
import numpy as np
import pandas
import pytest

import mechanist
from conftest import run


def test_messages_are_those_of_the_command_line(tmp_path):
    table = tmp_path / "bad.csv"
    table.write_text("time,S,cat\n0,1,0.1\n1,abc,0.1\n")
    with pytest.raises(mechanist.InvalidInput) as raised:
        mechanist.read(table)
    assert run("classify", table, status=1) == f"mechanist: {raised.value}"
    with pytest.raises(mechanist.FileError) as raised:
        mechanist.read(tmp_path / "absent.csv")
    assert run("read", tmp_path / "absent.csv", status=1) == f"mechanist: {raised.value}"


def test_exceptions_are_those_of_python_too(tmp_path):
    for function, of_python in ((lambda: mechanist.Dataset(tmp_path / "absent.h5"), OSError),
                                (lambda: mechanist.Model("absent"), ValueError),
                                (lambda: mechanist.Mechanism("nonsense"), ValueError),
                                (lambda: mechanist.Mechanism.named("M21"), ValueError)):
        with pytest.raises(of_python) as raised:
            function()
        assert isinstance(raised.value, mechanist.Error)


def test_a_mechanism_file_is_refused_by_line_and_column():
    with pytest.raises(mechanist.InvalidInput, match=r"^mine:2:\d+: "):
        mechanist.Mechanism("mechanism: X\nS +-> P : k\n", source="mine")


@pytest.mark.parametrize("call, message", [
    (lambda e: mechanist.simulate("M1", [1, 2], {}, [0, 1]), r"k has the shape \(1, 2\); expected \(1, 4\)"),
    (lambda e: mechanist.simulate("M1", [1, 1, 1, 1], {"X": 1}, [0, 1]), "M1 has no species 'X'"),
    (lambda e: mechanist.simulate("M1", [1, 1, 1, 1], {}, [1, 0]), "ascend|descend"),
    (lambda e: mechanist.simulate("M1", [1, 1, 1, 1], {}, [0, 1], solver="euler"), "there is no solver 'euler'"),
    (lambda e: mechanist.simulate("M1", np.ones((2, 4)), np.ones((3, 4)), [0, 1]), "shape"),
    (lambda e: mechanist.simulate("M1", 1.0, {}, [0, 1]), "one dimension"),
    (lambda e: mechanist.predict("hadamard-nature", (np.zeros((2, 3)), np.zeros((2, 7, 12)))), "x1 has the shape"),
    (lambda e: mechanist.predict("hadamard-nature", (np.zeros((2, 4)), np.zeros((3, 7, 12)))), "x2 has the shape"),
    (lambda e: mechanist.classify(e, fast=True, among=["M99"]), "M99"),
    (lambda e: mechanist.classify(e, fast=True, level=2), "level"),
    (lambda e: mechanist.fit(e, ["M1"], prior_odds={"M2": 1}), "M2, which is not fitted"),
    (lambda e: mechanist.fit(e, []), "no mechanisms"),
    (lambda e: mechanist.fit(e, ["M1"], noise_model="cauchy"), "expected student, gaussian"),
    (lambda e: mechanist.kinetics(e, follow="Q"), "expected S or P"),
    (lambda e: mechanist.kinetics(e, level=3), "level"),
    (lambda e: mechanist.evaluate(np.ones((2, 3)) / 3, [0, 3], resamples=0), "labels from 0 to 3"),
    (lambda e: mechanist.evaluate(np.ones((2, 3)) / 3, [0, 1, 2], resamples=0), "the truth has the shape"),
    (lambda e: mechanist.Samples.from_arrays(np.zeros((1, 4)), np.zeros((1, 7, 12)), [300]), "labels from 300"),
    (lambda e: mechanist.Samples.from_arrays(np.zeros((1, 4)), np.zeros((1, 7, 12)), [0], design="x"), "fixed-window or nature"),
    (lambda e: mechanist.Mechanism("a\0b"), "zero byte"),
    (lambda e: mechanist.read("a\0b"), "zero byte"),
    (lambda e: mechanist.Experiment.from_arrays([mechanist.Run([1, 2], product=[0, 1], cat0=0.1)]), "no substrate at t = 0"),
    (lambda e: mechanist.Experiment.from_arrays([mechanist.Run([0, 1], [1, 2, 3], cat0=0.1)]), "substrate of run 1"),
    (lambda e: mechanist.Experiment.from_arrays([]), "run"),
    (lambda e: mechanist.Experiment.from_dataframe(pandas.DataFrame({("a", "b"): [1]})), "several levels"),
    (lambda e: mechanist.generate("/tmp/never.h5", train=-1), "n_train is -1"),
    (lambda e: mechanist.generate("/tmp/never.h5", thetas=1.5), "n_thetas is 1.5"),
    (lambda e: mechanist.train("x", "/tmp/never.safetensors", optimiser="sgd"), "expected adam, muon"),
    (lambda e: mechanist.read([]), "file"),
    (lambda e: e.figure().save("/tmp/never.gif"), r"\.svg"),
])
def test_wrong_arguments_are_refused(call, message, experiment):
    with pytest.raises(mechanist.Error, match=message):
        call(experiment)


def test_what_is_not_there_is_an_index_or_key_error(dataset, experiment):
    with pytest.raises(IndexError):
        dataset.samples("test").figure(200)
    with pytest.raises(IndexError):
        mechanist.Model().mechanism(20)
    with pytest.raises(KeyError):
        mechanist.simulate("M1", [1, 1, 1, 1], {}, [0, 1])["X"]
    with pytest.raises(IndexError):
        mechanist.fit(experiment, ["M1"], fast=True).curves([0, 1], run=4)
    with pytest.raises(TypeError):
        mechanist.read(experiment)


def test_a_call_that_fails_leaves_nothing_behind(tmp_path):
    with pytest.raises(mechanist.Error):
        mechanist.generate(tmp_path / "data.h5", train=100, design="absent.txt")
    assert list(tmp_path.iterdir()) == []
