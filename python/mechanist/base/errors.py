"""Errors of the library as exceptions, one class for each status of mechanist.h."""
from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from ._library import lib

Choice = TypeVar("Choice")


class Error(Exception):
    """Any error of the library. The message is the library's: one line that says where, what is wrong, what was expected."""


class InvalidArgument(Error, ValueError):
    """What was asked for has no meaning."""


class InvalidInput(Error, ValueError):
    """A file, text or table does not say what it should."""


class FileError(Error, OSError):
    """The system refused to open, read or write a file."""


class OutOfMemory(Error, MemoryError):
    """The system gave no memory."""


class NumericalFailure(Error, ArithmeticError):
    """A computation did not converge or left the finite numbers."""


class Stopped(Error):
    """Work was stopped. A progress function may raise it, as it may raise any other exception."""


CLASSES: dict[int, type[Error]] = {
    lib.MECH_INVALID_ARGUMENT: InvalidArgument,
    lib.MECH_INVALID_INPUT: InvalidInput,
    lib.MECH_FILE_ERROR: FileError,
    lib.MECH_OUT_OF_MEMORY: OutOfMemory,
    lib.MECH_NUMERICAL_FAILURE: NumericalFailure,
    lib.MECH_STOPPED: Stopped,
}


def choose(what: str, name: str, choices: Mapping[str, Choice]) -> Choice:
    """The choice of that name."""
    if name not in choices:
        raise InvalidArgument(f"there is no {what} '{name}'; expected {', '.join(choices)}")
    return choices[name]
