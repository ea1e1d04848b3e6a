"""Python runs this before a service where this folder is on its path: `tests/chaos/run.py --plant` puts it there."""

import os
import sys
from importlib import import_module

if "serve" in sys.orig_argv and os.environ.get("CHAOS_PLANT"):
    import_module("defects").plant(os.environ["CHAOS_PLANT"])
