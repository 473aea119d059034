"""Arrays and data frames go in and out as they are."""
import gc
import pickle

import numpy as np
import pandas
import pytest

import mechanist
from mechanist.base.memory import array_in


def test_arrays_of_the_right_type_are_not_copied():
    right = np.ones((3, 4), dtype=np.float32)
    assert np.shares_memory(array_in(right, "float32", "x1", [None, 4]), right)
    assert not np.shares_memory(array_in(right.astype(np.float64), "float32", "x1", [None, 4]), right)


def test_samples_are_the_librarys_memory_and_outlive_what_they_come_from(dataset):
    samples = dataset.samples("test")
    x2 = samples.x2
    assert np.shares_memory(x2, samples.x2) and not x2.flags.writeable and x2.shape == (200, 21, 12)
    before = x2.copy()
    del samples
    gc.collect()
    [dataset.samples("test") for _ in range(3)]  # what is freed would be used again
    assert np.array_equal(x2, before, equal_nan=True)


def test_readings_of_an_experiment_outlive_it(iron):
    time = mechanist.read(iron).runs[0].time
    before = time.copy()
    gc.collect()
    [mechanist.read(iron) for _ in range(3)]
    assert np.array_equal(time, before) and time.size == 26


def test_strided_arrays_and_lists_give_the_same_as_contiguous_ones(dataset):
    samples = dataset.samples("test")
    x1, x2 = np.array(samples.x1), np.array(samples.x2)
    expected = mechanist.predict("hadamard-nature", (x1, x2))
    strided = np.asfortranarray(x2)
    assert np.array_equal(mechanist.predict("hadamard-nature", (x1.tolist(), strided)), expected)
    every_other = mechanist.predict("hadamard-nature", (x1[::2], x2[::2]))
    assert np.array_equal(every_other, expected[::2])


def test_several_runs_are_simulated_as_one_by_one():
    mechanism = mechanist.Mechanism.named("M6")
    k = np.array([[1.0, 0.5, 2.0, 0.1, 0.3], [3.0, 0.1, 1.0, 0.2, 0.7]])
    times = np.linspace(0, 50, 6)
    both = mechanist.simulate(mechanism, k, mechanism.start(cat0=0.04), times)
    assert both.y.shape == (2, 6, 5) and both["S"].shape == (2, 6)
    for i in range(2):
        one = mechanist.simulate(mechanism, k[i], {"cat0": 0.04}, times)
        assert one.y.shape == (6, 5) and np.array_equal(one.y, both.y[i])
    own_times = mechanist.simulate(mechanism, k[:1], {"cat0": 0.04}, times[None, :])
    assert own_times.y.shape == (1, 6, 5) and np.array_equal(own_times.y[0], both.y[0])


def test_solvers_agree_and_conserve_the_catalyst():
    mechanism = mechanist.Mechanism.named("M6")
    k, times = [1.0, 0.5, 2.0, 0.1, 0.3], [0, 1, 10, 100]
    batch, cvode = (mechanist.simulate(mechanism, k, {"cat0": 0.05}, times, solver=solver, rtol=1e-9, atol=1e-12)
                    for solver in ("batch", "cvode"))
    assert np.abs(batch.y - cvode.y).max() < 1e-7
    for law in mechanism.conservation_laws:
        assert np.ptp(batch.y @ law) < 1e-9


def test_the_jacobian_is_that_of_the_derivative():
    mechanism = mechanist.Mechanism.named("M5")
    k, y = np.arange(1.0, 1 + len(mechanism.rate_constants)), np.linspace(0.2, 0.9, len(mechanism.species))
    step = 1e-6
    differences = np.array([(mechanism.derivative(k, y + step * e) - mechanism.derivative(k, y - step * e)) / (2 * step)
                            for e in np.eye(len(y))]).T
    assert np.allclose(mechanism.jacobian(k, y), differences, atol=1e-7)


def test_a_data_frame_is_understood_as_its_table(experiment):
    frame = experiment.to_dataframe()
    assert list(frame.columns) == ["run", "time", "S", "cat"] and len(frame) == 104
    again = mechanist.Experiment.from_dataframe(frame)
    for run, same in zip(experiment.runs, again.runs, strict=True):
        assert run.name == same.name and run.cat0 == same.cat0
        assert np.array_equal(run.time, same.time) and np.array_equal(run.substrate, same.substrate)
    assert mechanist.classify(again, fast=True).probabilities == mechanist.classify(experiment, fast=True).probabilities


def test_headers_units_and_a_named_index_of_a_data_frame_count():
    frame = pandas.DataFrame({"Time, min": [0, 10, 20], "S (M)": [1, 0.5, np.nan], "P (M)": [0, 0.5, 0.7],
                              "cat (M)": 0.05, "name": "A"}).set_index("Time, min")
    experiment = mechanist.Experiment.from_dataframe(frame, columns="run=name")
    run = experiment.runs[0]
    assert (experiment.time_unit, experiment.concentration_unit, run.name) == ("min", "M", "A")
    assert run.time.tolist() == [0, 10, 20] and np.array_equal(run.substrate, [1, 0.5, np.nan], equal_nan=True)


def test_arrays_make_the_experiment_of_their_table(experiment):
    runs = [mechanist.Run(time=run.time, substrate=list(run.substrate), cat0=run.cat0, name=run.name)
            for run in experiment.runs]
    again = mechanist.Experiment.from_arrays(runs, time_unit="h", concentration_unit="M")
    assert (again.time_unit, again.concentration_unit) == ("h", "M")
    assert [run.s0 for run in again.runs] == [run.s0 for run in experiment.runs]
    assert mechanist.fit(again, ["M6", "M8"], fast=True).probabilities == pytest.approx(
        mechanist.fit(experiment, ["M6", "M8"], fast=True).probabilities, rel=1e-9)
    assert not np.shares_memory(again.runs[0].time, experiment.runs[0].time)


def test_further_reactants_go_in_and_out():
    run = mechanist.Run(time=[0, 1, 2], substrate=[1, 0.6, 0.3], product=[0, 0.4, 0.7], cat0=0.01,
                        reactants={"B": mechanist.Reactant(2.0, [2, 1.6, np.nan])})
    found = mechanist.Experiment.from_arrays([run]).runs[0].reactants["B"]
    assert found.start == 2 and np.array_equal(found.concentration, [2, 1.6, np.nan], equal_nan=True)


def test_mechanisms_and_models_can_be_pickled(trained, dataset):
    mechanism = mechanist.Mechanism.named("B2+PI+M9")
    assert pickle.loads(pickle.dumps(mechanism)) == mechanism != mechanist.Mechanism.named("M9")
    model = mechanist.Model(trained)
    again = pickle.loads(pickle.dumps(model))
    samples = dataset.samples("test", 20)
    assert len(samples) == 20
    assert np.array_equal(mechanist.predict(again, samples), mechanist.predict(model, samples))


def test_calibration_makes_probabilities_of_the_samples_better(trained, dataset):
    model = mechanist.Model(trained)
    assert model.calibration is None
    report = model.calibrate(dataset.samples("test"), method="vector")
    assert model.calibration == "vector" and report["n_fitted"] + report["n_held_out"] == 200
    assert np.allclose(mechanist.predict(model, dataset.samples("test"), calibrated=True).sum(axis=1), 1, atol=1e-5)


def test_simulated_experiments_can_be_drawn_and_fitted_however_noisy(dataset):
    noisy = mechanist.simulate_experiment("M6", "laboratory", seed=3)
    columns = [column for run in noisy.runs for column in (run.substrate, run.product) if column is not None]
    assert any((column < 0).any() for column in columns)
    assert "<svg" in noisy.figure().svg and "cannot be drawn" not in noisy._repr_html_()
    again = mechanist.simulate_experiment("M6", "laboratory", seed=3)
    assert np.array_equal(noisy.runs[0].time, again.runs[0].time)
    fits = mechanist.fit(noisy, ["M6"], fast=True, seed=1)
    readings = sum(np.isfinite(column).sum() for run in noisy.used_runs for column in (run.substrate, run.product)
                   if column is not None)
    assert 0 < fits.n_readings <= readings


def test_data_of_experiments_train_networks_of_run_sets(tmp_path):
    data = mechanist.generate(tmp_path / "data.h5", design="laboratory", train=20, validation=20, test=20,
                              mechanisms=["M1", "M6"]).dataset
    with pytest.raises(mechanist.InvalidInput):
        data.samples("test")
    experiments = [data.experiment("test", i) for i in range(3)]
    trained = mechanist.train(data.path, tmp_path / "set.safetensors", "set", steps=2, batch=10)
    probabilities = mechanist.predict_experiments(trained.model, experiments)
    assert probabilities.shape == (3, 2) and np.allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    assert np.array_equal(mechanist.predict_experiments(trained.model, experiments[1:2])[0], probabilities[1])
