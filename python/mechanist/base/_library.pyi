"""The compiled module: libmechanist behind cffi. `lib` holds the functions of mechanist.h, `ffi` makes and reads C data."""
from typing import Any

ffi: Any
lib: Any
