"""numba's `njit`, also where compiled code can be kept nowhere: a folder that cannot be written, a user without home.

numba keeps it beside the source, else in NUMBA_CACHE_DIR or the user's cache, and refuses to import the module where it
may write to none of them. Then the code is compiled anew at each start, which takes two seconds.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import numba

Function = TypeVar("Function", bound=Callable[..., Any])


def njit(**options: Any) -> Callable[[Function], Function]:
    """As `numba.njit`; `cache=True` where that is possible."""

    def compiled(function: Function) -> Function:
        try:
            result: Function = numba.njit(**options)(function)
        except RuntimeError:
            result = numba.njit(**{**options, "cache": False})(function)
        return result

    return compiled
