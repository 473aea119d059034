"""Builds the wheel: CMake builds the library and the compiled module, setuptools packs them with the models.

MECHANIST_BUILD names a build folder to be used; else it is build/wheel of the source tree.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE.parent
BUILD = pathlib.Path(os.environ.get("MECHANIST_BUILD") or SOURCE / "build" / "wheel").resolve()
HEADER = (SOURCE / "include" / "mechanist.h").read_text(encoding="utf-8")
VERSION = ".".join(re.findall(r"#define MECH_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)", HEADER))


class BuildModule(build_ext):
    """Has CMake build the module, and copies it and the shipped models into the package."""

    def run(self):
        if not (BUILD / "CMakeCache.txt").exists():
            subprocess.run(["cmake", "-S", SOURCE, "-B", BUILD, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release",
                            "-DBUILD_TESTING=OFF", "-DMECHANIST_PYTHON=ON", f"-DPython3_EXECUTABLE={sys.executable}"],
                           check=True)
        subprocess.run(["cmake", "--build", BUILD, "--target", "mechanist_python"], check=True)
        package = pathlib.Path(self.build_lib) / "mechanist"
        models = package / "share" / "mechanist" / "models"
        models.mkdir(parents=True, exist_ok=True)
        (package / "base").mkdir(exist_ok=True)
        shutil.copy(BUILD / "python" / "mechanist" / "base" / "_library.abi3.so", package / "base")
        shutil.copy(SOURCE / "LICENSE", package)
        for model in [*(SOURCE / "models").glob("*.safetensors"), SOURCE / "models" / "default"]:
            shutil.copy(model, models)


work = BUILD / "setuptools"
shutil.rmtree(work, ignore_errors=True)  # nothing that an earlier version left goes into the wheel
work.mkdir(parents=True)
os.chdir(HERE)
setup(
    name="mechanist",
    version=VERSION,
    description="Names the catalytic reaction mechanism behind kinetic data",
    license="MIT",
    python_requires=">=3.11",
    install_requires=["numpy>=1.24", "cffi>=1.15"],
    extras_require={"pandas": ["pandas>=1.5"]},
    packages=["mechanist", "mechanist.base", "mechanist.answers"],
    package_data={"mechanist": ["py.typed"], "mechanist.base": ["*.pyi"]},
    ext_modules=[Extension("mechanist.base._library", sources=[], py_limited_api=True)],
    cmdclass={"build_ext": BuildModule},
    options={"build": {"build_base": str(work)}, "egg_info": {"egg_base": str(work)},
             "bdist_wheel": {"py_limited_api": "cp311"}},
    zip_safe=False,
)
