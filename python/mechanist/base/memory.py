"""Texts, paths, arrays and structs on their way between Python and the library."""
from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, Optional, Union

import numpy as np

from ._library import ffi, lib
from .errors import InvalidArgument

Path = Union[str, "os.PathLike[str]"]


def encode(text: str) -> bytes:
    """A text for the library; it must not hold a zero byte, at which C would end it."""
    if not isinstance(text, str):
        raise TypeError(f"expected a text, not {type(text).__name__}")
    if "\0" in text:
        raise InvalidArgument("a text holds a zero byte")
    return text.encode("utf-8")


def encode_path(path: Path) -> bytes:
    """A path for the library."""
    name = os.fsencode(os.fspath(path))
    if b"\0" in name:
        raise InvalidArgument("a path holds a zero byte")
    return name


def decode(text: Any) -> str:
    """A text of the library; "" for NULL."""
    return str(ffi.string(text), "utf-8", "replace") if text else ""


def array_in(values: Any, kind: str, name: str, shape: Sequence[Optional[int]]) -> "np.ndarray[Any, Any]":
    """Values as a C-contiguous array of that type ("float64", "float32", "uint8") and shape (None: any length): the same
    memory where it is one already, else a copy."""
    array = np.ascontiguousarray(values, dtype=kind)
    if np.ndim(values) == 0:
        array = array.reshape(())
    if array.ndim != len(shape) or any(n is not None and n != m for n, m in zip(shape, array.shape)):
        expected = ", ".join("any" if n is None else str(n) for n in shape)
        raise InvalidArgument(f"{name} has the shape {array.shape}; expected ({expected})")
    return array


def pointer(array: "np.ndarray[Any, Any]") -> Any:
    """The memory of an array for the library, which the result keeps alive. The library writes only where it says so."""
    kinds = {"float64": "double[]", "float32": "float[]", "uint8": "uint8_t[]", "int32": "int[]", "uint64": "size_t[]"}
    return ffi.from_buffer(kinds[array.dtype.name], array)


class _Memory:
    """Memory of the library as NumPy understands it; keeps the object alive that the memory belongs to."""

    def __init__(self, address: int, kind: str, shape: tuple[int, ...], owner: Any, writable: bool):
        self.owner = owner
        self.__array_interface__ = {
            "version": 3, "data": (address, not writable), "typestr": np.dtype(kind).str, "shape": shape}


def array_of(memory: Any, kind: str, shape: tuple[int, ...], owner: Any, writable: bool = False) -> "np.ndarray[Any, Any]":
    """An array of that type and shape on memory of the library, which belongs to `owner`, without a copy. Empty for
    NULL."""
    if not memory or 0 in shape:
        return np.empty(shape if 0 in shape else (0,) * len(shape), dtype=kind)
    return np.asarray(_Memory(int(ffi.cast("uintptr_t", memory)), kind, shape, owner, writable))


class Struct:
    """A struct of the library's options: the defaults, then what is not None of `members`; keeps what it points to.

    A struct without defaults is zero, and its member `size`, where it has one, set."""

    def __init__(self, kind: str):
        self.kept: list[Any] = []
        self.address = ffi.new(kind + " *")
        if not kind.endswith("_options"):
            if "size" in dict(ffi.typeof(kind).fields):
                self.address.size = ffi.sizeof(kind)
        elif hasattr(lib, kind + "_init"):
            getattr(lib, kind + "_init")(self.address, ffi.sizeof(kind))
        else:
            self.address[0] = getattr(lib, kind + "_default")()

    def keep(self, data: Any) -> Any:
        """Data that lives as long as the struct."""
        self.kept.append(data)
        return data

    def set(self, **members: Any) -> "Struct":
        """Sets members that are not None."""
        for name, value in members.items():
            if value is None:
                continue
            if isinstance(value, (str, os.PathLike)):
                text = encode(value) if isinstance(value, str) else encode_path(value)
                setattr(self.address, name, self.keep(ffi.new("char[]", text)))
            elif isinstance(value, (bool, np.bool_)):
                setattr(self.address, name, bool(value))
            else:
                try:
                    setattr(self.address, name, value)
                except (TypeError, OverflowError) as problem:
                    raise InvalidArgument(f"{name} is {value!r}: {problem}") from None
        return self

    def set_numbers(self, name: str, count: str, values: Any, kind: str = "double") -> "Struct":
        """Sets an array of numbers (one number: an array of one) and the member that counts them, where values is not
        None."""
        if values is None:
            return self
        numbers = np.atleast_1d(np.asarray(values)).ravel().tolist()
        try:
            setattr(self.address, name, self.keep(ffi.new(kind + "[]", numbers)))
        except (TypeError, OverflowError) as problem:
            raise InvalidArgument(f"{name} is {values!r}: {problem}") from None
        setattr(self.address, count, len(numbers))
        return self

    def set_texts(self, name: str, count: str, values: Optional[Sequence[str]]) -> "Struct":
        """Sets an array of texts likewise."""
        if values is None:
            return self
        texts = [self.keep(ffi.new("char[]", encode(value))) for value in values]
        setattr(self.address, name, self.keep(ffi.new("char *[]", texts)))
        setattr(self.address, count, len(texts))
        return self
