"""The package as a whole: its types, and the wheel."""
import importlib.util
import os
import shutil
import subprocess
import sys
import zipfile

import pytest

import mechanist
from conftest import SOURCE


def test_types_are_those_that_a_checker_finds():
    if not shutil.which("mypy"):
        pytest.skip("mypy is absent")
    checked = subprocess.run(["mypy", "--python-executable", sys.executable, "--cache-dir=/dev/null"],
                             cwd=SOURCE / "python", capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout


def test_the_wheel_is_built_without_network_and_holds_what_it_needs(tmp_path):
    for package in ("pip", "setuptools", "wheel"):
        if importlib.util.find_spec(package) is None:  # to import setuptools here would meet the distutils loaded before
            pytest.skip(f"{package} is absent")
    environment = {**os.environ, "PIP_ROOT_USER_ACTION": "ignore", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    if "BUILD_DIR" not in environment:
        pytest.skip("no build folder is named")
    environment["MECHANIST_BUILD"] = environment["BUILD_DIR"]
    for name in ("PYTHONPATH", "MECHANIST_MODELS"):
        environment.pop(name, None)
    built = subprocess.run([sys.executable, "-m", "pip", "wheel", "-q", "--no-index", "--no-deps", "-w", tmp_path,
                            SOURCE / "python"], env=environment, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    wheel, = tmp_path.glob("mechanist-*-cp311-abi3-*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(tmp_path / "installed")
    environment["PYTHONPATH"] = str(tmp_path / "installed")
    said = subprocess.run([sys.executable, "-c", "import mechanist; print(mechanist.__file__, *mechanist.Model.shipped())"],
                          env=environment, cwd=tmp_path, capture_output=True, text=True)
    assert said.returncode == 0, said.stderr
    file, *models = said.stdout.split()
    assert file.startswith(str(tmp_path / "installed")) and models == list(mechanist.Model.shipped())
