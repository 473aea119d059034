"""Writes the C source of mechanist.base._library from the public header, for CPython's limited interface.

usage: declarations.py HEADER SOURCE

The header is the one source of what the module declares: comments, macros and inline functions are taken out of it, and
cffi makes C of the rest. The C compiler then compares each declaration with the header itself.
"""
import re
import site
import sys

try:
    import cffi
except ImportError:  # pip hides what the system has while it builds
    sys.path += site.getsitepackages()
    import cffi

# What Python gives to the library: how long work reports and is stopped (mech_progress).
CALLBACKS = """
extern "Python" void mechanist_report(void *context, const char *phase, double done, double total, const char *detail);
extern "Python" bool mechanist_should_stop(void *context);
"""


def declarations(header: str) -> str:
    """The declarations of the header's text that are not macros and not inline."""
    text = re.sub(r"/\*.*?\*/", "", header, flags=re.DOTALL)
    text = re.sub(r"^#ifdef __cplusplus$.*?^#endif$", "", text, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"^#.*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"^static inline .*?^}$", "", text, flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"\bMECH_(PUBLIC|MUST_CHECK)\b", "", text)


def main(header: str, source: str) -> None:
    builder = cffi.FFI()
    with open(header, encoding="utf-8") as file:
        builder.cdef(declarations(file.read()) + CALLBACKS)
    builder.set_source("mechanist.base._library", "#include <mechanist.h>")
    builder.emit_c_code(source)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
