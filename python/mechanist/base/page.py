"""Figures, and results as notebooks show them."""
from __future__ import annotations

import base64
import html
from collections.abc import Iterable, Sequence
from typing import Any, Callable, Optional

from ._library import ffi, lib
from .calls import call
from .memory import Path, encode_path


class Figure:
    """A figure of the library. Notebooks show it; `svg`, `png()` and `pdf()` give its bytes, `save()` writes a file."""

    def __init__(self, title: str, function: Callable[..., int], *arguments: Any, owner: Any = None):
        self.title = title
        self._function, self._arguments, self._owner = function, arguments, owner
        self._svg: Optional[bytes] = None

    def _draw(self, form: int) -> bytes:
        place, length = ffi.new("char **"), ffi.new("size_t *")
        target = ffi.new("mech_picture_target *", {
            "size": ffi.sizeof("mech_picture_target"), "format": form, "bytes": place, "length": length})
        call(self._function, *self._arguments, target)
        try:
            return bytes(ffi.buffer(place[0], length[0]))
        finally:
            lib.mech_free(place[0])

    @property
    def svg(self) -> str:
        """The figure as SVG."""
        if self._svg is None:
            self._svg = self._draw(lib.MECH_PICTURE_SVG)
        return self._svg.decode("utf-8")

    def png(self) -> bytes:
        """The figure as PNG, 216 pixels to the inch."""
        return self._draw(lib.MECH_PICTURE_PNG)

    def pdf(self) -> bytes:
        """The figure as PDF."""
        return self._draw(lib.MECH_PICTURE_PDF)

    def save(self, path: Path) -> None:
        """Writes the figure, whole or not at all, as the ending says: .svg, .pdf or .png."""
        form = ffi.new("mech_picture_format *")
        call(lib.mech_picture_format_of, encode_path(path), form)
        name = ffi.new("char[]", encode_path(path))
        target = ffi.new("mech_picture_target *", {
            "size": ffi.sizeof("mech_picture_target"), "path": name, "format": form[0]})
        call(self._function, *self._arguments, target)

    def _repr_html_(self) -> str:
        # As an image of its own: the names within several SVGs on one page would clash.
        data = base64.b64encode(self.svg.encode("utf-8")).decode("ascii")
        return (f'<img alt="{html.escape(self.title)}" style="max-width: 100%; background: white" '
                f'src="data:image/svg+xml;base64,{data}">')

    def __repr__(self) -> str:
        return f"Figure({self.title!r})"


def table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table as HTML; all texts are escaped."""
    def cells(tag: str, values: Sequence[str]) -> str:
        return "<tr>" + "".join(f"<{tag}>{html.escape(value)}</{tag}>" for value in values) + "</tr>"
    return "<table>" + cells("th", headers) + "".join(cells("td", row) for row in rows) + "</table>"


def sentences(title: str, texts: Sequence[str]) -> str:
    """Sentences under a title as HTML; nothing where there are none."""
    if not texts:
        return ""
    return f"<p>{html.escape(title)}</p><ul>" + "".join(f"<li>{html.escape(text)}</li>" for text in texts) + "</ul>"


def percent(share: float) -> str:
    """A share of 1 as people read it."""
    return "< 0.1 %" if 0 < share < 0.001 else f"{100 * share:.1f} %"


def number(value: float) -> str:
    """A number to three digits."""
    return f"{value:.3g}"
