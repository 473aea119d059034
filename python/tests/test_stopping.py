"""Progress is told of; exceptions and Ctrl-C stop work cleanly, and it goes on where it was."""
import filecmp
import os
import signal
import threading
import time

import pytest

import mechanist


class Enough(Exception):
    pass


def test_progress_is_told_in_order_and_to_the_end(tmp_path):
    told = []
    mechanist.generate(tmp_path / "data.h5", train=100, validation=50, test=50, progress=lambda *words: told.append(words))
    assert {type(word) for words in told for word in words} == {str, float}
    for phase in {words[0] for words in told}:
        done = [words[1] for words in told if words[0] == phase]
        assert done == sorted(done)
    assert any(done == total for _, done, total, _ in told)


def test_an_exception_stops_generation_which_goes_on_to_the_same_bytes(tmp_path, dataset):
    def stop(phase, done, total, detail):
        raise Enough(phase)
    options = dict(train=400, validation=200, test=200, seed=5)
    with pytest.raises(Enough):
        mechanist.generate(tmp_path / "data.h5", **options, progress=stop)
    assert not (tmp_path / "data.h5").exists()
    if list(tmp_path.iterdir()):
        with pytest.raises(mechanist.InvalidInput):
            mechanist.generate(tmp_path / "data.h5", **options)
    mechanist.generate(tmp_path / "data.h5", **options, resume=bool(list(tmp_path.iterdir())))
    assert filecmp.cmp(tmp_path / "data.h5", dataset.path, shallow=False)


def test_control_c_without_a_progress_function_stops_generation(tmp_path):
    def interrupt():
        while not (tmp_path / "data.h5.partial").exists():
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)
    pressing = threading.Thread(target=interrupt)
    pressing.start()
    with pytest.raises(KeyboardInterrupt):
        mechanist.generate(tmp_path / "data.h5", train=50_000_000)
    pressing.join()
    assert not (tmp_path / "data.h5").exists()


def test_an_exception_stops_training_which_goes_on_to_the_same_bytes(tmp_path, dataset, trained):
    def stop(phase, done, total, detail):
        if done > 6:
            raise Enough
    options = dict(steps=20, batch=100, seed=2)
    model = tmp_path / "model.safetensors"
    with pytest.raises(Enough):
        mechanist.train(dataset.path, model, **options, progress=stop)
    assert (tmp_path / "model.checkpoint").exists()
    mechanist.train(dataset.path, model, **options, resume=True)
    assert filecmp.cmp(model, trained, shallow=False) and not (tmp_path / "model.checkpoint").exists()


def test_control_c_in_a_progress_function_stops_fits(experiment):
    def press(*words):
        signal.raise_signal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        mechanist.fit(experiment, composed=True, progress=press)


def test_a_progress_function_may_raise_the_librarys_own_exception(experiment):
    def stop(*words):
        raise mechanist.Stopped("by hand")
    with pytest.raises(mechanist.Stopped, match="by hand"):
        mechanist.fit(experiment, composed=True, progress=stop)
