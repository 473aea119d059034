"""Reaction mechanisms: the twenty of the library, composed ones, and ones of one's own."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Optional, Union

import numpy as np

from .base._library import ffi, lib
from .base.calls import call, make, make_text
from .base.errors import InvalidArgument, choose
from .base.memory import Path, Struct, array_in, decode, encode, encode_path, pointer
from .base.page import Figure

FORMATS = {"text": lib.MECH_FORMAT_TEXT, "json": lib.MECH_FORMAT_JSON, "latex": lib.MECH_FORMAT_LATEX}


@dataclass(frozen=True)
class Reaction:
    """An elementary reaction in one direction; its rate is its rate constant times the reactants' concentrations."""

    reactants: tuple[str, ...]
    """Names of species, each as often as its molecules take part."""
    products: tuple[str, ...]
    """The same of what is formed."""
    rate_constant: str
    """Name of its rate constant."""

    def __str__(self) -> str:
        return f"{' + '.join(self.reactants)} -> {' + '.join(self.products)} : {self.rate_constant}"


class Mechanism:
    """A mechanism of elementary mass-action reactions with named species. It never changes.

    Mechanism(text) reads the text of a mechanism file (docs/mechanism-files.md); Mechanism.named("M6") is one of the
    library, and Mechanism.named("B2+PI+M9") is composed of parts (docs/composed-mechanisms.md). Concentrations are in
    units of the standard substrate concentration, [S]0 = 1.
    """

    def __init__(self, text: str, source: str = "text"):
        """Reads a mechanism from text; `source` names the text in messages."""
        data = encode(text)
        self._take(make("mech_mechanism", lib.mech_mechanism_free, lib.mech_mechanism_parse, data, len(data), encode(source)))

    def _take(self, address: Any, owner: Any = None) -> None:
        self._address, self._owner = address, owner

    @classmethod
    def _of(cls, address: Any, owner: Any) -> "Mechanism":
        """The mechanism at an address, which belongs to `owner`."""
        mechanism = cls.__new__(cls)
        mechanism._take(address, owner)
        return mechanism

    @classmethod
    def read(cls, path: Path) -> "Mechanism":
        """Reads a mechanism from a file."""
        return cls._of(make("mech_mechanism", lib.mech_mechanism_free, lib.mech_mechanism_read, encode_path(path)), None)

    @classmethod
    def named(cls, name: str) -> "Mechanism":
        """The mechanism of that id, "M1" to "M20", or composed of parts, "B2+PI+M9"; letters of any case."""
        address = lib.mech_builtin_find(encode(name))
        if address:
            return cls._of(address, None)
        return cls._of(make("mech_mechanism", lib.mech_mechanism_free, lib.mech_compose, ffi.NULL, encode(name)), None)

    @cached_property
    def id(self) -> str:
        """Its id, "M6"."""
        return decode(lib.mech_mechanism_id(self._address))

    @cached_property
    def title(self) -> str:
        """What a chemist would call it."""
        return decode(lib.mech_mechanism_title(self._address))

    @cached_property
    def mechanism_class(self) -> str:
        """"core", "bicatalytic", "activation", "deactivation", "user" or "composed"."""
        return decode(lib.mech_class_name(lib.mech_mechanism_class(self._address)))

    @cached_property
    def species(self) -> tuple[str, ...]:
        """Names of the species, in the order of states."""
        return tuple(decode(lib.mech_mechanism_species(self._address, i))
                     for i in range(lib.mech_mechanism_n_species(self._address)))

    @cached_property
    def roles(self) -> dict[str, str]:
        """The role of each species: "substrate", "product", "catalyst", "precatalyst", ..."""
        return {name: decode(lib.mech_role_name(lib.mech_mechanism_role(self._address, i)))
                for i, name in enumerate(self.species)}

    @cached_property
    def rate_constants(self) -> tuple[str, ...]:
        """Names of the rate constants, in the order of `k`."""
        return tuple(decode(lib.mech_mechanism_rate_constant(self._address, i))
                     for i in range(lib.mech_mechanism_n_rate_constants(self._address)))

    @cached_property
    def orders(self) -> tuple[int, ...]:
        """The order of each rate constant: with how many concentrations its reactions multiply it."""
        return tuple(lib.mech_mechanism_order(self._address, i) for i in range(len(self.rate_constants)))

    @cached_property
    def reactions(self) -> tuple[Reaction, ...]:
        """Its reactions, each in one direction."""
        found = []
        for i in range(lib.mech_mechanism_n_reactions(self._address)):
            sides = [ffi.new("int[]", lib.MECH_MOST_MOLECULES) for _ in range(2)]
            k = lib.mech_mechanism_reaction(self._address, i, *sides)
            reactants, products = (tuple(self.species[s] for s in side if s >= 0) for side in sides)
            found.append(Reaction(reactants, products, self.rate_constants[k]))
        return tuple(found)

    @cached_property
    def _coefficients(self) -> "np.ndarray[Any, Any]":
        return np.array([lib.mech_mechanism_coefficient(self._address, i) for i in range(len(self.species))])

    def start(self, s0: float = 1.0, p0: float = 0.0, cat0: float = 0.05,
              others: Optional[Mapping[str, float]] = None) -> "np.ndarray[Any, Any]":
        """Start amounts [n_species] of a run: substrate s0, product p0, catalyst as weighed in cat0, everything else as
        the mechanism says or as `others` says by name; in units of [S]0."""
        amounts = np.empty(len(self.species))
        lib.mech_mechanism_start(self._address, s0, p0, cat0, pointer(amounts))
        amounts *= self._coefficients
        for name, amount in (others or {}).items():
            if name not in self.species:
                raise InvalidArgument(f"{self.id} has no species '{name}'")
            amounts[self.species.index(name)] = amount
        return amounts

    def _k(self, k: Any) -> "np.ndarray[Any, Any]":
        return array_in(k, "float64", "k", [len(self.rate_constants)])

    def derivative(self, k: Any, y: Any) -> "np.ndarray[Any, Any]":
        """d(concentrations)/dt [n_species] for rate constants k [n_rate_constants] at y [n_species]."""
        n = len(self.species)
        derivative = np.empty(n)
        lib.mech_mechanism_derivative(self._address, pointer(self._k(k)), pointer(array_in(y, "float64", "y", [n])),
                                      pointer(derivative))
        return derivative

    def jacobian(self, k: Any, y: Any) -> "np.ndarray[Any, Any]":
        """The analytic Jacobian [n_species][n_species] of the derivative: row = derivative, column = concentration."""
        n = len(self.species)
        jacobian = np.empty((n, n))
        lib.mech_mechanism_jacobian(self._address, pointer(self._k(k)), pointer(array_in(y, "float64", "y", [n])),
                                    pointer(jacobian.ravel()))
        return jacobian

    @property
    def conservation_laws(self) -> "np.ndarray[Any, Any]":
        """What stays constant: coefficients [n_laws][n_species] of sums of concentrations."""
        n = len(self.species)
        laws = np.zeros((n, n), dtype=np.int32)
        return laws[:lib.mech_mechanism_conservation_laws(self._address, pointer(laws.ravel()))]

    def describe(self, form: str = "text") -> str:
        """Reactions, rate constants, differential equations, conservation laws and class as "text", "json" or "latex"."""
        return make_text(lib.mech_mechanism_describe, self._address, choose("form", form, FORMATS))

    @property
    def text(self) -> str:
        """The text of a mechanism file, from which Mechanism(text) makes the same mechanism."""
        return make_text(lib.mech_mechanism_text, self._address)

    def figure(self) -> Figure:
        """Its species and reactions as a diagram."""
        return Figure(f"Mechanism {self.id}", lib.mech_draw_mechanism, self._address, owner=self)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Mechanism):
            return NotImplemented
        return bool(lib.mech_mechanism_equal(self._address, other._address))

    def __hash__(self) -> int:
        return hash((self.id, self.species))

    def __reduce__(self) -> Any:
        return Mechanism, (self.text,)

    def __str__(self) -> str:
        return self.id

    def __repr__(self) -> str:
        return f"<Mechanism {self.id}: {self.title}>"

    def _repr_html_(self) -> str:
        return self.figure()._repr_html_()


AnyMechanism = Union[Mechanism, str]
"""A mechanism, or the id of one: "M6", "B2+PI+M9"."""


def as_mechanism(mechanism: AnyMechanism) -> Mechanism:
    """A mechanism from itself or its id."""
    return mechanism if isinstance(mechanism, Mechanism) else Mechanism.named(mechanism)


def mechanisms(path: Optional[Path] = None) -> tuple[Mechanism, ...]:
    """The mechanisms of the library, M1 to M20; or those of a mechanism file, or of all files "*.txt" of a folder."""
    if path is None:
        return tuple(Mechanism._of(lib.mech_builtin(i), None) for i in range(lib.mech_builtin_count()))
    library = make("mech_library", lib.mech_library_free, lib.mech_library_new)
    call(lib.mech_library_add_path, library, encode_path(path))
    return tuple(Mechanism._of(lib.mech_library_mechanism(library, i), library)
                 for i in range(lib.mech_library_size(library)))


def set_mechanisms(struct: Struct, values: Optional[Iterable[AnyMechanism]]) -> tuple[Mechanism, ...]:
    """Sets the members `mechanisms` and `n_mechanisms` of a struct; returns which, M1 to M20 for None."""
    if values is None:
        return mechanisms()
    if isinstance(values, (str, Mechanism)):
        values = [values]
    chosen = tuple(as_mechanism(value) for value in values)
    if not chosen:
        raise InvalidArgument("there are no mechanisms; expected one or more")
    struct.address.mechanisms = struct.keep(ffi.new("mech_mechanism *[]", [m._address for m in chosen]))
    struct.address.n_mechanisms = len(chosen)
    struct.keep(chosen)
    return chosen
