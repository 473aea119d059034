"""How long work reports, and how an exception or Ctrl-C stops it."""
from __future__ import annotations

from types import TracebackType
from typing import Any, Callable, Optional

from ._library import ffi, lib
from .calls import call
from .errors import Stopped

Progress = Callable[[str, float, float, str], object]
"""progress(phase, done, total, detail): `done` of `total` units of work (0: unknown) are finished; `phase` names the work.
An exception that it raises stops the work cleanly and comes out of the call."""


class _Listener:
    def __init__(self, progress: Optional[Progress]):
        self.progress = progress
        self.problem: Optional[BaseException] = None


def _keep_problem(kind: type[BaseException], problem: BaseException, trace: TracebackType) -> None:
    ffi.from_handle(trace.tb_frame.f_locals["context"]).problem = problem


@ffi.def_extern(onerror=_keep_problem)  # type: ignore[misc]
def mechanist_report(context: Any, phase: Any, done: float, total: float, detail: Any) -> None:
    listener = ffi.from_handle(context)
    if listener.progress and not listener.problem:
        listener.progress(ffi.string(phase).decode(), done, total, ffi.string(detail).decode() if detail else "")


# Python looks for Ctrl-C when it begins a function: this one, from inside the library's work.
@ffi.def_extern(onerror=_keep_problem, error=True)  # type: ignore[misc]
def mechanist_should_stop(context: Any) -> bool:
    return ffi.from_handle(context).problem is not None


def call_long(progress: Optional[Progress], function: Callable[..., int], *arguments: Any) -> None:
    """call() of a function whose parameter ... (Ellipsis) is the progress object. What the progress function raised, or
    KeyboardInterrupt, comes out once the library has stopped."""
    listener = _Listener(progress)
    handle = ffi.new_handle(listener)
    struct = ffi.new("mech_progress *", {
        "report": lib.mechanist_report, "should_stop": lib.mechanist_should_stop, "context": handle})
    try:
        call(function, *(struct if argument is Ellipsis else argument for argument in arguments))
    except Stopped:
        if listener.problem is None:
            raise
    if listener.problem is not None:
        # Without the circle of problem, its trace and the listener, what the call used is freed at once.
        problem, listener.problem = listener.problem, None
        try:
            raise problem
        finally:
            del problem
