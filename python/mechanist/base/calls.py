"""Calls of the library."""
from __future__ import annotations

from typing import Any, Callable

from ._library import ffi, lib
from .errors import CLASSES, Error
from .memory import Struct


def call(function: Callable[..., int], *arguments: Any) -> None:
    """Calls a function whose last parameter is the error object; raises what it reports. A Struct goes in as its address,
    and what it points to lives until the end of the call."""
    error = ffi.new("mech_error *")
    status = function(*(a.address if isinstance(a, Struct) else a for a in arguments), error)
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
        text: str = ffi.string(place[0]).decode("utf-8")
        return text
    finally:
        lib.mech_free(place[0])
