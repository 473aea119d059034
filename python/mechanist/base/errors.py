"""Errors of the library as exceptions, one class for each status of mechanist.h."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Callable, TypeVar

from ._library import ffi, lib

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


def call(function: Callable[..., int], *arguments: Any) -> None:
    """Calls a function whose last parameter is the error object; raises what it reports."""
    error = ffi.new("mech_error *")
    status = function(*arguments, error)
    if status != lib.MECH_OK:
        message = ffi.string(error.message).decode("utf-8", "replace")
        raise CLASSES.get(status, Error)(message)


def make(kind: str, free: Callable[[Any], None], function: Callable[..., int], *arguments: Any) -> Any:
    """Calls a function whose last parameters are a place for a new object and the error; the object is freed by `free`
    when nobody refers to it any more."""
    place = ffi.new(kind + " **")
    call(function, *arguments, place)
    return ffi.gc(place[0], free)


def make_text(function: Callable[..., int], *arguments: Any) -> str:
    """The same for a text, which is copied."""
    place = ffi.new("char **")
    call(function, *arguments, place)
    try:
        return ffi.string(place[0]).decode("utf-8")
    finally:
        lib.mech_free(place[0])


def choose(what: str, name: str, choices: Mapping[str, Choice]) -> Choice:
    """The choice of that name."""
    if name not in choices:
        raise InvalidArgument(f"there is no {what} '{name}'; expected {', '.join(choices)}")
    return choices[name]
