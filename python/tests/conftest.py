"""What the tests share: the program to compare with, and small data."""
import json
import os
import pathlib
import subprocess

import pytest

import mechanist

SOURCE = pathlib.Path(os.environ.get("SOURCE_DIR", pathlib.Path(__file__).resolve().parents[2]))
PROGRAM = os.environ.get("MECHANIST", str(SOURCE / "build" / "check-gcc" / "mechanist"))
REFERENCE = pathlib.Path(os.environ.get("SHARED_DIR", SOURCE.parent / "shared")) / "reference"


def run(*arguments, status=0):
    """What the program says with these arguments: standard output, or standard error where it is to fail."""
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode == status, done.stderr
    return done.stderr.strip() if status else done.stdout


def ask(*arguments):
    """What the program says as JSON."""
    return json.loads(run(*arguments, "--json"))


@pytest.fixture(scope="session")
def iron():
    """A table of four measured runs."""
    return SOURCE / "examples" / "iron-cycloisomerization.csv"


@pytest.fixture(scope="session")
def experiment(iron):
    return mechanist.read(iron)


@pytest.fixture(scope="session")
def dataset(tmp_path_factory):
    """A small data set."""
    path = tmp_path_factory.mktemp("data") / "data.h5"
    return mechanist.generate(path, train=400, validation=200, test=200, seed=5).dataset


@pytest.fixture(scope="session")
def trained(dataset, tmp_path_factory):
    """A network that learned for a moment."""
    path = tmp_path_factory.mktemp("model") / "model.safetensors"
    mechanist.train(dataset.path, path, steps=20, batch=100, seed=2)
    return path
