"""The module gives what the command line gives."""
import filecmp

import numpy as np
import pytest

import mechanist
from conftest import REFERENCE, ask, run


def test_simulations_have_the_same_bits():
    k = [1.93, 0.328, 2.18, 0.826, 0.032]
    said = ask("simulate", "M9", "--k", ",".join(map(str, k)), "--cat0", "0.034", "--points", "11")
    simulated = mechanist.simulate("M9", k, {"cat0": 0.034}, np.array(said["t"]))
    for species, values in said["species"].items():
        assert simulated[species].tolist() == values
    assert simulated.statistics["steps"] == said["statistics"]["steps"]


def test_composed_mechanisms_with_a_coefficient_of_two_count_it_as_the_program_does(tmp_path):
    text = run("mechanisms", "B2", "--b-coefficient", "2", "--format", "file")
    (tmp_path / "b2.txt").write_text(text)
    mechanism = mechanist.Mechanism(text)
    k = [1.0 + 0.1 * i for i in range(len(mechanism.rate_constants))]
    said = ask("simulate", "--mechanism-file", tmp_path / "b2.txt", "--k", ",".join(map(str, k)), "--cat0", "0.05",
               "--start", "B=2.5", "--points", "5")
    simulated = mechanist.simulate(mechanism, k, {"cat0": 0.05, "B": 2.5}, np.array(said["t"]))
    for species, values in said["species"].items():
        assert simulated[species].tolist() == values
    assert simulated["B"][0] == 2.5


def test_parts_are_those_of_mechanisms():
    parts = mechanist.Parts(b_coefficient=2)
    assert mechanist.Mechanism.named("b2", parts).text == run("mechanisms", "B2", "--b-coefficient", "2", "--format", "file")
    said = run("mechanisms", "--composed", "--most-parts", "1")
    names = parts.compositions(1)
    assert len(names) > 20 and all(name in said for name in names)
    assert parts.titles["M12"] and "M12" in run("mechanisms", "--parts")
    with pytest.raises(mechanist.InvalidArgument):
        mechanist.Parts(b_coefficient=-1)
    with pytest.raises(mechanist.InvalidInput, match="^part 1:"):
        mechanist.Parts("nonsense")


def test_answers_are_those_of_classify(iron, experiment):
    for words, options in ((["--fast"], {"fast": True}),
                           (["--fast", "--exact", "--model", "hadamard-nature"],
                            {"fast": True, "exact": True, "model": "hadamard-nature"}),
                           (["--among", "M6,M8", "--level", "0.9"], {"among": ["M6", "M8"], "level": 0.9})):
        said, answer = ask("classify", iron, *words), mechanist.classify(experiment, **options)
        assert [r["mechanism"] for r in said["ranking"]] == [r.id for r in answer.ranking]
        assert [r["probability"] for r in said["ranking"]] == pytest.approx([r.probability for r in answer.ranking], rel=1e-9)
        assert said["credible_set"]["mechanisms"] == list(answer.credible_set)
        assert said["warnings"] == [*answer.doubts, *answer.warnings]
        assert {c["class"]: c["probability"] for c in said["classes"]} == pytest.approx(answer.classes, rel=1e-9)
        assert [list(group) for group in said["alike"]] == ([list(answer.alike)] if answer.alike else [])
        assert (answer.fits is None) == bool(options.get("fast")) and (answer.four is None) == ("model" not in options)
        if answer.four:
            assert said["conventions"]["loadings"] == pytest.approx(answer.four.loadings, rel=1e-9)


def test_options_of_reading_are_those_of_read(iron):
    words = ["--runs", "2,4", "--s0", "0.61", "--cat0", "1 mol %,2 mol %,3 mol %,4 mol %", "--unit", "time=min,S=mM"]
    said = ask("read", iron, *words)
    experiment = mechanist.read([iron], runs=["2", "4"], s0=0.61, cat0=[1, 2, 3, 4], cat0_unit="mol %", unit="time=min,S=mM")
    assert (experiment.time_unit, experiment.concentration_unit) == ("min", "mM")
    assert [(r["name"], r["s0"], r["cat0"]) for r in said["runs"]] == pytest.approx(
        [(r.name, r.s0, r.cat0) for r in experiment.runs])
    assert [run.name for run in experiment.used_runs] == ["2", "4"]


def test_prior_odds_count(experiment, iron, tmp_path):
    (tmp_path / "odds.txt").write_text("M8 0.001\nM1 0\n")
    said = ask("classify", iron, "--fast", "--prior-odds", tmp_path / "odds.txt")
    answer = mechanist.classify(experiment, fast=True, prior_odds={"M8": 0.001, "M1": 0})
    assert {r["mechanism"]: r["probability"] for r in said["ranking"]} == pytest.approx(answer.probabilities, rel=1e-9)
    assert answer.probabilities["M1"] == 0


def test_fits_are_those_of_fit(iron, experiment):
    said = ask("fit", iron, "--fast", "--among", "M1,M6,M8", "--noise", "0.01")
    fits = mechanist.fit(experiment, ["M1", "M6", "M8"], fast=True, noise=0.01)
    assert len(said["mechanisms"]) == len(fits.mechanisms)
    for one, fit in zip(said["mechanisms"], fits.mechanisms):
        assert one["mechanism"] == fit.mechanism.id
        for name in ("probability", "log_evidence", "deviation", "chi2", "aicc"):
            assert one[name] == pytest.approx(getattr(fit, name), rel=1e-8)
        assert list(one["rate_constants"]) == [q.name for q in fit.rate_constants]
        assert [q["value"] for q in one["rate_constants"].values()] == pytest.approx(
            [q.interval.value for q in fit.rate_constants], rel=1e-8)
    substrate, product = fits.curves(experiment.used_runs[1].time, run=1)
    assert np.sqrt(np.mean((substrate - experiment.used_runs[1].substrate) ** 2)) < 0.02 * 0.6
    assert np.all(np.diff(product) >= 0)
    times = experiment.used_runs[1].time[1:4]
    for band in fits.bands(times, run=1):
        assert band.shape == (3, 3) and np.all(band[:, 1] <= band[:, 0]) and np.all(band[:, 0] <= band[:, 2])
    share = fits.catalyst(times, run=1)
    assert share.shape == (3, len(fits.mechanisms[0].mechanism.species), 3) and 0.5 < share[..., 0].sum(axis=1).max() < 1.1
    draws = fits.draws(50)
    assert draws.shape == (50, len(fits.mechanisms[0].rate_constants)) and np.all(draws > 0)
    assert [r["name"] for r in said["mechanisms"][0]["runs"]] == [r.name for r in fits.mechanisms[0].runs]
    assert fits.report().startswith("<!DOCTYPE html>")


def test_kinetics_are_those_of_kinetics(iron):
    said, kinetics = ask("kinetics", iron, "--runs", "1,2"), mechanist.kinetics(mechanist.read(iron, runs="1,2"))
    for one, order in zip(said["orders"], kinetics.orders, strict=True):
        assert one["species"] == order.species and one["remark"] == order.remark
        assert (one["order"] is not None) == order.estimated
        if order.estimated:
            assert one["order"]["value"] == pytest.approx(order.order.value, rel=1e-9)
    used = [run_ for run_ in kinetics.runs if run_.used]
    assert len(used) == 2
    for one, run_ in zip((one for one in said["runs"] if one["used"]), used, strict=True):
        assert one["time"] == pytest.approx(run_.time.tolist(), rel=1e-9)
        assert one["initial_rate"]["low"] == pytest.approx(run_.initial_rate.low, rel=1e-9)
    assert said["overlay"]["after"] == pytest.approx(kinetics.overlay.after, rel=1e-9)


def test_data_sets_have_the_same_bytes(dataset, tmp_path):
    run("generate", "--train", 400, "--validation", 200, "--test", 200, "--seed", 5, "-o", tmp_path / "data.h5")
    assert filecmp.cmp(dataset.path, tmp_path / "data.h5", shallow=False)
    assert dataset.counts("test").tolist() == [10] * 20


def test_trainings_have_the_same_bytes(dataset, trained, tmp_path):
    run("train", "--data", dataset.path, "--steps", 20, "--batch", 100, "--seed", 2, "-o", tmp_path / "model.safetensors")
    assert filecmp.cmp(trained, tmp_path / "model.safetensors", shallow=False)
    curve = mechanist.LearningCurve(str(trained).replace(".safetensors", ".history.csv"))
    assert curve["step"].tolist() == [4, 8, 12, 16, 20]


def test_samples_in_memory_train_the_same_weights_as_those_of_a_file(dataset, trained, tmp_path):
    def copied(split):
        of_file = dataset.samples(split)
        return mechanist.Samples.from_arrays(of_file.x1, of_file.x2, of_file.y)
    trained_here = mechanist.train((copied("train"), copied("validation")), tmp_path / "model.safetensors", steps=20,
                                   batch=100, seed=2, labels=[m.id for m in mechanist.mechanisms()])
    test = dataset.samples("test")
    assert np.array_equal(mechanist.predict(trained_here.model, test), mechanist.predict(trained, test))


def test_streams_train_the_same_weights(tmp_path):
    mechanist.train(mechanist.Stream(train=200, validation=100, thetas=60, mechanisms=["M1", "M6"]),
                    tmp_path / "here.safetensors", steps=4, batch=50)
    run("train", "--stream", "--train", 200, "--validation", 100, "--thetas", 60, "--mechanisms", "M1,M6", "--steps", 4,
        "--batch", 50, "-o", tmp_path / "there.safetensors")
    assert filecmp.cmp(tmp_path / "here.safetensors", tmp_path / "there.safetensors", shallow=False)


def test_probabilities_have_the_same_bits(dataset, tmp_path):
    for words, options in (([], {}), (["--calibrated"], {"calibrated": True})):
        run("predict", "--data", dataset.path, "--model", "hadamard-nature", *words, "-o", tmp_path / "p.npy")
        here = mechanist.predict("hadamard-nature", dataset.samples("test"), **options)
        assert here.dtype == np.float32 and np.array_equal(here, np.load(tmp_path / "p.npy"))


def test_judgements_are_those_of_evaluate(dataset):
    said = ask("evaluate", "--data", dataset.path, "--model", "hadamard-nature", "--calibrated", "--resamples", 50,
               "--points", 6, "--noise", 1)
    judged = mechanist.evaluate("hadamard-nature", dataset.samples("test").thin(6, 0.01), calibrated=True, resamples=50)
    assert said["top1"] == judged.top1 and said["cross_entropy"] == judged.cross_entropy
    assert said["credible_set"]["coverage"] == judged.credible_95.coverage
    assert said["conformal_set"]["mean_size"] == judged.conformal_95.mean_size
    assert said["intervals"]["top1"] == [judged.lower.top1, judged.upper.top1]
    assert said["confusion"] == judged.confusion.tolist()
    assert judged.confusion.sum() == judged.n == 200


def test_published_weights_give_the_published_probabilities():
    if not REFERENCE.exists():
        pytest.skip("the reference data are absent")
    samples = mechanist.Dataset(REFERENCE / "samples-7-points.h5").samples("test")
    here = mechanist.predict(REFERENCE / "published-hadamard.safetensors", samples)
    assert np.abs(here - np.load(REFERENCE / "expected-hadamard-7-points.npy")).max() < 1e-5


def test_descriptions_are_those_of_mechanisms():
    for form in ("text", "json", "latex"):
        assert mechanist.Mechanism.named("M6").describe(form).strip() == run("mechanisms", "M6", "--format", form).strip()
    assert [m.id for m in mechanist.mechanisms()] == [f"M{i}" for i in range(1, 21)]


def test_figures_have_the_same_bytes(iron, experiment, tmp_path):
    run("classify", iron, "--fast", "--figure", tmp_path / "there.svg")
    mechanist.classify(experiment, fast=True).figure().save(tmp_path / "here.svg")
    assert filecmp.cmp(tmp_path / "here.svg", tmp_path / "there.svg", shallow=False)
