"""What pip builds the wheel with: setuptools, as the system has it. pip hides what the system has while it builds, so that
a build would need a network; only where something is missing is pip asked to fetch it."""
import importlib.util
import site
import sys

NEEDED = {"setuptools": "setuptools", "wheel": "wheel", "cffi": "cffi"}


def _missing():
    return [package for module, package in NEEDED.items() if importlib.util.find_spec(module) is None]


if _missing():
    sys.path += site.getsitepackages()


def get_requires_for_build_wheel(config_settings=None):
    return _missing()


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    from setuptools import build_meta
    return build_meta.build_wheel(wheel_directory, config_settings, metadata_directory)


def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
    from setuptools import build_meta
    return build_meta.prepare_metadata_for_build_wheel(metadata_directory, config_settings)
