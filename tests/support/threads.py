"""Threads of a test's own."""

import threading
from collections.abc import Callable
from contextvars import copy_context
from typing import ParamSpec

Arguments = ParamSpec("Arguments")


def thread_of(call: Callable[Arguments, object], *args: Arguments.args, **kwargs: Arguments.kwargs) -> threading.Thread:
    """Not yet started: what it does is done for whom its maker works, as where a service hands work to a thread."""
    context = copy_context()
    return threading.Thread(target=lambda: context.run(call, *args, **kwargs))
