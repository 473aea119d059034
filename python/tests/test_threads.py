"""Long calls let other threads of Python run; objects are shared as the header says."""
import gc
import resource
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np

import mechanist


def test_other_threads_run_while_the_library_works():
    counted, stop = [0], threading.Event()

    def count():
        while not stop.wait(0.001):  # waiting lets go of the interpreter
            counted[0] += 1
    # Nobody is asked to make room for others: the counter runs only where the library lets go of the interpreter.
    before = sys.getswitchinterval()
    k = np.tile([1.0, 0.5, 2.0, 0.1, 0.3], (20000, 1))
    start, times = np.tile(mechanist.Mechanism.named("M6").start(cat0=0.05), (20000, 1)), np.linspace(0, 100, 21)
    thread = threading.Thread(target=count)
    try:
        sys.setswitchinterval(60)
        thread.start()
        at_the_start = counted[0]
        mechanist.simulate("M6", k, start, times, threads=1)
        meanwhile = counted[0] - at_the_start
    finally:
        sys.setswitchinterval(before)
        stop.set()
        thread.join()
    assert meanwhile > 0


def test_threads_share_models_and_experiments(experiment):
    model = mechanist.Model("hadamard-nature")
    alone = mechanist.classify(experiment, model, fast=True).probabilities
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda _: mechanist.classify(experiment, model, fast=True).probabilities, range(12)))
    assert all(probabilities == alone for probabilities in together)


def test_progress_in_several_threads_is_each_ones_own(tmp_path):
    told = {}

    def generate(name):
        told[name] = []
        mechanist.generate(tmp_path / name, train=20, validation=20, test=20, mechanisms=[name], threads=1,
                           progress=lambda *words: told[name].append(threading.get_ident()))
        return threading.get_ident()
    with ThreadPoolExecutor(2) as pool:
        threads = dict(zip(["M1", "M2"], pool.map(generate, ["M1", "M2"])))
    for name, thread in threads.items():
        assert told[name] and set(told[name]) == {thread}


def test_repeated_calls_keep_no_memory(iron, dataset):
    two_runs = mechanist.read(iron, runs="1,2")

    def everything():
        experiment = mechanist.read(iron)
        mechanist.classify(experiment, "hadamard-nature", fast=True)._repr_html_()
        mechanist.kinetics(two_runs, draws=20)
        samples = dataset.samples("test")
        mechanist.evaluate("hadamard-fixed-window", samples, resamples=10)
        mechanist.Experiment.from_arrays(experiment.runs)
        mechanist.mechanisms()[5].figure().svg
        for wrong in ("M99", "nonsense"):
            try:
                mechanist.Mechanism.named(wrong)
            except mechanist.Error:
                pass

    def most_memory():
        gc.collect()
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(3):
        everything()
    before = most_memory()
    for _ in range(10):
        everything()
    # The models and samples alone are 1.2 MB a round; ru_maxrss counts in KiB.
    assert most_memory() - before < 8_000


def test_objects_are_freed_when_nobody_has_them():
    freed = []

    class Watch(mechanist.Model):
        def __del__(self):
            freed.append(True)
    model = Watch("hadamard-nature")
    references = sys.getrefcount(model)
    mechanist.predict(model, (np.full((1, 4), 0.05), np.ones((1, 7, 12)) * np.arange(7)[:, None] / 6))
    assert sys.getrefcount(model) == references
    mechanism = model.mechanism("M6")
    del model
    gc.collect()
    assert freed and mechanism.id == "M6"
